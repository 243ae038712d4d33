// SPDX-License-Identifier: GPL-2.0-or-later
#include "line_channel.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace imon::mirrord {

short line_channel::events() const noexcept
{
	if (sending())
		return POLLOUT;
	return ended_ || overlong_ || input_.size() >= longest_line ? 0
								    : POLLIN;
}

void line_channel::work()
{
	switch (events()) {
	case POLLOUT:
		return transmit();
	case POLLIN:
		return receive();
	default:
		// Nothing else was asked for.
		broken_ = true;
	}
}

void line_channel::receive()
{
	char some[4096];
	const ssize_t n = recv(fd(), some, sizeof some, MSG_DONTWAIT);
	if (n > 0)
		input_.append(some, static_cast<std::size_t>(n));
	else if (n == 0)
		ended_ = true;
	else if (errno != EAGAIN && errno != EINTR)
		broken_ = true;
	overlong_ = input_.size() >= longest_line &&
		    input_.find('\n') == input_.npos;
}

void line_channel::transmit()
{
	const ssize_t n = ::send(fd(), output_.data(), output_.size(),
				 MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n >= 0)
		output_.erase(0, static_cast<std::size_t>(n));
	else if (errno != EAGAIN && errno != EINTR)
		broken_ = true;
}

std::optional<std::string> line_channel::line()
{
	const auto end = input_.find('\n');
	if (end == input_.npos)
		return {};
	std::string text = input_.substr(0, end);
	input_.erase(0, end + 1);
	return text;
}

void line_channel::send(std::string_view text)
{
	output_ += text;
	output_ += '\n';
	transmit();
}

} // namespace imon::mirrord
