// SPDX-License-Identifier: GPL-2.0-or-later
#include "rsync.hpp"

#include <gmock/gmock.h>

using namespace imon::mirrord;
using testing::Contains;
using testing::Not;

namespace {

const destination local = {destination::way::local, "/b", "/b/"};
const destination shell = {destination::way::shell, "web2", "web2:/a/"};
const destination rsyncd = {destination::way::rsyncd, "w::m", "w::m/"};

tasks one(task t)
{
	return {{"path", t}};
}

TEST(rsync_command, lists_names_and_deletes_what_is_missing)
{
	const auto argv = rsync_command({}, local, one({}), false);
	for (const char *word : {"-aAX", "--files-from=-", "--from0",
				 "--delete-missing-args", "--force"})
		EXPECT_THAT(argv, Contains(word));
	for (const char *word : {"--recursive", "--delete-delay", "--checksum",
				 "-e", "--info=progress2", "--ignore-errors"})
		EXPECT_THAT(argv, Not(Contains(word)));
	EXPECT_EQ(argv[argv.size() - 3], "--");
	EXPECT_EQ(argv[argv.size() - 2], "./");
	EXPECT_EQ(argv.back(), "/b/");
}

TEST(rsync_command, compares_trees_and_contents_when_asked)
{
	const auto argv = rsync_command(
		{}, local, one({.tree = true, .content = true}), true);
	for (const char *word : {"--recursive", "--delete-delay", "--checksum",
				 "--info=progress2"})
		EXPECT_THAT(argv, Contains(word));
}

TEST(rsync_command, hands_the_remote_shell_on_as_one_argument)
{
	options o;
	o.rsh = "ssh -p 2222 -i /key";
	EXPECT_THAT(rsync_command(o, shell, one({}), false),
		    Contains("ssh -p 2222 -i /key"));
	EXPECT_THAT(rsync_command(o, rsyncd, one({}), false),
		    Not(Contains("-e")));
	EXPECT_THAT(rsync_command(o, rsyncd, one({}), false),
		    Contains("--contimeout=30"));
}

TEST(rsync_command, lets_the_user_have_the_last_word)
{
	options o;
	o.excludes = {"*.tmp", "- x"};
	o.rsync_options = {"--no-acls"};
	const auto argv = rsync_command(o, local, one({}), false);
	EXPECT_THAT(argv, Contains("--exclude=*.tmp"));
	EXPECT_THAT(argv, Contains("--exclude=- x"));
	EXPECT_EQ(argv[argv.size() - 4], "--no-acls");
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
