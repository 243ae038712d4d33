// SPDX-License-Identifier: GPL-2.0-or-later
#include "service_manager.hpp"

#include <systemd/sd-daemon.h>

#include "quote.hpp"

namespace imon::mirrord {

// When nobody listens: nothing tells when somebody does again.
static constexpr auto again_after = std::chrono::milliseconds(100);

service_manager::service_manager()
{
	std::uint64_t limit = 0;
	// Twice within the limit, as sd_watchdog_enabled(3) recommends.
	if (sd_watchdog_enabled(0, &limit) > 0)
		every_ = std::chrono::microseconds(limit / 2);
}

void service_manager::ready()
{
	socket_.say("READY=1");
}

void service_manager::reloading()
{
	// With the time, which Type=notify-reload of newer versions wants.
	const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
		clock::now().time_since_epoch());
	socket_.say("RELOADING=1\nMONOTONIC_USEC=" +
		    std::to_string(now.count()));
}

void service_manager::stopping(const std::string &why)
{
	// A newline in a file name would begin another assignment.
	socket_.say("STOPPING=1\nSTATUS=" + quote(why));
}

void service_manager::status(const std::string &text)
{
	if (text == status_)
		return;
	status_ = text;
	socket_.say("STATUS=" + quote(text));
}

std::optional<clock::time_point> service_manager::alive(clock::time_point now)
{
	if (every_ && now >= due_) {
		socket_.say("WATCHDOG=1");
		due_ = now + *every_;
	}
	if (!socket_.say_the_rest())
		return now + again_after;
	return every_ ? std::optional(due_) : std::nullopt;
}

} // namespace imon::mirrord
