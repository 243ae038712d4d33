// SPDX-License-Identifier: GPL-2.0-or-later
#include "deletion_guard.hpp"

#include <gtest/gtest.h>

using namespace imon::mirrord;
using namespace std::chrono_literals;

namespace {

constexpr clock::time_point start{};

/// A source with so many names.
auto left(std::uint64_t names)
{
	return [names](std::uint64_t n) { return names >= n; };
}

TEST(deletion_guard, counts_within_the_window)
{
	const guard_settings limits{
		.deletions = 100, .percent = 0, .window = 60s};
	deletion_guard g(limits);
	EXPECT_TRUE(g.allows(100, start, left(0)));
	EXPECT_FALSE(g.allows(101, start, left(0)));
	g.note(60, start);
	EXPECT_TRUE(g.allows(40, start + 60s, left(0)));
	EXPECT_FALSE(g.allows(41, start + 60s, left(0)));
	EXPECT_TRUE(g.allows(41, start + 61s, left(0)));
	EXPECT_TRUE(g.allows(0, start, left(0)));
}

TEST(deletion_guard, knows_a_percentage_of_what_is_there)
{
	const guard_settings limits{
		.deletions = 0, .percent = 50, .window = 60s};
	deletion_guard g(limits);
	EXPECT_TRUE(g.allows(500, start, left(500)));
	EXPECT_FALSE(g.allows(501, start, left(500)));
	EXPECT_TRUE(g.allows(99, start, left(0))) << "a small tree";
}

TEST(deletion_guard, can_be_switched_off)
{
	const guard_settings limits{
		.deletions = 0, .percent = 0, .window = 60s};
	deletion_guard g(limits);
	EXPECT_FALSE(g.enabled());
	EXPECT_TRUE(g.allows(1'000'000, start, left(0)));
}

} // namespace
