// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch_plan.hpp"

#include <cerrno>
#include <utility>

#include <gtest/gtest.h>

#include <imon/error.hpp>

using namespace imon;
using namespace imon::tools;

namespace {

/// A module that knows which of its watches are around a directory.
struct watch_plan_test : testing::Test {
	watch_calls calls()
	{
		return {.add =
				[this](int, const watch_options &o) {
					if (refuse_add)
						throw error(refuse_add, "no");
					added.push_back(o);
					return static_cast<std::uint32_t>(
						added.size());
				},
			.exclude =
				[this](std::uint32_t watch, int) {
					const int why = refuse_exclude[watch];
					if (why)
						throw error(why, "not here");
					excluded.push_back(watch);
				}};
	}

	std::string sentence_of(const watch_arguments &args)
	{
		try {
			watch_plan(args).carry_out(calls());
		} catch (const error &e) {
			return e.sentence();
		}
		return "";
	}

	std::vector<watch_options> added;
	std::vector<std::uint32_t> excluded;
	int refuse_add = 0;
	int refuse_exclude[4] = {};
};

} // namespace

TEST_F(watch_plan_test, trees_have_labels)
{
	const auto armed = watch_plan({.paths = {"//", "/tmp/."}, .mask = 3})
				   .carry_out(calls());
	ASSERT_EQ(added.size(), 2U);
	EXPECT_EQ(added[0].label, "/");
	EXPECT_EQ(added[0].mask, 3U);
	EXPECT_EQ(armed[0].name, "/");
	EXPECT_EQ(armed[1].name, "/tmp/.");
	EXPECT_EQ(armed[1].watch, 2U);
}

TEST_F(watch_plan_test, the_others_have_none)
{
	watch_plan({.paths = {"/dev/null"},

		    .scope = IMON_SCOPE_INODE})
		.carry_out(calls());
	ASSERT_EQ(added.size(), 1U);
	EXPECT_EQ(added[0].label, "");
	EXPECT_EQ(added[0].scope, std::uint32_t{IMON_SCOPE_INODE});
	EXPECT_EQ(sentence_of({.paths = {"/dev/null"},

			       .scope = IMON_SCOPE_DIR}),
		  "/dev/null is not a directory; give the one that it is in, "
		  "or watch it alone with --scope inode");
}

TEST_F(watch_plan_test, all_is_opened_before_anything_is_asked)
{
	EXPECT_EQ(sentence_of({.paths = {"/"}, .excludes = {"/none"}}),
		  "/none does not exist; give a path that does");
	EXPECT_TRUE(added.empty());
}

TEST_F(watch_plan_test, a_user_is_told_what_he_may)
{
	refuse_add = EPERM;
	EXPECT_EQ(sentence_of({.paths = {"/"}}),
		  "/: no; as a user, watch directories one by one with "
		  "--scope dir");
	EXPECT_EQ(sentence_of({.paths = {"/"},

			       .scope = IMON_SCOPE_DIR}),
		  "/: no");
}

TEST_F(watch_plan_test, each_tree_around_a_directory_leaves_it_out)
{
	const watch_arguments args{.paths = {"/", "/tmp", "/dev"},
				   .excludes = {"/tmp"}};
	refuse_exclude[2] = EINVAL;
	EXPECT_EQ(sentence_of(args), "");
	EXPECT_EQ(excluded, (std::vector<std::uint32_t>{1, 3}));
}

TEST_F(watch_plan_test, no_tree_around_a_directory)
{
	const watch_arguments args{.paths = {"/"}, .excludes = {"/tmp"}};
	refuse_exclude[1] = EINVAL;
	EXPECT_EQ(sentence_of(args), "/tmp: not here");
}

TEST_F(watch_plan_test, a_tree_that_fails_is_not_passed_over)
{
	const watch_arguments args{.paths = {"/", "/tmp"},
				   .excludes = {"/tmp"}};
	refuse_exclude[1] = ENOMEM;
	EXPECT_EQ(sentence_of(args), "/tmp: not here");
	EXPECT_TRUE(excluded.empty());
}
