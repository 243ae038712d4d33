// SPDX-License-Identifier: GPL-2.0-or-later
#include "apply_command.hpp"

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "shell_word.hpp"

using namespace imon::mirrord;
using words = std::vector<std::string>;

namespace {

TEST(split_rsh, takes_words_apart_as_rsync_does)
{
	EXPECT_EQ(split_rsh("ssh"), (words{"ssh"}));
	EXPECT_EQ(split_rsh("  ssh   -p 22 "), (words{"ssh", "-p", "22"}));
	EXPECT_EQ(split_rsh("ssh -i '/a b/key' -o\"P x\""),
		  (words{"ssh", "-i", "/a b/key", "-oP x"}));
	EXPECT_EQ(split_rsh("x 'it''s' \"a'b\" ''"),
		  (words{"x", "it's", "a'b", ""}));
	EXPECT_EQ(split_rsh("a\tb\\ c"), (words{"a\tb\\", "c"}));
	for (const char *bad : {"", "  ", "ssh 'x", "ssh \"", "ssh '''"})
		EXPECT_THROW(split_rsh(bad), imon::error) << bad;
}

TEST(shell_word, means_itself)
{
	EXPECT_EQ(shell_word("/usr/bin/imon-apply"), "/usr/bin/imon-apply");
	EXPECT_EQ(shell_word("~/www/"), "~/www/");
	EXPECT_EQ(shell_word(""), "''");
	EXPECT_EQ(shell_word("/a b"), "'/a b'");
	EXPECT_EQ(shell_word("~$(reboot)"), "'~$(reboot)'");
	EXPECT_EQ(shell_word("it's\n`id`"), "'it'\\''s\n`id`'");
}

std::vector<std::string> command(const std::string &to)
{
	replica_settings r;
	r.where = parse_destination(to, "/var/www");
	r.rsh = "ssh -p 22";
	return apply_command(r);
}

TEST(apply_command, goes_where_rsync_goes)
{
	EXPECT_EQ(command("/mnt/copy"),
		  (words{"imon-apply", "--", "/mnt/copy/"}));
	EXPECT_EQ(command("web2"), (words{"ssh", "-p", "22", "web2",
					  "imon-apply -- /var/www/"}));
	EXPECT_EQ(command("me@web2:/it's"),
		  (words{"ssh", "-p", "22", "-l", "me", "web2",
			 "imon-apply -- '/it'\\''s/'"}));
	EXPECT_EQ(command("me@[fe80::1]:a:b"),
		  (words{"ssh", "-p", "22", "-l", "me", "fe80::1",
			 "imon-apply -- 'a:b/'"}));
	EXPECT_EQ(command("rsync://web3/www"), words{});
}

TEST(apply_command, is_none_when_none_is_wanted)
{
	replica_settings r;
	r.where = parse_destination("web2", "/var/www");
	r.apply.clear();
	EXPECT_EQ(apply_command(r), words{});
}

} // namespace
