// SPDX-License-Identifier: GPL-2.0-or-later
#include "fanotify_translator.hpp"

#include <gtest/gtest.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

#include <map>

using namespace imon;
using state = whereabouts::state;

namespace {

/// A tree at /r: "d" is its directory d, "out" is /, "rm" was removed, and of
/// anything else nobody knows. "f" is the file d/f, "g" and "l" have moved from
/// there, l with two names, and "anon" has no name at hand.
struct fake_tree final : whereabouts {
	std::map<std::string, place> directories = {
		{"r", {state::inside, ""}},
		{"d", {state::inside, "d"}},
		{"out", {state::outside, "/"}},
		{"rm", {state::gone}},
	};
	std::map<std::string, object> objects = {
		{"d", {state::inside, S_IFDIR, 2, 1, 2}},
		{"sub", {state::inside, S_IFDIR, 256, 9, 1}},
		{"f", {state::inside, S_IFREG, 11, 1, 1}},
		{"g", {state::inside, S_IFLNK, 12, 1, 1}},
		{"l", {state::inside, S_IFREG, 13, 1, 2}},
		{"anon", {state::inside, S_IFREG, 14, 1, 1}},
		{"rm", {state::gone}},
	};
	std::map<std::string, place> files = {
		{"g", {state::inside, "new"}},
		{"l", {state::inside, "link"}},
	};

	place directory(const std::string &h) override
	{
		return directories[h];
	}
	place file(const std::string &h) override { return files[h]; }
	object look_at(const std::string &h) override { return objects[h]; }
	bool is_at(const std::string &path, const object &what) override
	{
		return path == "d/f" && what.inode == 11;
	}
	bool is_native(const object &what) override { return what.device == 1; }
	bool is_above(const std::string &path) const override
	{
		return path == "/r";
	}
};

struct fanotify_translator_test : testing::Test {
	using clock = fanotify_translator::clock;
	clock::time_point now = clock::now();
	fake_tree tree;
	std::vector<event> told;
	fanotify_translator translator{
		tree, [this](const event &e) { told.push_back(e); }};

	void one(std::uint64_t mask, const std::string &directory,
		 const std::string &name, const std::string &object = {})
	{
		translator.take_in({.mask = mask,
				    .filesystem = "x",
				    .at = {{directory, name}},
				    .object = object});
	}
	void move(const std::string &from, const std::string &to,
		  const std::string &object, std::uint64_t more = 0)
	{
		translator.take_in({.mask = FAN_RENAME | more,
				    .filesystem = "x",
				    .at = {{from, "a"}},
				    .moved_to = {{to, "b"}},
				    .object = object});
	}
	void settle_late()
	{
		if (!translator.settle(now))
			return;
		now += fanotify_translator::patience;
		EXPECT_FALSE(translator.settle(now));
	}
	/// Whether everything was said to have changed, once.
	bool all_lost()
	{
		settle_late();
		return told.size() == 1 && told[0].path == "" &&
		       (told[0].mask & IMON_EVENT_RECURSIVE) &&
		       !translator.lost().empty();
	}
	bool nothing()
	{
		settle_late();
		return told.empty() && translator.lost().empty();
	}
};

constexpr std::uint32_t scan = IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;

} // namespace

TEST_F(fanotify_translator_test, tells_what_happened_to_a_file_and_where)
{
	one(FAN_CREATE | FAN_MODIFY, "d", "f", "f");
	one(FAN_DELETE, "r", "x", "rm");
	const std::vector<event> all = {
		{.mask = IMON_EVENT_CREATE | IMON_EVENT_MODIFY,
		 .type = S_IFREG,
		 .ino = 11,
		 .path = "d/f"},
		{.mask = IMON_EVENT_DELETE, .type = S_IFREG, .path = "x"}};
	EXPECT_EQ(told, all);
}

TEST_F(fanotify_translator_test, a_directory_itself_has_no_name)
{
	one(FAN_ATTRIB | FAN_ONDIR, "d", ".");
	one(FAN_ATTRIB | FAN_ONDIR, "r", ".");
	ASSERT_EQ(told.size(), 2u);
	EXPECT_EQ(told[0].path, "d");
	EXPECT_EQ(told[0].type, static_cast<std::uint32_t>(S_IFDIR));
	EXPECT_EQ(told[1].path, "");
}

TEST_F(fanotify_translator_test, drops_what_is_outside)
{
	one(FAN_MODIFY, "out", "f", "f");
	move("out", "out", "f");
	EXPECT_TRUE(nothing());
}

TEST_F(fanotify_translator_test, a_renamed_file_has_both_names)
{
	move("r", "d", "f");
	move("r", "out", "f");
	move("out", "d", "f");
	ASSERT_EQ(told.size(), 3u);
	EXPECT_TRUE(told[0].path == "a" && told[0].new_path == "d/b");
	EXPECT_TRUE(told[1].path == "a" && !told[1].new_path);
	EXPECT_TRUE(!told[2].path && told[2].new_path == "d/b");
}

TEST_F(fanotify_translator_test, a_renamed_directory_left_and_came)
{
	move("r", "d", "d", FAN_ONDIR);
	ASSERT_EQ(told.size(), 2u);
	EXPECT_TRUE(told[0].path == "a" && !told[0].new_path);
	EXPECT_TRUE(!told[1].path && told[1].new_path == "d/b");
	EXPECT_EQ(told[1].mask, IMON_EVENT_RENAME | scan);
}

TEST_F(fanotify_translator_test, older_kernels_tell_a_rename_in_two)
{
	one(FAN_MOVED_FROM, "d", "a");
	one(FAN_MOVED_TO | FAN_ONDIR, "d", "b");
	ASSERT_EQ(told.size(), 2u);
	EXPECT_TRUE(told[0].path == "d/a" && !told[0].new_path);
	EXPECT_TRUE(!told[1].path && told[1].new_path == "d/b");
	EXPECT_EQ(told[1].mask, IMON_EVENT_RENAME | scan);
}

TEST_F(fanotify_translator_test, a_change_is_told_where_the_file_is_now)
{
	one(FAN_MODIFY, "d", "old", "g");
	ASSERT_EQ(told.size(), 2u);
	EXPECT_EQ(told[0].path, "d/old");
	EXPECT_EQ(told[1].path, "new");
	told.clear();
	one(FAN_MODIFY, "rm", "old", "l");
	one(FAN_DELETE | FAN_ONDIR, "r", "x", "rm");
	ASSERT_EQ(told.size(), 2u);
	EXPECT_EQ(told[0].path, "link");
	EXPECT_TRUE(told[0].mask & IMON_EVENT_MULTILINK);
	settle_late();
	EXPECT_TRUE(translator.lost().empty());
}

TEST_F(fanotify_translator_test, a_file_without_a_name_at_hand_is_searched_for)
{
	one(FAN_MODIFY, "d", "old", "anon");
	ASSERT_EQ(told.size(), 2u);
	EXPECT_EQ(told[1].path, "");
	EXPECT_EQ(told[1].ino, 14u);
	EXPECT_EQ(told[1].mask, IMON_EVENT_MODIFY | IMON_EVENT_MULTILINK);
}

TEST_F(fanotify_translator_test, a_removed_directory_is_told_by_its_own_removal)
{
	one(FAN_DELETE, "rm", "f", "f");
	one(FAN_DELETE | FAN_ONDIR, "d", "x", "rm");
	settle_late();
	ASSERT_EQ(told.size(), 1u);
	EXPECT_EQ(told[0].path, "d/x");
	told.clear();
	one(FAN_MODIFY, "rm", "still open", "rm");
	EXPECT_TRUE(nothing());
}

TEST_F(fanotify_translator_test, the_word_of_a_removal_may_come_later)
{
	one(FAN_DELETE, "rm", "f", "f");
	EXPECT_TRUE(translator.settle(now));
	one(FAN_DELETE | FAN_ONDIR, "out", "x", "rm");
	EXPECT_FALSE(translator.settle(now + fanotify_translator::patience));
	EXPECT_TRUE(nothing());
}

TEST_F(fanotify_translator_test, a_directory_that_a_rename_replaced_is_removed)
{
	one(FAN_DELETE, "rm", "f", "f");
	one(FAN_ATTRIB | FAN_ONDIR, "rm", ".");
	EXPECT_TRUE(nothing());
}

TEST_F(fanotify_translator_test, a_directory_that_went_silently_is_no_silence)
{
	one(FAN_DELETE, "rm", "f", "f");
	EXPECT_TRUE(told.empty());
	EXPECT_TRUE(all_lost());
}

TEST_F(fanotify_translator_test, what_cannot_be_found_out_is_no_silence)
{
	one(FAN_MODIFY, "what?", "f", "f");
	one(FAN_MODIFY, "what?", "g", "f");
	EXPECT_TRUE(all_lost());
	told.clear();
	one(FAN_MODIFY, "d", "f", "what?");
	EXPECT_TRUE(all_lost());
	told.clear();
	translator.take_in({.lost = "overflow"});
	EXPECT_TRUE(all_lost());
}

TEST_F(fanotify_translator_test,
       when_the_way_to_the_root_changes_all_is_doubtful)
{
	translator.take_in({.mask = FAN_RENAME | FAN_ONDIR,
			    .filesystem = "x",
			    .at = {{"out", "r"}},
			    .moved_to = {{"out", "s"}}});
	EXPECT_TRUE(all_lost());
	told.clear();
	one(FAN_MOVED_TO | FAN_ONDIR, "out", "r");
	EXPECT_TRUE(all_lost());
}

TEST_F(fanotify_translator_test, a_subvolume_may_come_with_contents)
{
	one(FAN_CREATE | FAN_ONDIR, "d", "s", "sub");
	one(FAN_CREATE | FAN_ONDIR, "d", "t", "d");
	ASSERT_EQ(told.size(), 2u);
	EXPECT_EQ(told[0].mask, IMON_EVENT_CREATE | scan);
	EXPECT_EQ(told[1].mask, static_cast<std::uint32_t>(IMON_EVENT_CREATE));
}
