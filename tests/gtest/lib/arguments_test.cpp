// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include "monitor_arguments.hpp"
#include "watch_arguments.hpp"

using namespace imon;
using namespace imon::tools;

namespace {

struct arguments_test : testing::Test {
	arguments_test()
	{
		watches.declare(app);
		declare_monitor_arguments(app, monitor);
		declare_detached_arguments(app, monitor);
	}

	void parse(const std::string &line)
	{
		app.parse(line);
		watches.check();
	}

	CLI::App app;
	watch_arguments watches;
	monitor_options monitor;
};

} // namespace

TEST_F(arguments_test, of_a_monitor)
{
	parse("--mode state --queue 2M --window 20ms --actor --user 4711 "
	      "--retention 7d /srv");
	EXPECT_EQ(monitor.mode, std::uint32_t{IMON_MODE_STATE});
	EXPECT_EQ(monitor.queue_bytes, 2U << 20);
	EXPECT_EQ(monitor.window, std::chrono::milliseconds(20));
	EXPECT_TRUE(monitor.actor);
	EXPECT_EQ(monitor.uid, 4711U);
	EXPECT_EQ(monitor.retention, std::chrono::hours(7 * 24));
}

TEST_F(arguments_test, of_watches)
{
	parse("--mask create,exec --exclude a /srv --exclude b /home");
	EXPECT_EQ(watches.scope, std::uint32_t{IMON_SCOPE_TREE});
	EXPECT_EQ(watches.mask,
		  std::uint32_t{IMON_EVENT_CREATE | IMON_EVENT_EXEC});
	EXPECT_EQ(watches.paths, (std::vector<std::string>{"/srv", "/home"}));
	EXPECT_EQ(watches.excludes, (std::vector<std::string>{"a", "b"}));
}

TEST_F(arguments_test, the_module_decides_what_is_not_said)
{
	parse("/srv");
	EXPECT_EQ(monitor.queue_bytes, 0U);
	EXPECT_EQ(monitor.window.count(), 0);
	EXPECT_EQ(monitor.retention.count(), 0);
	EXPECT_FALSE(monitor.actor);
	EXPECT_FALSE(monitor.uid);
	EXPECT_EQ(watches.mask, 0U);
}

TEST_F(arguments_test, users_have_names)
{
	parse("--user root /srv");
	EXPECT_EQ(monitor.uid, 0U);
}

TEST_F(arguments_test, nonsense_is_wrong_usage)
{
	for (const char *line :
	     {"--user no-such-user x", "--user 4294967295 x", "--user 1x x",
	      "--user -1 x", "--retention 7 x", "--retention 7w x",
	      "--retention -1s x", "--retention 99999d x", "--window 1h x",
	      "--scope all x", "--scope dir --exclude y x"})
		EXPECT_THROW(parse(line), CLI::ParseError) << line;
	EXPECT_NO_THROW(parse("--scope tree --exclude y x"));
}
