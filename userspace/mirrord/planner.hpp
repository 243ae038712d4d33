// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_PLANNER_HPP
#define IMON_MIRRORD_PLANNER_HPP

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include <imon/event.hpp>

#include "backlog.hpp"

namespace imon::mirrord {

/// Turns events into what each replica must look at. Pure.
///
/// An event never says what to do, only where the truth may have changed: a
/// batch compares those paths as they are when it runs. So repetition of events
/// does not matter, and their order only for renames, see backlog.
/// Documentation/replication.md has the argument in full.
class planner {
public:
	/// Adds a replica, which lacks nothing.
	/// @param holds  events that it has: all up to this one
	/// @return its backlog, which stays where it is
	backlog &add_replica(std::uint_fast32_t seed, std::uint64_t holds = 0);

	/// Must be called in the order of the events' numbers.
	void take_in(const event &e, clock::time_point now);

	/// Inodes with several names that changed through one of them, and the
	/// event that said so. They hold back settled() until pend_names().
	const std::map<std::uint64_t, task> &linked() const { return linked_; }
	/// Hands in where the names of all linked() inodes are.
	void pend_names(const std::multimap<std::uint64_t, std::string> &names);

	/// The newest event taken in.
	std::uint64_t head() const { return head_; }
	/// Every event up to and including this one is on the replica.
	std::uint64_t settled(const backlog &replica) const;

private:
	struct lagging {
		backlog work;
		std::uint64_t holds;
	};

	void pend(const std::string &path, const task &t);

	std::deque<lagging> replicas_;
	std::map<std::uint64_t, task> linked_;
	std::uint64_t head_ = 0;
};

} // namespace imon::mirrord

#endif
