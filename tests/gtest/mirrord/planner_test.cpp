// SPDX-License-Identifier: GPL-2.0-or-later
#include "planner.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace imon::mirrord;

namespace {

constexpr clock::time_point now{};

/// A planner whose initial sync is done.
planner ready(std::size_t replicas = 1)
{
	planner p(replicas);
	for (std::size_t i = 0; i < replicas; i++) {
		p.of(i).take(now);
		p.of(i).settle(outcome::done, now);
	}
	return p;
}

imon::event event(std::uint64_t seq, std::uint32_t mask, std::uint32_t type,
		  std::optional<std::string> path,
		  std::optional<std::string> new_path = {})
{
	return {.seq = seq,
		.watch = 1,
		.mask = mask,
		.type = type,
		.ino = 7,
		.path = std::move(path),
		.new_path = std::move(new_path)};
}

TEST(planner, begins_with_the_whole_tree)
{
	planner p(2);
	for (const std::size_t i : {0, 1}) {
		const tasks &batch = p.of(i).take(now);
		ASSERT_EQ(batch.size(), 1u);
		EXPECT_TRUE(batch.at("").tree);
	}
	EXPECT_EQ(p.settled(), 0u);
}

TEST(planner, acknowledges_what_every_replica_has)
{
	planner p = ready(2);
	p.take_in(event(1, IMON_EVENT_CREATE, S_IFREG, "a"), now);
	p.take_in(event(2, IMON_EVENT_DELETE, S_IFDIR, "b"), now);
	EXPECT_EQ(p.settled(), 0u);
	p.of(0).take(now);
	p.of(0).settle(outcome::done, now);
	EXPECT_EQ(p.settled(), 0u);
	p.of(1).take(now);
	p.of(1).settle(outcome::done, now);
	EXPECT_EQ(p.settled(), 1u);
}

TEST(planner, compares_a_renamed_directory_under_both_names)
{
	planner p = ready();
	p.take_in(event(1, IMON_EVENT_RENAME, S_IFDIR, "a", "b"), now);
	const tasks &batch = p.of(0).take(now);
	for (const char *path : {"a", "b"}) {
		EXPECT_TRUE(batch.at(path).tree);
		EXPECT_TRUE(batch.at(path).content);
	}
}

TEST(planner, scans_what_is_dirty)
{
	planner p = ready();
	p.take_in(
		event(1, IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE, S_IFDIR, ""),
		now);
	EXPECT_TRUE(p.of(0).take(now).at("").tree);
}

TEST(planner, passes_over_what_concerns_the_root_alone)
{
	planner p = ready();
	p.take_in(event(5, IMON_EVENT_ROOT_MOVED, S_IFDIR, ""), now);
	EXPECT_TRUE(p.of(0).empty());
	EXPECT_EQ(p.settled(), 5u);
}

TEST(planner, asks_for_the_other_names_of_a_changed_inode)
{
	planner p = ready();
	p.take_in(event(1, IMON_EVENT_MODIFY | IMON_EVENT_MULTILINK, S_IFREG,
			"a"),
		  now);
	p.of(0).take(now);
	p.of(0).settle(outcome::done, now);
	EXPECT_EQ(p.settled(), 0u);
	p.pend_names({{7, "a"}, {7, "other"}});
	EXPECT_TRUE(p.of(0).take(now).at("other").content);
	p.of(0).settle(outcome::done, now);
	EXPECT_EQ(p.settled(), 1u);
}

} // namespace
