// SPDX-License-Identifier: GPL-2.0-or-later
#include "backlog.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace imon::mirrord;
using namespace std::chrono_literals;

namespace {

constexpr clock::time_point start{};

std::string name(int i)
{
	return "file" + std::to_string(i);
}

TEST(backlog, settles_only_what_the_batch_had_seen)
{
	backlog b(1);
	b.add("a", {.since = 1});
	b.take(start);
	b.add("a", {.since = 2});
	b.settle(outcome::done, start);
	EXPECT_EQ(b.since(), 2u);
	EXPECT_EQ(b.take(start).size(), 1u);
}

TEST(backlog, a_failed_batch_keeps_its_oldest_event)
{
	backlog b(1);
	b.add("a", {.since = 1});
	b.take(start);
	b.add("a", {.content = true, .since = 2});
	b.settle(outcome::failed, start);
	EXPECT_EQ(b.since(), 1u);
	EXPECT_TRUE(b.take(start).at("a").content);
}

TEST(backlog, does_not_mix_what_one_rsync_cannot_do)
{
	backlog b(1);
	b.add("listed", {.since = 1});
	b.add("rewritten", {.content = true, .since = 2});
	b.add("tree", {.tree = true, .since = 3});
	b.add("moved", {.tree = true, .content = true, .since = 4});
	for (const std::set<std::string> &expected :
	     {std::set<std::string>{"listed", "rewritten"},
	      {"tree"},
	      {"moved"}}) {
		std::set<std::string> batch;
		for (const auto &[path, t] : b.take(start))
			batch.insert(path);
		EXPECT_EQ(batch, expected);
		b.settle(outcome::done, start);
	}
	EXPECT_TRUE(b.empty());
}

TEST(backlog, bounds_a_batch_and_still_begins_with_the_oldest)
{
	backlog b(1);
	const int many = static_cast<int>(backlog::batch_max) + 10;
	for (int i = 0; i < many; i++)
		b.add(name(i), {.since = 2});
	b.add("zzz", {.since = 1});
	const tasks &batch = b.take(start);
	EXPECT_EQ(batch.size(), backlog::batch_max);
	EXPECT_TRUE(batch.contains("zzz"));
}

/// Runs batches as rsync does when it cannot deliver some paths.
/// @return how many batches until the others were settled
int run_with_culprits(backlog &b, const std::set<std::string> &culprits,
		      clock::time_point now)
{
	int batches = 0;
	while (b.due() && *b.due() <= now) {
		bool partial = false;
		for (const auto &[path, t] : b.take(now))
			partial |= culprits.contains(path);
		b.settle(partial ? outcome::partial : outcome::done, now);
		batches++;
	}
	return batches;
}

TEST(backlog, finds_the_culprit_and_settles_the_others)
{
	backlog b(1);
	for (int i = 0; i < 10'000; i++)
		b.add(name(i), {.since = 1});
	EXPECT_LE(run_with_culprits(b, {name(77)}, start), 50);
	EXPECT_EQ(b.size(), 1u);
	EXPECT_EQ(b.failing(), 1u);
}

TEST(backlog, a_failing_path_waits_longer_each_time_and_is_never_forgotten)
{
	backlog b(1);
	b.add("bad", {.since = 1});
	auto now = start;
	clock::duration before{};
	for (int i = 0; i < 20; i++) {
		run_with_culprits(b, {"bad"}, now);
		ASSERT_TRUE(b.due());
		const auto wait = *b.due() - now;
		EXPECT_GE(wait, std::min<clock::duration>(before, 45s));
		EXPECT_LE(wait, 60s);
		before = wait;
		now = *b.due();
	}
	run_with_culprits(b, {}, now);
	EXPECT_TRUE(b.empty());
}

TEST(backlog, new_work_does_not_wait_for_failing_paths)
{
	backlog b(1);
	for (int i = 0; i < 8; i++)
		b.add(name(i), {.since = 1});
	b.take(start);
	b.settle(outcome::partial, start);
	b.add("fresh", {.since = 99});
	const tasks &batch = b.take(start);
	EXPECT_EQ(batch.size(), 1u);
	EXPECT_TRUE(batch.contains("fresh"));
}

TEST(backlog, remembers_no_more_names_than_its_bound)
{
	backlog b(1);
	const int many = static_cast<int>(backlog::pending_max) + 1;
	for (int i = 0; i < many; i++)
		b.add(name(i), {.content = i == 7,
				.since = 5 + static_cast<std::uint64_t>(i)});
	ASSERT_EQ(b.size(), 1u);
	EXPECT_EQ(b.since(), 5u);
	const task &all = b.take(start).at("");
	EXPECT_TRUE(all.tree);
	EXPECT_TRUE(all.content);
}

} // namespace
