// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_NOTIFY_SOCKET_HPP
#define IMON_MIRRORD_NOTIFY_SOCKET_HPP

#include <deque>
#include <string>

#include "descriptor.hpp"

namespace imon::mirrord {

/// Where a service manager listens, or nobody. As sd_notify(3), which waits for
/// a manager that is slow to listen: who mirrors has no time for that.
class notify_socket {
public:
	/// Takes its address from the environment.
	notify_socket();

	/// @param message  NAME=VALUE, further ones on lines of their own. When
	/// it cannot be said at once, it takes the place of one with that NAME
	/// that waits last.
	void say(std::string message);
	/// Says what could not be said before.
	/// @return whether that is all
	bool say_the_rest();

private:
	std::string address_; ///< as bytes of a sockaddr_un
	descriptor socket_;
	std::deque<std::string> unsaid_;
};

} // namespace imon::mirrord

#endif
