// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_PLANNER_HPP
#define IMON_MIRRORD_PLANNER_HPP

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <imon/event.hpp>

#include "backlog.hpp"

namespace imon::mirrord {

/// Turns events into what each replica must look at. Pure.
///
/// An event never says what to do, only where the truth may have changed:
/// a batch compares those paths as they are when it runs. So order and
/// repetition of events do not matter, and a renamed directory is compared
/// whole, by content, under both names: whatever was pending below the old
/// name is then pending below the new one. Documentation/replication.md has
/// the argument in full.
class planner {
public:
	/// Starts with everything pending on every replica: the initial sync.
	explicit planner(std::size_t replicas, std::uint_fast32_t seed = 1);

	void take_in(const event &e, clock::time_point now);

	/// Inodes with several names that changed through one of them, and the
	/// event that said so. They hold back settled() until pend_names().
	const std::map<std::uint64_t, task> &linked() const { return linked_; }
	/// Hands in where the names of all linked() inodes are.
	void pend_names(const std::multimap<std::uint64_t, std::string> &names);

	backlog &of(std::size_t replica) { return backlogs_[replica]; }
	/// Every event up to and including this one is on every replica.
	std::uint64_t settled() const;

private:
	void pend(const std::string &path, const task &t);

	std::vector<backlog> backlogs_;
	std::map<std::uint64_t, task> linked_;
	std::uint64_t head_ = 0;
};

} // namespace imon::mirrord

#endif
