// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the real rsync does with our batches. No network: both sides are here.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <sstream>

#include "child.hpp"
#include "file_list.hpp"
#include "rsync.hpp"
#include "sandbox.hpp"

using namespace imon::mirrord;
namespace fs = std::filesystem;

namespace {

struct rsync_run : testing::Test {
	sandbox files;
	source_tree tree{files.source};
	poller loop;
	child_launcher programs{loop, tree};

	void SetUp() override
	{
		if (run({"rsync", "--version"}).status != 0)
			GTEST_SKIP() << "rsync is not installed";
	}

	exit_report run(const std::vector<std::string> &argv,
			std::string input = {})
	{
		std::optional<exit_report> report;
		const auto job = programs.start(
			argv, std::move(input),
			[this](std::string_view s) { printed += s; },
			[&](const exit_report &r) { report = r; });
		while (!report)
			loop.wait(std::nullopt);
		loop.wait(clock::now());
		return *report;
	}

	replica_settings to() const
	{
		replica_settings r;
		r.where = {destination::way::local, "b",
			   files.replica.string() + "/"};
		return r;
	}

	/// What rsync says that it would delete for a batch.
	std::set<std::string> counted(const tasks &batch)
	{
		printed.clear();
		const exit_report r =
			run(rsync_command(to(), batch,
					  {.why = rsync_mode::purpose::count}),
			    file_list(files.open().get(), batch));
		EXPECT_EQ(r.status, 0) << r.message;
		std::set<std::string> paths;
		std::istringstream lines(printed);
		for (std::string line; std::getline(lines, line);)
			if (const auto path = reported_path(line))
				paths.insert(*path);
		return paths;
	}

	void send(const tasks &batch)
	{
		const exit_report r = run(rsync_command(to(), batch, {}),
					  file_list(files.open().get(), batch));
		EXPECT_EQ(r.status, 0) << r.message;
	}

	/// Everything there, times of directories included.
	void expect_identical()
	{
		printed.clear();
		run({"rsync", "-n", "-i", "-aAX", "--checksum", "--delete",
		     "./", files.replica.string() + "/"});
		EXPECT_EQ(printed, "");
	}

	void write(const std::string &path, const std::string &contents)
	{
		sandbox::write(files.source / path, contents);
	}

	void initial_sync() { send({{"", {.tree = true}}}); }

	std::string printed;
};

TEST_F(rsync_run, counts_what_would_be_deleted_and_deletes_nothing)
{
	write("dir/sub/one", "1");
	write("dir/sub/t w o\n", "2");
	write("kept", "3");
	initial_sync();
	fs::remove_all(files.source / "dir");
	const std::set<std::string> all = {"dir", "dir/sub", "dir/sub/one",
					   "dir/sub/t w o\n"};
	EXPECT_EQ(counted({{"dir", {.tree = true}}}), all);
	EXPECT_EQ(counted({{"", {.tree = true}}}), all);
	EXPECT_TRUE(fs::exists(files.replica / "dir/sub/one"));
}

TEST_F(rsync_run, keeps_what_is_rejected)
{
	write("dir/one", "1");
	write("two", "2");
	initial_sync();
	fs::remove_all(files.source / "dir");
	fs::remove(files.source / "two");
	send({{"", {.tree = true, .keep = true}}});
	send({{"dir/one", {.keep = true}}, {"two", {.keep = true}}});
	EXPECT_TRUE(fs::exists(files.replica / "dir/one"));
	EXPECT_TRUE(fs::exists(files.replica / "two"));
}

TEST_F(rsync_run, keeps_links_of_each_other)
{
	write("a/one", "1");
	fs::create_hard_link(files.source / "a/one", files.source / "two");
	initial_sync();
	EXPECT_EQ(fs::hard_link_count(files.replica / "two"), 2u);
	write("a/one", "1 more");
	const tasks both = {{"a/one", {.content = true, .inode = 1}},
			    {"two", {.content = true, .inode = 1}}};
	send(both);
	EXPECT_EQ(fs::hard_link_count(files.replica / "two"), 2u);
	expect_identical();
}

TEST_F(rsync_run, puts_aside_what_it_deletes_and_replaces)
{
	write("one", "1");
	write("dir/two", "2");
	initial_sync();
	write("one", "1 more");
	fs::remove_all(files.source / "dir");
	const tasks batch = {{"", {.tree = true, .content = true}}};
	const exit_report r =
		run(rsync_command(to(), batch, {.trash = ".imon-trash/now"}),
		    file_list(files.open().get(), batch));
	EXPECT_EQ(r.status, 0) << r.message;
	EXPECT_TRUE(fs::exists(files.replica / ".imon-trash/now/one"));
	EXPECT_TRUE(fs::exists(files.replica / ".imon-trash/now/dir/two"));
	EXPECT_FALSE(fs::exists(files.replica / "dir"));
	// And leaves it alone.
	initial_sync();
	EXPECT_TRUE(fs::exists(files.replica / ".imon-trash/now/one"));
}

TEST_F(rsync_run, lists_leave_nothing_behind)
{
	write("dir/sub/one", "1");
	write("dir/sub/two", "2");
	write("dir/three", "3");
	initial_sync();
	expect_identical();
	write("dir/sub/four", "4");
	fs::remove(files.source / "dir/three");
	send({{"dir/sub/four", {}}, {"dir/three", {}}});
	expect_identical();
	fs::remove_all(files.source / "dir");
	send({{"dir", {}}, {"dir/sub", {}}, {"dir/sub/one", {}}});
	expect_identical();
}

TEST_F(rsync_run, a_directory_gives_way_to_a_file_and_back)
{
	write("thing/inner/file", "1");
	initial_sync();
	fs::remove_all(files.source / "thing");
	write("thing", "now a file");
	send({{"thing", {}}, {"thing/inner", {}}, {"thing/inner/file", {}}});
	expect_identical();
	fs::remove(files.source / "thing");
	write("thing/file", "2");
	send({{"thing", {}}, {"thing/file", {}}});
	expect_identical();
}

TEST_F(rsync_run, does_not_follow_a_link_that_took_a_directorys_place)
{
	write("dir/file", "1");
	write("other/file", "2");
	initial_sync();
	fs::remove_all(files.source / "dir");
	fs::create_symlink("other", files.source / "dir");
	send({{"dir", {}}, {"dir/file", {}}});
	expect_identical();
}

TEST_F(rsync_run, a_tree_loses_what_the_source_lacks_and_nothing_else_does)
{
	write("tree/sub/file", "1");
	write("bystander/file", "2");
	initial_sync();
	sandbox::write(files.replica / "tree/sub/stale", "");
	sandbox::write(files.replica / "tree/gone/stale", "");
	send({{"tree", {.tree = true}}, {"missing", {.tree = true}}});
	expect_identical();
	sandbox::write(files.replica / "bystander/kept", "");
	send({{"tree", {.tree = true}}});
	EXPECT_TRUE(fs::exists(files.replica / "bystander/kept"));
}

TEST_F(rsync_run, finds_a_change_that_size_and_time_hide)
{
	write("dir/file", "old");
	initial_sync();
	struct stat before {};
	const std::string path = files.source / "dir/file";
	ASSERT_EQ(stat(path.c_str(), &before), 0);
	write("dir/file", "new");
	const timespec times[2] = {before.st_atim, before.st_mtim};
	ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
	send({{"dir/file", {.content = true}}});
	expect_identical();
}

TEST_F(rsync_run, sees_a_second_change_within_one_second)
{
	const std::string path = files.source / "file";
	const auto write_at = [&](const std::string &contents,
				  long nanoseconds) {
		write("file", contents);
		const timespec at{1'000'000'000, nanoseconds};
		const timespec times[2] = {at, at};
		ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
	};
	write_at("old", 1);
	initial_sync();
	write_at("new", 2);
	send({{"", {.tree = true}}});
	expect_identical();
}

TEST_F(rsync_run, the_roots_own_mode_follows)
{
	write("file", "1");
	initial_sync();
	fs::permissions(files.source, fs::perms::owner_all);
	send({{"", {}}});
	expect_identical();
}

TEST_F(rsync_run, an_empty_source_deletes_nothing_at_first)
{
	sandbox::write(files.replica / "file", "precious");
	const tasks batch{{"", {.tree = true}}};
	auto argv = rsync_command(to(), batch, {});
	argv.insert(argv.begin() + 1, delete_nothing);
	EXPECT_EQ(skipped_deletions(
			  run(argv, file_list(files.open().get(), batch))),
		  1u);
	EXPECT_TRUE(fs::exists(files.replica / "file"));
}

} // namespace
