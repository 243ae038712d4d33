// SPDX-License-Identifier: GPL-2.0-or-later
#include "op_list.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace imon::mirrord;
using namespace std::string_literals;
using ending = apply_result::ending;

namespace {

TEST(op_list, holds_what_is_moved_and_what_it_must_be)
{
	EXPECT_EQ(op_list({{"a\nb", "c", S_IFREG, 12, -5, true},
			   {"dir", "there/it is", S_IFDIR, 0, 0, false}}),
		  "imon-apply 1 2\n"
		  "move\0a\nb\0c\0f\0"
		  "12\0-5\0replace\0"
		  "move\0dir\0there/it is\0d\0"
		  "0\0"
		  "0\0keep\0"s);
	EXPECT_EQ(op_list({}), "imon-apply 1 0\n");
}

TEST(op_list, cannot_hold_every_path)
{
	const std::string name(255, 'x');
	std::string longest = name;
	while (longest.size() + 256 <= 4095)
		longest += '/' + name;
	EXPECT_TRUE(can_apply({longest, name, S_IFLNK}));
	EXPECT_FALSE(can_apply({longest + '/' + name, "b", S_IFREG}));
	EXPECT_FALSE(can_apply({"a", name + 'x', S_IFREG}));
	EXPECT_FALSE(can_apply({"a", "", S_IFDIR}));
	EXPECT_FALSE(can_apply({"a", "b", 0}));
}

TEST(op_list, of_the_trash)
{
	const auto when = std::chrono::system_clock::from_time_t(1769903999);
	EXPECT_EQ(trash_path(when), ".imon-trash/20260131T235959Z");
	EXPECT_EQ(expire_list(when), "imon-apply 1 1\nexpire\0"
				     "20260131T235959Z\0"s);
}

struct answer {
	std::string out;
	ending end;
	std::size_t done;
	std::string why;
};

TEST(parse_apply, tells_how_far_it_came)
{
	const std::string hello = "imon-apply 1\n";
	const answer all[] = {
		{hello + "0 ok\n1 ok removed=3\n", ending::done, 2, ""},
		{hello + "0 ok\n1 failed the old name\x1b is missing\n",
		 ending::failed, 1, "the old name\\033 is missing"},
		{hello + "refused no list\n", ending::failed, 0, "no list"},
		{hello, ending::unknown, 0, "imon-apply's answer broke off"},
		{hello + "0 ok\n1 ok", ending::unknown, 1,
		 "imon-apply's answer broke off"},
		{hello + "1 ok\n0 ok\n", ending::unknown, 0,
		 "imon-apply's answer makes no sense: 1 ok"},
		{hello + "0 ok\nrefused late\n", ending::unknown, 1,
		 "imon-apply's answer makes no sense: refused late"},
		{hello + "0 okay\n", ending::unknown, 0,
		 "imon-apply's answer makes no sense: 0 okay"},
		{"", ending::unknown, 0, "imon-apply said nothing"},
		{"Welcome!\n" + hello + "0 ok\n1 ok\n", ending::unknown, 0,
		 "imon-apply was expected, but something else answered: "
		 "Welcome!"},
		{"imon-apply 2\n0 ok\n", ending::unknown, 0,
		 "imon-apply there speaks version 2 of the list; install that "
		 "of this imon-mirrord"},
	};
	for (const answer &a : all) {
		const apply_result r = parse_apply(a.out, 2);
		EXPECT_EQ(r.end, a.end) << a.out;
		EXPECT_EQ(r.done, a.done) << a.out;
		EXPECT_EQ(r.why, a.why) << a.out;
	}
}

TEST(parse_apply, of_any_length_stays_one_short_line)
{
	const std::string flood(1'000'000, '\n');
	for (const std::string &out :
	     {flood, std::string(1'000'000, '\xff'),
	      "imon-apply 1\n0 failed " + std::string(1'000'000, '\r') + '\n'})
		EXPECT_LT(parse_apply(out, 1).why.size(), 1000u);
}

TEST(parse_probe, takes_no_other_answer)
{
	const auto good = parse_probe(
		"imon-apply 1\n"
		"0 ok version=0.1.0 free=4096 inodes=7 rsync=yes time=1000\n");
	ASSERT_TRUE(good);
	EXPECT_EQ(good->free_inodes, 7u);
	EXPECT_EQ(good->time, 1000u);
	EXPECT_EQ(good->version, "0.1.0");
	EXPECT_EQ(good->free_bytes, 4096u);
	EXPECT_TRUE(good->rsync);
	for (const char *line :
	     {"", "0 ok", "0 ok version=", "0 ok version=1 free=", "1 ok",
	      "0 ok version=1 free=x rsync=yes",
	      "0 ok version=1 free=1 rsync=maybe",
	      "0 ok version=1 free=99999999999999999999 rsync=yes"})
		EXPECT_FALSE(parse_probe("imon-apply 1\n"s + line + '\n'))
			<< line;
	EXPECT_FALSE(parse_probe("imon-apply 2\n0 ok version=1 free=1 "
				 "rsync=yes\n"));
}

TEST(parse_probe, some_filesystems_do_not_count_inodes)
{
	const auto good = parse_probe(
		"imon-apply 1\n0 ok version=0.1.0 free=1 rsync=no time=1\n");
	ASSERT_TRUE(good);
	EXPECT_FALSE(good->free_inodes);
	EXPECT_FALSE(good->rsync);
}

} // namespace
