// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sandbox.hpp"

using namespace imon::mirrord;
namespace fs = std::filesystem;

namespace {

TEST(names_of, finds_every_name_of_an_inode)
{
	const sandbox s;
	sandbox::write(s.source / "one", "");
	sandbox::write(s.source / "other", "");
	fs::create_directories(s.source / "a/b");
	fs::create_hard_link(s.source / "one", s.source / "a/b/two");
	struct stat st {};
	stat((s.source / "one").c_str(), &st);
	const auto found = names_of(s.open().get(), {st.st_ino});
	std::set<std::string> names;
	for (const auto &[ino, path] : found)
		names.insert(path);
	EXPECT_EQ(names, (std::set<std::string>{"one", "a/b/two"}));
}

TEST(is_empty, tells)
{
	const sandbox s;
	EXPECT_TRUE(is_empty(s.open().get()));
	sandbox::write(s.source / ".hidden", "");
	EXPECT_FALSE(is_empty(s.open().get()));
}

TEST(names_outside, finds_the_links_that_a_tree_lacks)
{
	const sandbox s;
	sandbox::write(s.source / "tree/sub/one", "");
	sandbox::write(s.source / "tree/alone", "");
	fs::create_hard_link(s.source / "tree/sub/one", s.source / "two");
	fs::create_hard_link(s.source / "tree/alone", s.source / "tree/too");
	const auto names =
		names_outside(s.open().get(), {{"tree", {.tree = true}}});
	EXPECT_EQ(names, (std::set<std::string>{"two", "tree/sub/one"}));
	EXPECT_EQ(names_outside(s.open().get(), {{"two", {}}}), names)
		<< "of a list as well";
	EXPECT_TRUE(
		names_outside(s.open().get(), {{"", {.tree = true}}}).empty());
}

TEST(names_outside, counts_no_name_twice)
{
	const sandbox s;
	sandbox::write(s.source / "tree/sub/one", "");
	fs::create_hard_link(s.source / "tree/sub/one", s.source / "two");
	EXPECT_EQ(names_outside(s.open().get(), {{"tree", {.tree = true}},
						 {"tree/sub", {.tree = true}}}),
		  (std::set<std::string>{"two", "tree/sub/one"}));
}

TEST(has_names, counts_no_further_than_needed)
{
	const sandbox s;
	EXPECT_TRUE(has_names(s.open().get(), 0));
	EXPECT_FALSE(has_names(s.open().get(), 1));
	sandbox::write(s.source / "dir/file", "");
	EXPECT_TRUE(has_names(s.open().get(), 2));
	EXPECT_FALSE(has_names(s.open().get(), 3));
}

TEST(count_missing, counts_what_is_not_there)
{
	const sandbox s;
	sandbox::write(s.source / "there", "");
	EXPECT_EQ(count_missing(s.open().get(), {{"there", {}},
						 {"gone", {}},
						 {"there/below", {}},
						 {"", {}}}),
		  2u);
}

} // namespace
