// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "sandbox.hpp"

using namespace imon::apply;
namespace fs = std::filesystem;

namespace {

class moving : public testing::Test {
protected:
	sandbox box;
	const fs::path &in = box.source;
	descriptor root = box.open();

	/// As the one who asks sees it on his side.
	move of(const std::string &from, const std::string &to) const
	{
		struct stat st {};
		lstat((in / from).c_str(), &st);
		return {from,
			to,
			st.st_mode & S_IFMT,
			static_cast<std::uint64_t>(st.st_size),
			std::int64_t{st.st_mtim.tv_sec} * 1'000'000'000 +
				st.st_mtim.tv_nsec,
			true};
	}
	std::string run(const move &m) const { return execute(root.get(), m); }

	static std::string text(const fs::path &file)
	{
		std::ifstream stream(file, std::ios::binary);
		return {std::istreambuf_iterator<char>(stream), {}};
	}
};

TEST_F(moving, renames_what_is_meant)
{
	sandbox::write(in / "a\n-/old", "1");
	sandbox::write(in / "b/x", "");
	fs::create_symlink("nowhere", in / "link");
	EXPECT_EQ(run(of("a\n-/old", "b/new")), "");
	EXPECT_EQ(text(in / "b/new"), "1");
	EXPECT_EQ(run(of("link", "b/link")), "");
	EXPECT_EQ(fs::read_symlink(in / "b/link"), "nowhere");
	EXPECT_EQ(run(of("b", "c")), "");
	EXPECT_EQ(text(in / "c/new"), "1");
}

TEST_F(moving, refuses_what_is_not_meant)
{
	sandbox::write(in / "a", "1");
	move m = of("a", "b");
	m.size++;
	EXPECT_EQ(run(m), "its size differs");
	m = of("a", "b");
	m.mtime_ns++;
	EXPECT_EQ(run(m), "its time differs");
	m = of("a", "b");
	m.type = S_IFDIR;
	EXPECT_EQ(run(m), "its type differs");
	EXPECT_EQ(run(of("none", "b")),
		  "the old name: No such file or directory");
	EXPECT_EQ(run(of("none/a", "b")),
		  "above the old name: No such file or directory");
	EXPECT_EQ(run(of("a", "none/b")),
		  "above the new name: No such file or directory");
	EXPECT_EQ(run(of("a", "a/b")), "above the new name: Not a directory");
	EXPECT_TRUE(fs::exists(in / "a"));
	EXPECT_FALSE(fs::exists(in / "b"));
}

TEST_F(moving, replaces_what_holds_nothing_more)
{
	sandbox::write(in / "file", "new");
	sandbox::write(in / "there", "old");
	sandbox::write(in / "dir/x", "");
	fs::create_directory(in / "empty");
	sandbox::write(in / "full/y", "");
	EXPECT_EQ(run(of("file", "full")), "Is a directory");
	EXPECT_EQ(run(of("dir", "full")), "Directory not empty");
	EXPECT_EQ(run(of("dir", "there")), "Not a directory");
	EXPECT_EQ(run(of("dir", "dir/below")), "Invalid argument");
	move keeping = of("file", "there");
	keeping.replace = false;
	EXPECT_EQ(run(keeping), "File exists");
	EXPECT_EQ(text(in / "there"), "old");

	EXPECT_EQ(run(of("file", "there")), "");
	EXPECT_EQ(text(in / "there"), "new");
	EXPECT_EQ(run(of("dir", "empty")), "");
	EXPECT_TRUE(fs::exists(in / "empty/x"));
	EXPECT_TRUE(fs::exists(in / "full/y"));
}

TEST_F(moving, is_not_done_when_both_are_names_of_one_file)
{
	sandbox::write(in / "a", "1");
	fs::create_hard_link(in / "a", in / "b");
	EXPECT_EQ(run(of("a", "b")), "both are names of one file");
}

TEST_F(moving, does_not_leave_the_tree_by_a_link)
{
	sandbox::write(box.replica / "outside", "1");
	sandbox::write(in / "inside", "1");
	fs::create_symlink(box.replica, in / "absolute");
	fs::create_symlink("../replica", in / "relative");
	fs::create_symlink(".", in / "harmless");
	for (const std::string link : {"absolute", "relative"}) {
		EXPECT_EQ(run(of(link + "/outside", "taken")),
			  "above the old name: a symbolic link is in the way");
		EXPECT_EQ(run(of("inside", link + "/given")),
			  "above the new name: a symbolic link is in the way");
	}
	EXPECT_EQ(run(of("harmless/inside", "taken")),
		  "above the old name: a symbolic link is in the way");
	EXPECT_EQ(text(box.replica / "outside"), "1");
	EXPECT_FALSE(fs::exists(box.replica / "given"));
	EXPECT_FALSE(fs::exists(in / "taken"));
}

// Somebody on the replica swaps a directory for a link, over and over.
TEST_F(moving, does_not_leave_the_tree_by_a_link_that_comes_and_goes)
{
	sandbox::write(in / "dir/x", "1");
	sandbox::write(box.replica / "x", "2");
	const auto time = fs::last_write_time(in / "dir/x");
	fs::last_write_time(box.replica / "x", time);
	fs::create_symlink(box.replica, in / "link");
	const move there = of("dir/x", "dir/y"), back = of("dir/x", "dir/x");
	std::atomic<bool> enough = false;
	std::thread swapper([&] {
		while (!enough)
			renameat2(root.get(), "dir", root.get(), "link",
				  RENAME_EXCHANGE);
	});
	unsigned done = 0;
	for (int i = 0; i < 20'000; i++) {
		move m = back;
		m.old_path = "dir/y";
		done += run(there).empty();
		done += run(m).empty();
	}
	enough = true;
	swapper.join();
	EXPECT_GT(done, 0u);
	EXPECT_EQ(text(box.replica / "x"), "2");
	EXPECT_FALSE(fs::exists(box.replica / "y"));
}

} // namespace
