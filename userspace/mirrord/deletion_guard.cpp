// SPDX-License-Identifier: GPL-2.0-or-later
#include "deletion_guard.hpp"

namespace imon::mirrord {

bool deletion_guard::allows(std::uint64_t deletions, std::uint64_t entries,
			    clock::time_point now)
{
	while (!past_.empty() && now - past_.front().first > limits_.window) {
		sum_ -= past_.front().second;
		past_.pop_front();
	}
	// Nothing to delete is never too much, whatever came before.
	if (!deletions)
		return true;
	const std::uint64_t all = sum_ + deletions;
	if (limits_.deletions && all > limits_.deletions)
		return false;
	return !limits_.percent || !entries || all < percentage_from ||
	       all <= entries * limits_.percent / 100;
}

void deletion_guard::note(std::uint64_t deletions, clock::time_point now)
{
	if (!deletions)
		return;
	past_.emplace_back(now, deletions);
	sum_ += deletions;
}

} // namespace imon::mirrord
