// SPDX-License-Identifier: GPL-2.0-or-later
#include "message_limit.hpp"

#include <algorithm>

namespace imon::mirrord {

bool message_limit::allows(const message &m, clock::time_point now)
{
	kind &k = kinds_[m.kind.about];
	if (!k.kept && now - k.since >= a_while)
		k = {.since = now, .last = {}};
	if (k.said < at_once) {
		k.said++;
		return true;
	}
	k.kept++;
	k.last = m;
	return false;
}

std::vector<message> message_limit::due(clock::time_point now)
{
	std::vector<message> all;
	for (auto &[about, k] : kinds_) {
		if (!k.kept || now - k.since < a_while)
			continue;
		if (k.kept > 1)
			k.last.text += " (" + std::to_string(k.kept - 1) +
				       " like it were left out)";
		all.push_back(std::move(k.last));
		k.since = now;
		k.kept = 0;
	}
	return all;
}

std::optional<clock::time_point> message_limit::next() const
{
	std::optional<clock::time_point> first;
	for (const auto &[about, k] : kinds_)
		if (k.kept)
			first = std::min(first.value_or(k.since + a_while),
					 k.since + a_while);
	return first;
}

} // namespace imon::mirrord
