// SPDX-License-Identifier: GPL-2.0-or-later
#include "message_limit.hpp"

#include <gmock/gmock.h>

using namespace imon::mirrord;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

namespace {

struct message_limit_test : testing::Test {
	message_limit limit;
	const clock::time_point start = clock::now();

	bool allows(const message_kind &kind, const std::string &text,
		    clock::duration after)
	{
		return limit.allows({spdlog::level::warn, kind, text},
				    start + after);
	}

	/// What is said of a replica that goes and comes every second.
	unsigned flap(clock::duration begin, int times)
	{
		unsigned said = 0;
		for (int i = 0; i < times; i++) {
			const auto at = begin + i * 1s;
			const std::string n = std::to_string(i);
			said += allows(about::down, "down " + n, at);
			said += allows(about::up, "up " + n, at);
		}
		return said;
	}

	std::vector<message> due(clock::duration after)
	{
		return limit.due(start + after);
	}
};

auto says(const std::string &text)
{
	return Field(&message::text, text);
}

TEST_F(message_limit_test, lets_a_few_through)
{
	for (unsigned i = 0; i < message_limit::at_once; i++)
		EXPECT_TRUE(allows({"x"}, "x", 0s));
	EXPECT_FALSE(allows({"x"}, "x", 0s));
	EXPECT_TRUE(allows({"y"}, "y", 0s)) << "another kind";
	EXPECT_EQ(limit.next(), start + 1min);
}

TEST_F(message_limit_test, says_the_last_and_how_many_were_left_out)
{
	EXPECT_EQ(flap(0s, 30), message_limit::at_once);
	EXPECT_THAT(due(59s), IsEmpty());
	EXPECT_THAT(due(60s),
		    ElementsAre(says("up 29 (54 like it were left out)")));
	EXPECT_THAT(due(60s), IsEmpty());
	EXPECT_FALSE(limit.next());
}

TEST_F(message_limit_test, says_one_in_a_while_as_long_as_it_goes_on)
{
	flap(0s, 60);
	EXPECT_EQ(due(60s).size(), 1u);
	EXPECT_EQ(flap(61s, 59), 0u);
	EXPECT_THAT(due(120s),
		    ElementsAre(says("up 58 (117 like it were left out)")));
}

TEST_F(message_limit_test, forgets_when_it_was_quiet)
{
	flap(0s, 30);
	due(60s);
	EXPECT_EQ(flap(120s, 30), message_limit::at_once);
}

TEST_F(message_limit_test, does_not_count_what_it_says)
{
	for (unsigned i = 0; i <= message_limit::at_once; i++)
		allows({"x"}, "x", 0s);
	EXPECT_THAT(due(60s), ElementsAre(says("x")));
}

} // namespace
