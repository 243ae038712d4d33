// SPDX-License-Identifier: GPL-2.0-or-later
#include "notify_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace imon::mirrord {

notify_socket::notify_socket()
{
	const char *given = std::getenv("NOTIFY_SOCKET");
	const std::string_view path = given ? given : "";
	sockaddr_un name{};
	if (path.size() < 2 || path.size() >= sizeof name.sun_path ||
	    (path.front() != '/' && path.front() != '@'))
		return;
	name.sun_family = AF_UNIX;
	std::memcpy(name.sun_path, path.data(), path.size());
	if (path.front() == '@')
		name.sun_path[0] = '\0';
	address_.assign(reinterpret_cast<const char *>(&name),
			offsetof(sockaddr_un, sun_path) + path.size());
	socket_ = descriptor(
		socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

static std::string_view name_in(std::string_view message)
{
	return message.substr(0, message.find('='));
}

void notify_socket::say(std::string message)
{
	if (!socket_)
		return;
	if (!unsaid_.empty() && name_in(unsaid_.back()) == name_in(message))
		unsaid_.back() = std::move(message);
	else
		unsaid_.push_back(std::move(message));
	say_the_rest();
}

bool notify_socket::say_the_rest()
{
	for (; !unsaid_.empty(); unsaid_.pop_front()) {
		const std::string &next = unsaid_.front();
		const ssize_t n = sendto(
			socket_.get(), next.data(), next.size(), MSG_NOSIGNAL,
			reinterpret_cast<const sockaddr *>(address_.data()),
			static_cast<socklen_t>(address_.size()));
		if (n < 0 && (errno == EAGAIN || errno == ENOBUFS))
			return false;
	}
	return true;
}

} // namespace imon::mirrord
