// SPDX-License-Identifier: GPL-2.0-or-later
#include "wording.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace imon::mirror {

std::string count_text(std::uint64_t n)
{
	std::string text = std::to_string(n);
	for (std::size_t left = text.size(); left > 3;)
		text.insert(left -= 3, 1, ',');
	return text;
}

std::string count_of(std::uint64_t n, const std::string &thing)
{
	return count_text(n) + ' ' + thing + (n == 1 ? "" : "s");
}

std::string time_text(double seconds)
{
	constexpr struct {
		double length, until;
		const char *format;
	} units[] = {
		{1, 9.95, "%.1f s"},	      {1, 99.5, "%.0f s"},
		{60, 5970, "%.0f min"},	      {3600, 172'800, "%.0f h"},
		{86'400, 1e300, "%.0f days"},
	};
	const auto unit =
		std::find_if(std::begin(units), std::end(units) - 1,
			     [&](const auto &u) { return seconds < u.until; });
	char text[64];
	return std::string(text, static_cast<std::size_t>(std::snprintf(
					 text, sizeof text, unit->format,
					 seconds / unit->length)));
}

std::string age_text(std::optional<mirrord::wall_time> when,
		     mirrord::wall_time now)
{
	if (!when)
		return "never";
	const std::chrono::duration<double> age = now - *when;
	// The clock may have been set back.
	return time_text(std::max(0.0, age.count())) + " ago";
}

} // namespace imon::mirror
