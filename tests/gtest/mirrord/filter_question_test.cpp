// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the real rsync says of its filters.
#include "filter_question.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "child.hpp"
#include "sandbox.hpp"

using namespace imon::mirrord;
using answers = std::map<std::string, std::string>;

namespace {

struct filter_question_test : testing::Test {
	sandbox files;
	source_tree tree{files.source};
	poller loop;
	child_launcher programs{loop, tree};
	replica_settings how;

	filter_question_test()
	{
		how.where = {destination::way::rsyncd, "web::www", "web::www"};
	}

	/// What is left out of these; a slash at the end says that it is a
	/// directory.
	std::optional<answers> ask(std::initializer_list<std::string> names)
	{
		std::map<std::string, bool> all;
		for (std::string name : names) {
			const bool directory = name.ends_with('/');
			if (directory)
				name.pop_back();
			all.emplace(name, directory);
		}
		filter_question question(how, all);
		std::string printed;
		std::optional<exit_report> report;
		const auto job = programs.start(
			question.command(), question.input(),
			[&](std::string_view chunk) { printed += chunk; },
			[&](const exit_report &r) { report = r; });
		while (!report)
			loop.wait(std::nullopt);
		if (report->status == -1)
			return std::nullopt;
		EXPECT_EQ(report->status, 0) << report->message;
		std::istringstream lines(printed);
		for (std::string line; std::getline(lines, line);)
			question.take_line(line);
		auto hidden = question.left_out();
		if (hidden)
			hidden->erase(".imon-trash");
		return hidden;
	}

	void SetUp() override
	{
		if (!ask({}))
			GTEST_SKIP() << "rsync is not installed";
	}
};

TEST_F(filter_question_test, names_what_is_left_out)
{
	how.filters = {"+ /cache/kept", "- /cache/", "- *.tmp"};
	EXPECT_EQ(ask({"cache/", "cache/kept", "a.tmp", "b/", "b/c.tmp/"}),
		  (answers{{"cache", "/cache/"},
			   {"a.tmp", "*.tmp"},
			   {"b/c.tmp", "*.tmp"}}));
	EXPECT_EQ(ask({"cache"}), answers{}); // a file
}

TEST_F(filter_question_test, whatever_the_name_is)
{
	how.filters = {"- *x*"};
	const std::string odd = "x because of pattern y\n\\#012\377";
	EXPECT_EQ(ask({odd, "dir y/", "dir y/x z"}),
		  (answers{{odd, "*x*"}, {"dir y/x z", "*x*"}}));
}

TEST_F(filter_question_test, rules_in_options)
{
	how.filters = {"- *.o"};
	how.rsync_options = {"--password-file=/etc/secret", "--exclude=*.a",
			     "--contimeout=5"};
	EXPECT_EQ(ask({"a.o", "b.a", "c"}),
		  (answers{{"a.o", "*.o"}, {"b.a", "*.a"}}));
}

TEST_F(filter_question_test, notices_that_nothing_is_said)
{
	how.filters = {"- *.o"};
	how.rsync_options = {"--quiet"};
	EXPECT_EQ(ask({"a.o"}), std::nullopt);
}

TEST_F(filter_question_test, leaves_nothing_behind)
{
	how.scratch = files.source;
	{
		const filter_question question(how, {{"a/b", true}});
		EXPECT_FALSE(std::filesystem::is_empty(files.source));
	}
	EXPECT_TRUE(std::filesystem::is_empty(files.source));
}

TEST(has_filters, in_either_list)
{
	replica_settings how;
	how.rsync_options = {"-z", "--chmod=D755"};
	EXPECT_FALSE(has_filters(how));
	how.rsync_options.push_back("--exclude=x");
	EXPECT_TRUE(has_filters(how));
	how.rsync_options.clear();
	how.filters = {"- x"};
	EXPECT_TRUE(has_filters(how));
}

} // namespace
