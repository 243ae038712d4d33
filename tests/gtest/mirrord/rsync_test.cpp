// SPDX-License-Identifier: GPL-2.0-or-later
#include "rsync.hpp"

#include <gmock/gmock.h>

using namespace imon::mirrord;
using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;

namespace {

replica_settings at(destination::way by, const std::string &target)
{
	replica_settings r;
	r.where = {by, target, target};
	return r;
}

const replica_settings local = at(destination::way::local, "/b/");
const replica_settings shell = at(destination::way::shell, "web2:/a/");
const replica_settings rsyncd = at(destination::way::rsyncd, "w::m/");

tasks one(task t)
{
	return {{"path", t}};
}

TEST(rsync_command, lists_names_and_deletes_what_is_missing)
{
	const auto argv = rsync_command(local, one({}), {});
	for (const char *word : {"-aAX", "--files-from=-", "--from0",
				 "--delete-missing-args", "--force"})
		EXPECT_THAT(argv, Contains(word));
	for (const char *word :
	     {"--recursive", "--delete-delay", "--checksum", "--hard-links",
	      "-e", "--info=progress2", "--ignore-errors"})
		EXPECT_THAT(argv, Not(Contains(word)));
	EXPECT_EQ(argv[argv.size() - 3], "--");
	EXPECT_EQ(argv[argv.size() - 2], "./");
	EXPECT_EQ(argv.back(), "/b/");
}

TEST(rsync_command, compares_trees_and_contents_when_asked)
{
	const auto argv =
		rsync_command(local, one({.tree = true, .content = true}),
			      {.progress = true});
	for (const char *word :
	     {"--recursive", "--no-inc-recursive", "--delete-delay",
	      "--checksum", "--info=progress2"})
		EXPECT_THAT(argv, Contains(word));
}

TEST(rsync_command, hands_the_remote_shell_on_as_one_argument)
{
	replica_settings r = shell;
	r.rsh = "ssh -p 2222 -i /key";
	EXPECT_THAT(rsync_command(r, one({}), {}),
		    Contains("ssh -p 2222 -i /key"));
	EXPECT_THAT(rsync_command(rsyncd, one({}), {}), Not(Contains("-e")));
	EXPECT_THAT(
		rsync_command(rsyncd, one({}), {}),
		IsSupersetOf({"--contimeout=30", "--sockopts=TCP_NODELAY"}));
}

TEST(rsync_command, lets_the_user_have_the_last_word)
{
	replica_settings r = local;
	r.filters = {"- *.tmp", "+ x"};
	r.rsync_options = {"--no-acls"};
	const auto argv = rsync_command(r, one({}), {});
	EXPECT_THAT(argv, Contains("--filter=- *.tmp"));
	EXPECT_THAT(argv, Contains("--filter=+ x"));
	EXPECT_EQ(argv[argv.size() - 4], "--no-acls");
}

TEST(rsync_command, keeps_links_of_each_other)
{
	EXPECT_THAT(rsync_command(local, one({.inode = 5}), {}),
		    Contains("--hard-links"));
	EXPECT_THAT(rsync_command(local, one({.tree = true}), {}),
		    Contains("--hard-links"));
}

TEST(rsync_command, deletes_nothing_that_may_be_kept)
{
	const auto argv =
		rsync_command(local, one({.tree = true, .keep = true}), {});
	for (const std::string &word : argv)
		EXPECT_FALSE(word.starts_with("--delete")) << word;
	EXPECT_THAT(argv, Contains("--ignore-missing-args"));
	EXPECT_THAT(argv, Not(Contains("--force")));
}

TEST(rsync_command, changes_nothing_when_it_only_counts)
{
	for (const auto why :
	     {rsync_mode::purpose::count, rsync_mode::purpose::look})
		EXPECT_THAT(
			rsync_command(local, one({.tree = true}), {.why = why}),
			Contains("--dry-run"));
	EXPECT_THAT(rsync_command(local, one({.tree = true}),
				  {.why = rsync_mode::purpose::audit}),
		    Not(Contains("--dry-run")));
}

TEST(rsync_command, never_touches_the_trash)
{
	EXPECT_THAT(rsync_command(local, one({.tree = true}), {}),
		    Contains("--exclude=/.imon-trash"));
	EXPECT_THAT(rsync_command(local, one({}), {.trash = "x/y"}),
		    Contains("--backup-dir=x/y"));
}

TEST(reported_path, understands_rsync)
{
	EXPECT_EQ(reported_path("deleting a/b/"), "a/b");
	EXPECT_EQ(reported_path("*deleting   a b"), "a b");
	EXPECT_EQ(reported_path(">fcst...... a\\#012b"), "a\nb");
	EXPECT_EQ(reported_path(".d..t...... ./"), "");
	EXPECT_EQ(reported_path("cd+++++++++ new/"), "new");
	for (const char *other : {"", "rsync: x", "Number of files: 3", ">f"})
		EXPECT_FALSE(reported_path(other)) << other;
}

TEST(judge_rsync, knows_whose_fault_it_was)
{
	for (const task &t : {task{}, task{.tree = true}}) {
		EXPECT_EQ(judge_rsync(0, one(t)), outcome::done);
		EXPECT_EQ(judge_rsync(23, one(t)), outcome::partial);
		EXPECT_EQ(judge_rsync(25, one(t)), outcome::partial);
		for (const int status :
		     {-1, 1, 2, 5, 10, 11, 12, 20, 30, 35, 127, 137, 255})
			EXPECT_EQ(judge_rsync(status, one(t)), outcome::failed)
				<< status;
	}
	EXPECT_EQ(judge_rsync(24, one({})), outcome::again);
	EXPECT_EQ(judge_rsync(24, one({.tree = true})), outcome::done);
}

TEST(describe_rsync, picks_the_complaint_that_matters)
{
	EXPECT_EQ(describe_rsync({23, "file has vanished: \"a\"\n"
				      "rsync: [receiver] mkstemp failed\n"
				      "rsync error: some files\n"}),
		  "a path could not be transferred "
		  "(rsync: [receiver] mkstemp failed)");
	EXPECT_EQ(describe_rsync({255, "ssh: refused\r\nmore"}),
		  "the remote shell failed (ssh: refused)");
	EXPECT_EQ(describe_rsync({12, ""}), "the connection broke");
	EXPECT_EQ(describe_rsync({-1, "cannot run it"}), "cannot run it");
	EXPECT_EQ(describe_rsync({10, "a\tb"}), "no connection (a\\011b)");
}

} // namespace
