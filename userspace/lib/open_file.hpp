// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_OPEN_FILE_HPP
#define IMON_LIB_OPEN_FILE_HPP

#include <unistd.h>

#include <utility>

namespace imon {

/// A file descriptor that closes itself; or none.
class open_file {
public:
	explicit open_file(int fd = -1) noexcept
		: fd_(fd)
	{
	}
	open_file(open_file &&other) noexcept
		: fd_(std::exchange(other.fd_, -1))
	{
	}
	open_file &operator=(open_file &&other) noexcept
	{
		std::swap(fd_, other.fd_);
		return *this;
	}
	~open_file()
	{
		if (fd_ >= 0)
			::close(fd_);
	}

	int get() const noexcept { return fd_; }
	explicit operator bool() const noexcept { return fd_ >= 0; }

private:
	int fd_;
};

} // namespace imon

#endif
