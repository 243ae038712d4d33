// SPDX-License-Identifier: GPL-2.0-or-later
#include "planner.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace imon::mirrord {

planner::planner(std::size_t replicas, std::uint_fast32_t seed)
{
	for (std::size_t i = 0; i < replicas; i++)
		backlogs_.emplace_back(seed +
				       static_cast<std::uint_fast32_t>(i));
	pend("", {.tree = true});
}

void planner::pend(const std::string &path, const task &t)
{
	for (backlog &b : backlogs_)
		b.add(path, t);
}

void planner::take_in(const event &e, clock::time_point now)
{
	constexpr std::uint32_t data = IMON_EVENT_CREATE | IMON_EVENT_RENAME |
				       IMON_EVENT_MODIFY |
				       IMON_EVENT_CLOSE_WRITE;
	constexpr std::uint32_t contents =
		IMON_EVENT_MODIFY | IMON_EVENT_CLOSE_WRITE | IMON_EVENT_ATTRIB;
	constexpr std::uint32_t places = IMON_EVENT_DELETE | IMON_EVENT_RENAME;
	constexpr std::uint32_t own =
		data | IMON_EVENT_DELETE | IMON_EVENT_ATTRIB;

	head_ = std::max(head_, e.seq);
	if (!(e.mask & (own | IMON_EVENT_DIRTY)))
		return;
	// A directory that went or moved may have been replaced since by another
	// of that name, which would hide what the replica still has below it.
	const bool directory = e.type == S_IFDIR || e.type == 0;
	const task t{.tree = (e.mask & IMON_EVENT_DIRTY) ||
			     (directory && (e.mask & places)),
		     .content = (e.mask & data) != 0,
		     .since = e.seq,
		     .born = now};
	if (e.path)
		pend(*e.path, t);
	if (e.new_path)
		pend(*e.new_path, t);
	if ((e.mask & IMON_EVENT_MULTILINK) && (e.mask & contents))
		linked_.try_emplace(e.ino, t);
}

void planner::pend_names(const std::multimap<std::uint64_t, std::string> &names)
{
	for (const auto &[ino, path] : names) {
		task t = linked_.at(ino);
		t.tree = false;
		t.content = true;
		pend(path, t);
	}
	linked_.clear();
}

std::uint64_t planner::settled() const
{
	std::uint64_t all = head_;
	const auto bound = [&](std::uint64_t since) {
		all = std::min(all, since ? since - 1 : 0);
	};
	for (const backlog &b : backlogs_)
		if (const auto since = b.since())
			bound(*since);
	for (const auto &[ino, t] : linked_)
		bound(t.since);
	return all;
}

} // namespace imon::mirrord
