// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_UNIQUE_FD_HPP
#define IMON_TOOLS_UNIQUE_FD_HPP

#include <utility>

#include <unistd.h>

namespace imon::tools {

/// A file descriptor that closes itself.
class unique_fd {
public:
	explicit unique_fd(int fd) noexcept
		: fd_(fd)
	{
	}
	unique_fd(unique_fd &&other) noexcept
		: fd_(std::exchange(other.fd_, -1))
	{
	}
	unique_fd &operator=(unique_fd &&) = delete;
	~unique_fd()
	{
		if (fd_ >= 0)
			::close(fd_);
	}

	int get() const noexcept { return fd_; }

private:
	int fd_;
};

} // namespace imon::tools

#endif
