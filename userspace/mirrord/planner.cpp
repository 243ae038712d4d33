// SPDX-License-Identifier: GPL-2.0-or-later
#include "planner.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace imon::mirrord {

/// Another object, or none, may be at the path.
static constexpr std::uint32_t moved = IMON_EVENT_DELETE | IMON_EVENT_RENAME;
/// The inode changed, and so did what is at its other names.
static constexpr std::uint32_t changed =
	IMON_EVENT_MODIFY | IMON_EVENT_CLOSE_WRITE | IMON_EVENT_ATTRIB;
/// Other contents may be at the path.
static constexpr std::uint32_t renewed = IMON_EVENT_CREATE | IMON_EVENT_RENAME |
					 IMON_EVENT_MODIFY |
					 IMON_EVENT_CLOSE_WRITE;

backlog &planner::add_replica(std::uint_fast32_t seed, std::uint64_t holds)
{
	head_ = std::max(head_, holds);
	return replicas_.emplace_back(lagging{backlog(seed), holds}).work;
}

void planner::pend(const std::string &path, const task &t)
{
	for (lagging &r : replicas_)
		if (t.since > r.holds)
			r.work.add(path, t);
}

/// Whether it only says that one object has another name in the tree now.
static bool is_rename(const event &e)
{
	return (e.mask & IMON_EVENT_RENAME) && !(e.mask & IMON_EVENT_DIRTY) &&
	       e.path && e.new_path && !e.path->empty() && !e.new_path->empty();
}

void planner::take_in(const event &e, clock::time_point now)
{
	head_ = std::max(head_, e.seq);
	if (!(e.mask & (moved | changed | renewed | IMON_EVENT_DIRTY)))
		return;
	// A directory that went or moved may have been replaced since by another
	// of that name, which would hide what the replica still has below it.
	const bool directory = e.type == S_IFDIR || e.type == 0;
	const task t{.tree = (e.mask & IMON_EVENT_DIRTY) ||
			     (directory && (e.mask & moved)),
		     .content = (e.mask & renewed) != 0,
		     .since = e.seq,
		     .born = now};
	if ((e.mask & IMON_EVENT_MULTILINK) && (e.mask & changed))
		linked_.try_emplace(e.ino, t);
	if (is_rename(e)) {
		for (lagging &r : replicas_)
			if (e.seq > r.holds)
				r.work.add(rename{*e.path, *e.new_path,
						  directory, e.ino, e.seq,
						  now});
		return;
	}
	if (e.path)
		pend(*e.path, t);
	if (e.new_path)
		pend(*e.new_path, t);
}

void planner::pend_names(const std::multimap<std::uint64_t, std::string> &names)
{
	for (const auto &[ino, path] : names) {
		task t = linked_.at(ino);
		t.tree = false;
		t.content = true;
		t.inode = ino;
		pend(path, t);
	}
	linked_.clear();
}

std::uint64_t planner::settled(const backlog &replica) const
{
	std::uint64_t all = head_;
	const auto bound = [&all](std::uint64_t since) {
		all = std::min(all, since ? since - 1 : 0);
	};
	if (const auto since = replica.since())
		bound(*since);
	for (const auto &[ino, t] : linked_)
		bound(t.since);
	return all;
}

} // namespace imon::mirrord
