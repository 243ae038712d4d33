// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_DESCRIPTOR_HPP
#define IMON_MIRRORD_DESCRIPTOR_HPP

#include <unistd.h>

#include <utility>

namespace imon::mirrord {

/// A file descriptor that closes itself.
class descriptor {
public:
	descriptor() = default;
	explicit descriptor(int fd) noexcept
		: fd_(fd)
	{
	}
	descriptor(descriptor &&other) noexcept
		: fd_(std::exchange(other.fd_, -1))
	{
	}
	descriptor &operator=(descriptor &&other) noexcept
	{
		std::swap(fd_, other.fd_);
		return *this;
	}
	~descriptor() { close(); }

	int get() const noexcept { return fd_; }
	explicit operator bool() const noexcept { return fd_ >= 0; }
	int release() noexcept { return std::exchange(fd_, -1); }
	void close() noexcept
	{
		if (fd_ >= 0)
			::close(std::exchange(fd_, -1));
	}

private:
	int fd_ = -1;
};

} // namespace imon::mirrord

#endif
