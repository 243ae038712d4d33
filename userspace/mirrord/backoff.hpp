// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_BACKOFF_HPP
#define IMON_MIRRORD_BACKOFF_HPP

#include <algorithm>
#include <chrono>
#include <random>

namespace imon::mirrord {

/// How long to wait before another attempt: one second, doubling to a
/// minute, and up to a quarter less of it, so that many do not come at once.
class backoff {
public:
	explicit backoff(std::uint_fast32_t seed)
		: random_(seed)
	{
	}

	/// @param attempt  how often it has failed, from 1
	std::chrono::milliseconds operator()(unsigned attempt)
	{
		const unsigned doublings = std::min(attempt, 7u) - 1;
		const int full = std::min(1000 << doublings, 60'000);
		return std::chrono::milliseconds(
			std::uniform_int_distribution<>(full * 3 / 4,
							full)(random_));
	}

private:
	std::minstd_rand random_;
};

} // namespace imon::mirrord

#endif
