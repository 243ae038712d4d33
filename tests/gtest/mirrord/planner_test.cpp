// SPDX-License-Identifier: GPL-2.0-or-later
#include "planner.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace imon::mirrord;

namespace {

constexpr clock::time_point now{};

/// A planner with replicas that lack nothing and cannot rename.
struct rig : planner {
	explicit rig(std::size_t replicas = 1)
	{
		while (replicas--)
			of.push_back(&add_replica(1));
	}
	/// The least that all replicas have.
	std::uint64_t all_settled() const
	{
		std::uint64_t least = head();
		for (const backlog *b : of)
			least = std::min(least, settled(*b));
		return least;
	}
	std::vector<backlog *> of;
};

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

TEST(planner, acknowledges_what_every_replica_has)
{
	rig p(2);
	p.take_in(event(1, IMON_EVENT_CREATE, S_IFREG, "a"), now);
	p.take_in(event(2, IMON_EVENT_DELETE, S_IFDIR, "b"), now);
	EXPECT_EQ(p.all_settled(), 0u);
	p.of[0]->take(now);
	p.of[0]->settle(outcome::done, now);
	EXPECT_EQ(p.all_settled(), 0u);
	p.of[1]->take(now);
	p.of[1]->settle(outcome::done, now);
	EXPECT_EQ(p.all_settled(), 1u);
}

TEST(planner, compares_a_renamed_directory_under_both_names)
{
	rig p;
	p.take_in(event(1, IMON_EVENT_RENAME, S_IFDIR, "a", "b"), now);
	const tasks &batch = p.of[0]->take(now);
	for (const char *path : {"a", "b"}) {
		EXPECT_TRUE(batch.at(path).tree);
		EXPECT_TRUE(batch.at(path).content);
	}
}

TEST(planner, leaves_a_renamed_directory_to_who_can_rename_it)
{
	rig p;
	p.of[0]->execute_renames(true);
	p.take_in(event(1, IMON_EVENT_RENAME, S_IFDIR, "a", "b"), now);
	ASSERT_EQ(p.of[0]->take_renames().size(), 1u);
	p.of[0]->settle_renames(1);
	const tasks &batch = p.of[0]->take(now);
	EXPECT_FALSE(batch.contains("a"));
	EXPECT_FALSE(batch.at("b").tree);
	EXPECT_TRUE(batch.contains(""));
}

TEST(planner, scans_what_is_dirty)
{
	rig p;
	p.take_in(
		event(1, IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE, S_IFDIR, ""),
		now);
	EXPECT_TRUE(p.of[0]->take(now).at("").tree);
}

TEST(planner, passes_over_what_concerns_the_root_alone)
{
	rig p;
	p.take_in(event(5, IMON_EVENT_ROOT_MOVED, S_IFDIR, ""), now);
	EXPECT_TRUE(p.of[0]->empty());
	EXPECT_EQ(p.all_settled(), 5u);
}

TEST(planner, asks_for_the_other_names_of_a_changed_inode)
{
	rig p;
	p.take_in(event(1, IMON_EVENT_MODIFY | IMON_EVENT_MULTILINK, S_IFREG,
			"a"),
		  now);
	p.of[0]->take(now);
	p.of[0]->settle(outcome::done, now);
	EXPECT_EQ(p.all_settled(), 0u);
	p.pend_names({{7, "a"}, {7, "other"}});
	EXPECT_TRUE(p.of[0]->take(now).at("other").content);
	p.of[0]->settle(outcome::done, now);
	EXPECT_EQ(p.all_settled(), 1u);
}

} // namespace
