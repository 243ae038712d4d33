// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_DELETION_GUARD_HPP
#define IMON_MIRRORD_DELETION_GUARD_HPP

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "poller.hpp"
#include "settings.hpp"

namespace imon::mirrord {

/// Counts a replica's deletions within a window and says when they are more
/// than an accident-free day brings.
class deletion_guard {
public:
	/// @param limits  must outlive this
	explicit deletion_guard(const guard_settings &limits)
		: limits_(limits)
	{
	}

	bool enabled() const { return limits_.deletions || limits_.percent; }

	/// Whether the source still has at least so many names.
	using at_least = std::function<bool(std::uint64_t)>;

	/// Whether that many more may happen now.
	bool allows(std::uint64_t deletions, clock::time_point now,
		    const at_least &left);
	/// So many more may happen and do not count.
	void excuse(std::uint64_t deletions) { excused_ += deletions; }
	/// They happened.
	void note(std::uint64_t deletions, clock::time_point now);

private:
	/// Fewer are never held for their percentage: in a small tree that would
	/// be any.
	static constexpr std::uint64_t percentage_from = 100;

	const guard_settings &limits_;
	std::deque<std::pair<clock::time_point, std::uint64_t>> past_;
	std::uint64_t sum_ = 0; ///< of the past
	std::uint64_t excused_ = 0;
};

} // namespace imon::mirrord

#endif
