// SPDX-License-Identifier: GPL-2.0-or-later
#include "deletion_guard.hpp"

#include <algorithm>

namespace imon::mirrord {

bool deletion_guard::allows(std::uint64_t deletions, clock::time_point now,
			    const at_least &left)
{
	while (!past_.empty() && now - past_.front().first > limits_.window) {
		sum_ -= past_.front().second;
		past_.pop_front();
	}
	// Nothing to delete is never too much, whatever came before.
	if (deletions <= excused_)
		return true;
	const std::uint64_t all = sum_ + deletions - excused_;
	if (limits_.deletions && all > limits_.deletions)
		return false;
	if (!limits_.percent || all < percentage_from)
		return true;
	// Of what there was before: what went, and what is left.
	return left((all * (100 - limits_.percent) + limits_.percent - 1) /
		    limits_.percent);
}

void deletion_guard::note(std::uint64_t deletions, clock::time_point now)
{
	const std::uint64_t excused = std::min(deletions, excused_);
	excused_ -= excused;
	deletions -= excused;
	if (!deletions)
		return;
	past_.emplace_back(now, deletions);
	sum_ += deletions;
}

} // namespace imon::mirrord
