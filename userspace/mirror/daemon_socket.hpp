// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_DAEMON_SOCKET_HPP
#define IMON_MIRROR_DAEMON_SOCKET_HPP

#include <string>
#include <vector>

namespace imon::mirror {

/// Where daemons have their sockets, called INSTANCE.sock: of the system, and
/// of the user.
std::vector<std::string> runtime_directories();

/// The socket of a daemon that runs.
/// @param instance  its name; empty: there is to be only one
/// @throws error with the next command
std::string find_daemon_socket(
	const std::string &instance,
	const std::vector<std::string> &in = runtime_directories());

} // namespace imon::mirror

#endif
