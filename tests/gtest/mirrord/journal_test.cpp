// SPDX-License-Identifier: GPL-2.0-or-later
#include "journal.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "sandbox.hpp"

using namespace imon::mirrord;
using namespace std::string_literals;

namespace {

const epoch first{"boot", "1", "mirrord:x", "8:1 2"};

struct journal_test : testing::Test {
	sandbox files;
	std::string file = files.top / "x.journal";

	static imon::event event(std::uint64_t seq, const std::string &path)
	{
		return {.seq = seq,
			.watch = 0,
			.mask = 5,
			.type = 0100000,
			.ino = ~0ull,
			.path = path,
			.new_path = {}};
	}
};

TEST_F(journal_test, keeps_events_as_they_are)
{
	std::vector<imon::event> all = {event(3, "a\n\0\xff"s), event(4, "")};
	all[1].new_path = "b";
	all.push_back(event(5, "c"));
	all[2].path.reset();
	{
		journal j(file);
		j.begin(first);
		j.append(all);
	}
	journal j(file);
	EXPECT_EQ(j.begun(), first);
	EXPECT_EQ(j.last(), 5u);
	std::vector<imon::event> found;
	j.replay(3, [&](const imon::event &e) { found.push_back(e); });
	EXPECT_EQ(found, std::vector(all.begin() + 1, all.end()));
	j.prune(4);
	EXPECT_EQ(j.size(), 1u);
	j.prune(5);
	EXPECT_EQ(j.last(), 5u) << "also when none is left";
}

TEST_F(journal_test, keeps_where_a_replica_stands)
{
	standing where{.position = 7,
		       .initial = false,
		       .paused = true,
		       .filters = "- *.tmp\0+ x"s,
		       .last_success = wall_time(std::chrono::seconds(5)),
		       .last_verified = {},
		       .drift = 1};
	tasks todo = {{"\xff\n", {.tree = true, .keep = true, .inode = 12}}};
	{
		journal j(file);
		j.begin(first);
		j.keep("web2", where, todo);
		j.keep("web3", where, {});
	}
	journal j(file);
	EXPECT_EQ(j.replica("web2"), where);
	const tasks found = j.todo("web2");
	ASSERT_EQ(found.size(), 1u);
	const task &t = found.at("\xff\n");
	EXPECT_TRUE(t.tree && t.keep && !t.content);
	EXPECT_EQ(t.inode, 12u);
	j.keep("web2", where, {});
	EXPECT_TRUE(j.todo("web2").empty());
	j.keep_only({"web2"});
	EXPECT_FALSE(j.replica("web3"));
}

TEST_F(journal_test, forgets_events_in_a_new_epoch_and_knows_the_replicas)
{
	journal j(file);
	j.begin(first);
	j.append({event(1, "a")});
	standing before;
	before.position = 1;
	before.initial = false;
	before.paused = true;
	j.keep("web2", before, {{"a", {}}});
	epoch second = first;
	second.boot = "another";
	j.begin(second);
	EXPECT_EQ(j.size() + j.last() + j.todo("web2").size(), 0u);
	const standing there = j.replica("web2").value();
	EXPECT_EQ(there.position, 0u);
	EXPECT_TRUE(there.initial && there.paused);
}

TEST_F(journal_test, puts_a_damaged_one_aside)
{
	sandbox::write(file, std::string(10'000, 'x'));
	journal j(file);
	EXPECT_EQ(j.damaged(), file + ".damaged");
	EXPECT_TRUE(std::filesystem::exists(j.damaged()));
	EXPECT_FALSE(j.begun());
}

TEST_F(journal_test, is_for_one_daemon_at_a_time)
{
	journal j(file);
	j.begin(first);
	try {
		journal other(file);
		FAIL() << "opened twice";
	} catch (const journal_error &e) {
		EXPECT_STREQ(e.what(), "another imon-mirrord has it open");
	}
	EXPECT_EQ(j.begun(), first);
}

TEST_F(journal_test, says_when_the_disk_is_full_and_goes_on_when_it_is_not)
{
	journal j(file);
	j.begin(first);
	j.append({event(1, "a")});
	std::vector<imon::event> many;
	for (std::uint64_t i = 2; i < 20'000; i++)
		many.push_back(event(i, std::string(200, 'n')));
	rlimit before{}, small{};
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = 1 << 20;
	std::signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	EXPECT_THROW(j.append(many), journal_error);
	setrlimit(RLIMIT_FSIZE, &before);
	EXPECT_EQ(j.last(), 1u);
	j.append(many);
	EXPECT_EQ(j.size(), 19'999u);
}

} // namespace
