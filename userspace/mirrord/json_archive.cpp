// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_archive.hpp"

#include <ctime>

namespace imon::mirrord {

static constexpr const char *iso = "%Y-%m-%dT%H:%M:%SZ";

std::string iso_time(wall_time when)
{
	const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
	std::tm parts{};
	char text[32];
	return std::string(text, std::strftime(text, sizeof text, iso,
					       gmtime_r(&seconds, &parts)));
}

wall_time time_of_iso(const std::string &text)
{
	std::tm parts{};
	if (!strptime(text.c_str(), iso, &parts))
		return {};
	return std::chrono::system_clock::from_time_t(timegm(&parts));
}

} // namespace imon::mirrord
