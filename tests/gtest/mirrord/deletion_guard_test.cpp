// SPDX-License-Identifier: GPL-2.0-or-later
#include "deletion_guard.hpp"

#include <gtest/gtest.h>

using namespace imon::mirrord;
using namespace std::chrono_literals;

namespace {

constexpr clock::time_point start{};

TEST(deletion_guard, counts_within_the_window)
{
	deletion_guard g({.deletions = 100, .percent = 0, .window = 60s});
	EXPECT_TRUE(g.allows(100, 0, start));
	EXPECT_FALSE(g.allows(101, 0, start));
	g.note(60, start);
	EXPECT_TRUE(g.allows(40, 0, start + 60s));
	EXPECT_FALSE(g.allows(41, 0, start + 60s));
	EXPECT_TRUE(g.allows(41, 0, start + 61s));
	EXPECT_TRUE(g.allows(0, 0, start));
}

TEST(deletion_guard, knows_a_percentage_of_what_is_there)
{
	deletion_guard g({.deletions = 0, .percent = 50, .window = 60s});
	EXPECT_TRUE(g.allows(500, 1000, start));
	EXPECT_FALSE(g.allows(501, 1000, start));
	EXPECT_TRUE(g.allows(49, 49, start)) << "a small tree";
	EXPECT_TRUE(g.allows(501, 0, start)) << "nobody knows how many";
}

TEST(deletion_guard, can_be_switched_off)
{
	deletion_guard g({.deletions = 0, .percent = 0, .window = 60s});
	EXPECT_FALSE(g.enabled());
	EXPECT_TRUE(g.allows(1'000'000, 1'000'000, start));
}

} // namespace
