// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding.hpp"

#include <algorithm>

#include "../wording.hpp"
#include "json_archive.hpp"

namespace imon::mirror {

static const char *word(verdict how)
{
	switch (how) {
	case verdict::ok:
		return "ok";
	case verdict::warn:
		return "warn";
	case verdict::fail:
		return "fail";
	}
	return "";
}

static std::uint64_t count(const findings &all, verdict how)
{
	return static_cast<std::uint64_t>(
		std::count_if(all.begin(), all.end(), [how](const finding &f) {
			return f.how == how;
		}));
}

bool any_failed(const findings &all)
{
	return count(all, verdict::fail) != 0;
}

std::string findings_text(const findings &all)
{
	std::string text;
	for (const finding &f : all) {
		std::string line = word(f.how);
		line.resize(6, ' ');
		text += line + f.about + ": " + f.what;
		if (!f.mend.empty())
			text += "; to mend it: " + f.mend;
		text += '\n';
	}
	return text + count_of(count(all, verdict::fail), "failure") + ", " +
	       count_of(count(all, verdict::warn), "warning") + '\n';
}

nlohmann::ordered_json as_json(const findings &all)
{
	auto list = nlohmann::ordered_json::array();
	for (const finding &f : all) {
		auto &one = list.emplace_back();
		one["verdict"] = word(f.how);
		tools::put_name(one, "about", f.about);
		tools::put_name(one, "what", f.what);
		tools::put_name(one, "mend", f.mend);
	}
	return {{"findings", list},
		{"failures", count(all, verdict::fail)},
		{"warnings", count(all, verdict::warn)}};
}

} // namespace imon::mirror
