// SPDX-License-Identifier: GPL-2.0-or-later
#include "service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cinttypes>

#include "quote.hpp"

namespace imon::mirrord {

service_manager::service_manager()
{
	std::uint64_t limit = 0;
	// Twice within the limit, as sd_watchdog_enabled(3) recommends.
	if (sd_watchdog_enabled(0, &limit) > 0)
		every_ = std::chrono::microseconds(limit / 2);
}

void service_manager::ready()
{
	sd_notify(0, "READY=1");
}

void service_manager::reloading()
{
	// With the time, which Type=notify-reload of newer versions wants.
	const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
		clock::now().time_since_epoch());
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		   static_cast<std::int64_t>(now.count()));
}

void service_manager::stopping(const std::string &why)
{
	// A newline in a file name would begin another assignment.
	sd_notifyf(0, "STOPPING=1\nSTATUS=%s", quote(why).c_str());
}

void service_manager::status(const std::string &text)
{
	if (text == status_)
		return;
	status_ = text;
	sd_notifyf(0, "STATUS=%s", quote(text).c_str());
}

std::optional<clock::time_point> service_manager::alive(clock::time_point now)
{
	if (!every_)
		return {};
	if (now >= due_) {
		sd_notify(0, "WATCHDOG=1");
		due_ = now + *every_;
	}
	return due_;
}

} // namespace imon::mirrord
