// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SERVICE_MANAGER_HPP
#define IMON_MIRRORD_SERVICE_MANAGER_HPP

#include <chrono>
#include <optional>
#include <string>

#include "notify_socket.hpp"
#include "poller.hpp"

namespace imon::mirrord {

/// Whoever started the daemon and wants to know how it is: systemd, or nobody.
/// See sd_notify(3). None of this waits.
class service_manager {
public:
	/// Reads from the environment whether signs of life are asked for.
	service_manager();

	/// It works, or works again after reloading().
	void ready();
	/// It reads its configuration again; ready() is to follow.
	void reloading();
	/// It ends, and for what.
	void stopping(const std::string &why);
	/// One line for people; said only when it is another than before.
	void status(const std::string &text);

	/// Gives a sign of life when it is time for one. Called in every turn
	/// of the event loop, and from nowhere else: a loop that hangs is to be
	/// noticed.
	/// @return when it is to be called again; nothing: nobody asked, and all
	/// is said
	std::optional<clock::time_point> alive(clock::time_point now);

private:
	notify_socket socket_;
	std::optional<std::chrono::microseconds> every_;
	clock::time_point due_{};
	std::string status_;
};

} // namespace imon::mirrord

#endif
