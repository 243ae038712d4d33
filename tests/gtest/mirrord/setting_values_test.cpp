// SPDX-License-Identifier: GPL-2.0-or-later
#include "setting_values.hpp"

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "nearest.hpp"
#include "quantity.hpp"
#include "rsync_arguments.hpp"

using namespace imon::mirrord;
using namespace std::chrono_literals;

namespace {

TEST(quantity, of_time)
{
	const std::pair<const char *, std::chrono::milliseconds> all[] = {
		{"0", 0ms},   {"5ms", 5ms}, {"90s", 90s}, {"10m", 10min},
		{"12h", 12h}, {"3d", 72h},  {"1w", 168h}, {"1500ms", 1500ms},
	};
	for (const auto &[text, time] : all) {
		EXPECT_EQ(parse_duration(text), time) << text;
		EXPECT_EQ(parse_duration(duration_text(time)), time) << text;
	}
	EXPECT_EQ(duration_text(60s), "1m");
	EXPECT_EQ(duration_text(168h), "1w");
	for (const char *text : {"", "5", "ms", "5 ms", "+5s", "-5s", "0x5s",
				 "5S", "5s ", "1.5h", "99999999999999999999s",
				 "521w9", "18446744073709551615w", "3654d"})
		EXPECT_THROW(parse_duration(text), imon::error) << text;
}

TEST(quantity, of_a_rate)
{
	EXPECT_EQ(parse_rate("0"), 0);
	EXPECT_EQ(parse_rate("512K"), 512);
	EXPECT_EQ(parse_rate("10M"), 10240);
	EXPECT_EQ(parse_rate("2G"), 2 << 20);
	for (const std::uint64_t kib : {0, 1, 1023, 1024, 10240, 1 << 20})
		EXPECT_EQ(parse_rate(rate_text(kib)), kib);
	for (const char *text : {"", "10", "K", "10m", "10MB", "-1K", "2000G",
				 "99999999999999999999K"})
		EXPECT_THROW(parse_rate(text), imon::error) << text;
}

TEST(setting_values, tell_where_events_come_from)
{
	back_end events = back_end::any;
	const taker take = back_end_to(events);
	for (const char *text : {"fanotify", "imon", "auto"}) {
		take(text);
		EXPECT_EQ(back_end_text(events), text);
	}
	EXPECT_EQ(events, back_end::any);
	for (const char *text : {"", "any", "inotify", "Imon"})
		EXPECT_THROW(take(text), imon::error) << text;
}

TEST(nearest, finds_what_was_meant)
{
	const std::vector<std::string> words{"replica", "rsync", "rsh", "to"};
	EXPECT_EQ(nearest("replcia", words), "replica");
	EXPECT_EQ(nearest("replicas", words), "replica");
	EXPECT_EQ(nearest("rsnyc", words), "rsync");
	EXPECT_EQ(nearest("ssh", words), "rsh");
	EXPECT_EQ(nearest("too", words), "to");
	EXPECT_EQ(nearest("target", words), std::nullopt);
	EXPECT_EQ(nearest("", words), std::nullopt);
	EXPECT_EQ(nearest(std::string(100'000, 'x'), words), std::nullopt);
}

TEST(rsync_arguments, filters_in_every_form)
{
	for (const char *rule :
	     {"- *.swp", "+ /a b", "-_x", "-! x", "-/ /x", "-s x", "- -",
	      "exclude x", "include x", "protect /x", "P /x", "R /x", "H x",
	      "S x", "hide x", "show x", "risk x"})
		EXPECT_NO_THROW(check_filter(rule)) << rule;
	for (const char *rule :
	     {"!", "clear", ". /etc/rules", "merge,- x", ":- .gitignore",
	      ": .rules", "dir-merge,n- .x", "", "x", "*.swp", "-", "- ",
	      "-x.swp", "excluded x", "/a/b", "! x", " - x", "clear x"})
		EXPECT_THROW(check_filter(rule), imon::error) << rule;
}

TEST(rsync_arguments, options)
{
	for (const char *option : {"-z", "--no-acls", "--chmod=D755"})
		EXPECT_NO_THROW(check_rsync_option(option)) << option;
	for (const char *option :
	     {"", "-", "--", "/etc", "-n", "--dry-run", "--files-from=/x",
	      "--remove-source-files", "-F", "--cvs-exclude",
	      "--exclude-from=/x", "--filter=: .rules", "--filter=!",
	      "--filter"})
		EXPECT_THROW(check_rsync_option(option), imon::error) << option;
}

} // namespace
