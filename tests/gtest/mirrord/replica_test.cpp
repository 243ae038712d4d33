// SPDX-License-Identifier: GPL-2.0-or-later
#include "replica.hpp"

#include <gmock/gmock.h>

#include "fake_launcher.hpp"
#include "sandbox.hpp"

using namespace imon::mirrord;
using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

namespace {

mirror_settings unguarded()
{
	mirror_settings m;
	m.guard = {.deletions = 0, .percent = 0};
	return m;
}

replica_settings local_replica()
{
	replica_settings r;
	r.where = {destination::way::local, "b", "/b/"};
	return r;
}

struct replica_test : testing::Test {
	sandbox files;
	mirror_settings m = unguarded();
	replica_settings how;
	fake_launcher programs;
	backlog work{1};
	replica r{m, how, work, programs, {}, 1};
	clock::time_point now = clock::now();

	explicit replica_test(const replica_settings &as = local_replica())
		: how(as)
	{
	}

	/// One batch, up to its end.
	void batch(int status, const std::string &message = {})
	{
		r.start(files.open().get(), {}, now);
		programs.end(status, message);
		r.settle(now);
	}

	void initial_sync()
	{
		sandbox::write(files.source / "file", "");
		work.add("", {.tree = true});
		batch(0);
	}
};

TEST_F(replica_test, sends_the_batch_and_settles_it)
{
	initial_sync();
	work.add("file", {.since = 1});
	EXPECT_LE(r.due().value(), now);
	r.start(files.open().get(), {}, now);
	EXPECT_TRUE(r.running());
	EXPECT_FALSE(r.due());
	EXPECT_EQ(programs.calls.back().input, "./file\0"s);
	EXPECT_EQ(programs.calls.back().argv.back(), "/b/");
	programs.end(0);
	EXPECT_TRUE(r.finished());
	r.settle(now);
	EXPECT_TRUE(work.empty());
	EXPECT_EQ(r.status(), "in sync");
}

TEST_F(replica_test, waits_longer_the_longer_the_replica_is_down)
{
	initial_sync();
	work.add("file", {.since = 1});
	clock::duration before = 0s;
	for (int i = 0; i < 10; i++) {
		batch(10, "refused");
		const auto wait = *r.due() - now;
		EXPECT_GE(
			wait,
			std::min<clock::duration>(
				std::max<clock::duration>(before, 750ms), 45s));
		EXPECT_LE(wait, 60s);
		before = wait;
		now = *r.due();
	}
	EXPECT_THAT(r.status(), HasSubstr("refused"));
	EXPECT_EQ(work.since(), 1u);
	batch(0);
	EXPECT_EQ(r.status(), "in sync");
}

TEST_F(replica_test, narrows_a_partial_failure_down_at_once)
{
	initial_sync();
	work.add("bad", {.since = 1});
	work.add("good", {.since = 2});
	batch(23);
	EXPECT_LE(*r.due(), now);
	batch(23);
	EXPECT_LE(*r.due(), now);
	batch(0);
	EXPECT_EQ(work.size(), 1u);
	EXPECT_GT(*r.due(), now);
	EXPECT_THAT(r.status(), HasSubstr("1 failing"));
}

TEST_F(replica_test, does_not_hammer_a_replica_on_which_nothing_works)
{
	initial_sync();
	for (int i = 0; i < 100; i++)
		work.add(std::to_string(i), {.since = 1});
	for (int i = 0; i < 16; i++)
		batch(23);
	EXPECT_LE(*r.due(), now);
	batch(23, "read-only");
	EXPECT_GT(*r.due(), now);
	EXPECT_THAT(r.status(), HasSubstr("read-only"));
}

TEST_F(replica_test, deletes_nothing_for_an_empty_source)
{
	work.add("", {.tree = true});
	r.start(files.open().get(), {}, now);
	EXPECT_THAT(programs.calls.back().argv, Contains(delete_nothing));
	programs.end(25, "Deletions stopped due to --max-delete limit (1 "
			 "skipped)\n");
	r.settle(now);
	EXPECT_TRUE(r.would_be_emptied());
}

struct guarded_replica : replica_test {
	guarded_replica()
	{
		m.guard = {.deletions = 2, .percent = 0};
		initial_sync();
	}

	/// Three files that were mirrored are gone.
	void lose_three()
	{
		for (const char *path : {"a", "b", "c"})
			work.add(path, {.since = 1});
	}
};

TEST_F(guarded_replica, holds_deletions_until_they_are_approved)
{
	lose_three();
	const std::size_t before = programs.calls.size();
	r.start(files.open().get(), {}, now);
	EXPECT_EQ(programs.calls.size(), before) << "nothing is run";
	EXPECT_FALSE(r.due());
	EXPECT_EQ(r.report(now).state, "held");
	EXPECT_EQ(r.report(now).held_deletions, 3u);
	EXPECT_THAT(r.report(now).advice, HasSubstr("imon-mirror approve"));
	EXPECT_TRUE(r.approve());
	work.add("file", {.since = 2});
	batch(0);
	EXPECT_TRUE(work.empty()) << "also with what came meanwhile";
	EXPECT_FALSE(r.approve()) << "once";
}

TEST_F(guarded_replica, keeps_what_is_rejected)
{
	lose_three();
	r.start(files.open().get(), {}, now);
	EXPECT_TRUE(r.reject());
	r.start(files.open().get(), {}, now);
	EXPECT_THAT(programs.calls.back().argv,
		    Contains("--ignore-missing-args"));
	programs.end(0);
	r.settle(now);
	EXPECT_TRUE(work.empty());
}

TEST_F(guarded_replica, holds_a_tree_that_would_lose_too_much)
{
	work.add("dir", {.tree = true, .since = 1});
	r.start(files.open().get(), {}, now);
	EXPECT_THAT(programs.calls.back().argv, Contains(delete_nothing));
	programs.end(25, "Deletions stopped due to --max-delete limit (3 "
			 "skipped)\n");
	r.settle(now);
	r.start(files.open().get(), {}, now);
	EXPECT_EQ(r.report(now).state, "held");
	EXPECT_TRUE(r.approve());
	r.start(files.open().get(), {}, now);
	EXPECT_THAT(programs.calls.back().argv, Contains(delete_nothing))
		<< "it may be more by now";
	programs.end(25, "Deletions stopped due to --max-delete limit (3 "
			 "skipped)\n");
	r.settle(now);
	r.start(files.open().get(), {}, now);
	EXPECT_THAT(programs.calls.back().argv, Not(Contains(delete_nothing)));
	programs.end(0);
	r.settle(now);
	EXPECT_TRUE(work.empty());
}

TEST_F(guarded_replica, needs_one_run_for_a_tree_that_loses_nothing)
{
	work.add("dir", {.tree = true, .since = 1});
	batch(0);
	EXPECT_TRUE(work.empty());
}

TEST_F(replica_test, may_delete_all_when_it_saw_it_go)
{
	initial_sync();
	std::filesystem::remove(files.source / "file");
	work.add("file", {.since = 1});
	r.start(files.open().get(), {}, now);
	EXPECT_THAT(programs.calls.back().argv, Not(Contains(delete_nothing)));
}

struct filtered_replica : replica_test {
	filtered_replica()
		: replica_test(filtered())
	{
		initial_sync();
	}

	static replica_settings filtered()
	{
		replica_settings all = local_replica();
		all.filters = {"- cache/"};
		return all;
	}

	/// Begins a batch and lets rsync leave out these of the directories that
	/// it is asked about.
	void answer(const std::vector<std::string> &hidden)
	{
		r.start(files.open().get(), {}, now);
		ASSERT_THAT(programs.calls.back().argv,
			    Contains("--debug=none,filter"));
		for (const std::string &path : hidden)
			programs.calls.back().printed(
				"[sender] hiding directory " + path +
				" because of pattern cache/\n");
		programs.end(0);
		r.settle(now);
		r.start(files.open().get(), {}, now);
	}

	const std::string ours = ".imon-trash";
};

TEST_F(filtered_replica, sends_nothing_that_lies_in_what_is_left_out)
{
	work.add("a/cache/deep/x", {.since = 1});
	work.add("a/y", {.since = 2});
	answer({ours, "a/cache"});
	EXPECT_EQ(programs.calls.back().input, "./a\0"s);
	programs.end(0);
	r.settle(now);
	EXPECT_TRUE(work.empty());
	EXPECT_EQ(r.status(), "in sync");
}

TEST_F(filtered_replica, runs_nothing_when_nothing_is_left)
{
	work.add("cache/x", {.since = 1});
	const std::size_t before = programs.calls.size();
	answer({ours, "cache"});
	EXPECT_EQ(programs.calls.size(), before + 1);
	EXPECT_TRUE(work.empty());
	EXPECT_FALSE(r.due());
}

TEST_F(filtered_replica, asks_once_about_a_directory)
{
	work.add("cache/x", {.since = 1});
	answer({ours, "cache"});
	const std::size_t before = programs.calls.size();
	work.add("cache/y", {.since = 2});
	r.start(files.open().get(), {}, now);
	EXPECT_EQ(programs.calls.size(), before);
	EXPECT_TRUE(work.empty());
}

TEST_F(filtered_replica, leaves_to_the_replica_what_was_left_out_and_is_gone)
{
	work.add("cache", {.tree = true, .since = 1});
	answer({ours, "cache"});
	EXPECT_TRUE(work.empty());
	sandbox::write(files.source / "cache", "a file now");
	work.add("cache", {.since = 2});
	r.start(files.open().get(), {}, now);
	EXPECT_EQ(programs.calls.back().input, "./cache\0"s);
}

TEST_F(filtered_replica, sends_nothing_when_rsync_does_not_answer)
{
	work.add("cache/x", {.since = 1});
	answer({"cache"});
	EXPECT_EQ(work.size(), 1u);
	EXPECT_THAT(r.status(), HasSubstr("did not say what its filters"));
	EXPECT_GT(*r.due(), now);
}

TEST_F(filtered_replica, executes_no_renames)
{
	EXPECT_FALSE(r.report(now).renames);
	EXPECT_THAT(r.report(now).renames_why, HasSubstr("filters"));
}

TEST_F(replica_test, stays_initial_until_the_whole_tree_is_there)
{
	work.add("", {.tree = true});
	batch(23);
	EXPECT_EQ(r.status(), "initial sync");
	work.add("file", {.since = 1});
	batch(0);
	EXPECT_EQ(r.status(), "initial sync");
	now += 2min;
	batch(0);
	EXPECT_EQ(r.status(), "in sync");
}

} // namespace
