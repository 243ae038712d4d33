// SPDX-License-Identifier: GPL-2.0-or-later
#include "child.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "sandbox.hpp"

using namespace imon::mirrord;
namespace fs = std::filesystem;

namespace {

struct child_test : testing::Test {
	sandbox files;
	source_tree tree{files.source};
	poller loop;
	child_launcher programs{loop, tree};
	std::string printed;
	std::optional<exit_report> report;

	exit_report run(const std::vector<std::string> &argv,
			std::string input = {})
	{
		const auto job = start(argv, std::move(input));
		while (!report)
			loop.wait(std::nullopt);
		return *report;
	}

	std::unique_ptr<job> start(const std::vector<std::string> &argv,
				   std::string input = {})
	{
		report.reset();
		return programs.start(
			argv, std::move(input),
			[this](std::string_view chunk) { printed += chunk; },
			[this](const exit_report &r) { report = r; });
	}
};

TEST_F(child_test, runs_inside_the_source)
{
	EXPECT_EQ(run({"touch", "here"}).status, 0);
	EXPECT_TRUE(fs::exists(files.source / "here"));
}

TEST_F(child_test, takes_more_input_than_a_pipe_holds)
{
	const std::string input(1'000'000, 'x');
	EXPECT_EQ(run({"sh", "-c", "wc -c >count"}, input).status, 0);
	std::ifstream count(files.source / "count");
	int n = 0;
	count >> n;
	EXPECT_EQ(n, 1'000'000);
}

TEST_F(child_test, reports_status_and_complaints)
{
	const exit_report r =
		run({"sh", "-c", "echo 'no way' >&2; echo more >&2; exit 23"});
	EXPECT_EQ(r.status, 23);
	EXPECT_EQ(r.message, "no way\nmore\n");
	EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}).status, 128 + 9);
}

TEST_F(child_test, does_not_wait_for_what_the_program_left_behind)
{
	EXPECT_EQ(run({"sh", "-c", "sleep 1000 & exit 3"}).status, 3);
}

TEST_F(child_test, says_when_the_program_is_missing)
{
	const exit_report r = run({"/no/such/program"});
	EXPECT_EQ(r.status, -1);
	EXPECT_EQ(r.message,
		  "cannot run /no/such/program: No such file or directory");
}

TEST_F(child_test, runs_nothing_when_the_source_was_replaced)
{
	fs::rename(files.source, files.top / "old");
	fs::create_directory(files.source);
	EXPECT_EQ(run({"touch", "here"}).status, -1);
	EXPECT_TRUE(fs::is_empty(files.source));
	EXPECT_EQ(tree.lost(), "source replaced by another directory");
}

TEST_F(child_test, ends_when_told_to)
{
	const auto job = start({"sleep", "1000"});
	job->terminate();
	while (!report)
		loop.wait(std::nullopt);
	EXPECT_EQ(report->status, 128 + 15);
}

} // namespace
