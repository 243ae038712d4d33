// SPDX-License-Identifier: LGPL-2.1-or-later
#include "netlink_transport.hpp"

#include <cerrno>
#include <string>

#include <sys/socket.h>

#include <linux/netlink.h>

#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>

#include <imon/error.hpp>
#include <linux/imon.h>

namespace imon {

namespace {

/// The kernel fills a dump's datagrams to the size of the reader's buffer, up
/// to 32 KiB; the slack is for acknowledgements that quote their request.
constexpr std::size_t datagram_max = 40 << 10;

/// Room for several full datagrams: a dump goes on while half of it is free.
constexpr int receive_buffer = 256 << 10;

void check(int result, const char *what)
{
	if (result < 0)
		throw error(result == -NLE_PERM ? EPERM : EIO,
			    std::string("cannot ") + what + ": " +
				    nl_geterror(result));
}

std::uint16_t resolve(nl_sock *socket)
{
	const int id = genl_ctrl_resolve(socket, IMON_GENL_NAME);
	if (id == -NLE_OBJ_NOTFOUND)
		throw error(ENODEV,
			    "the imon module is not loaded; load it with: "
			    "modprobe imon (or insmod kmod/imon.ko)");
	check(id, "look up the imon module");
	return static_cast<std::uint16_t>(id);
}

} // namespace

void netlink_transport::closer::operator()(nl_sock *socket) const noexcept
{
	nl_socket_free(socket);
}

netlink_transport::netlink_transport()
	: socket_(nl_socket_alloc())
	, buffer_(datagram_max)
{
	if (!socket_)
		throw error(ENOMEM, "no memory for a netlink socket");
	auto *const s = socket_.get();
	check(genl_connect(s), "open a generic netlink socket");
	check(nl_socket_set_buffer_size(s, receive_buffer, 0),
	      "size the netlink socket");
	family_ = resolve(s);

	// The controller's group tells when the module goes away, which nobody
	// else would: a reader sleeps until it is woken.
	const int group = genl_ctrl_resolve_grp(s, "nlctrl", "notify");
	check(group, "look up generic netlink's notifications");
	check(nl_socket_add_membership(s, group),
	      "listen to generic netlink's notifications");

	// Without the option refusals only lose their sentences.
	const int on = 1;
	::setsockopt(fd(), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
}

int netlink_transport::fd() const noexcept
{
	return nl_socket_get_fd(socket_.get());
}

void netlink_transport::send(byte_view datagram)
{
	ssize_t sent;
	do
		sent = ::send(fd(), datagram.data(), datagram.size(), 0);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		throw error(errno, "cannot send to the imon module");
}

transport::received netlink_transport::receive()
{
	for (;;) {
		sockaddr_nl from{};
		socklen_t length = sizeof from;
		const auto got = ::recvfrom(
			fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT,
			reinterpret_cast<sockaddr *>(&from), &length);
		if (got >= 0) {
			if (from.nl_pid != 0) // not from the kernel
				continue;
			return {0, byte_view(buffer_).first(
					   static_cast<std::size_t>(got))};
		}
		if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)
			return {errno == EAGAIN ? EAGAIN : ENOBUFS, {}};
		if (errno != EINTR)
			throw error(errno,
				    "cannot receive from the imon module");
	}
}

} // namespace imon
