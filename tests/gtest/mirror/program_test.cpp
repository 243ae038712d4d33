// SPDX-License-Identifier: GPL-2.0-or-later
//
// imon-mirror as it is run, with a daemon that says what it is told to.
#include <gmock/gmock.h>

#include <initializer_list>

#include <nlohmann/json.hpp>

#include "fake_daemon.hpp"
#include "report_json.hpp"
#include "settings_json.hpp"
#include "trial.hpp"

namespace imon::mirror {
namespace {

using mirrord::mirror_report;
using mirrord::path_report;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using json = nlohmann::ordered_json;

trial_result run_it(std::vector<std::string> argv)
{
	argv.insert(argv.begin(), IMON_MIRROR);
	return run({{argv}}, std::chrono::seconds(60)).front();
}

/// Asks a daemon that gives one answer to all.
trial_result ask(std::vector<std::string> argv, const std::string &answer)
{
	const fake_daemon daemon([&](const std::string &) { return answer; });
	argv.insert(argv.end(), {"--socket", daemon.socket()});
	return run_it(argv);
}

trial_result ask(const std::vector<std::string> &argv, const json &answer)
{
	return ask(argv, answer.dump() + '\n');
}

mirror_report www(const std::string &state, const std::string &advice = {})
{
	return {.name = "www",
		.root = "/srv/www",
		.state = "watching",
		.back_end = "imon",
		.replicas = {{.name = "web2",
			      .state = state,
			      .advice = advice,
			      .pending = 12345,
			      .lag_seconds = 90}}};
}

json status(const mirror_report &m)
{
	return {{"mirrors", mirrord::as_json(std::vector{m})}};
}

TEST(program, mistakes_of_usage)
{
	for (const std::vector<std::string> &argv :
	     std::initializer_list<std::vector<std::string>>{
		     {},
		     {"stat"},
		     {"status", "more"},
		     {"status", "--quorum", "1"},
		     {"status", "-i", "x", "--socket", "y"},
		     {"wait", "--quorum", "0"},
		     {"wait", "--quorum", "two"},
		     {"wait", "--quorum", "1", "--all"},
		     {"why"},
		     {"doctor", "--no-such"},
		     {"reload", "--replica", "web2"}}) {
		const auto r = run_it(argv);
		EXPECT_EQ(r.end.status, 2) << testing::PrintToString(argv);
		EXPECT_THAT(r.end.message, Not(IsEmpty()));
		EXPECT_THAT(r.output, IsEmpty());
	}
}

TEST(program, a_time_that_is_none)
{
	const auto r = ask({"wait", "--timeout", "soon"}, json());
	EXPECT_EQ(r.end.status, 3);
	EXPECT_THAT(r.end.message, HasSubstr("'soon'"));
}

TEST(program, nobody_listens)
{
	for (const char *command : {"status", "wait", "pause", "reload"}) {
		const auto r = run_it({command, "--socket", "/nowhere/sock"});
		EXPECT_EQ(r.end.status, 3);
		EXPECT_THAT(r.end.message,
			    HasSubstr("systemctl status imon-mirrord"));
	}
	EXPECT_THAT(run_it({"status", "--socket", std::string(200, 'x')})
			    .end.message,
		    HasSubstr("too long"));
}

TEST(program, status_for_people)
{
	auto r = ask({"status"}, status(www("in sync")));
	EXPECT_EQ(r.end.status, 0);
	EXPECT_THAT(r.output, StartsWith("www: /srv/www, watching, events "
					 "from imon\n"));
	EXPECT_THAT(r.output, HasSubstr("12,345"));
	EXPECT_THAT(r.output, HasSubstr("90 s"));
	EXPECT_THAT(r.output, HasSubstr("never"));
	r = ask({"status"}, status(www("held", "approve it")));
	EXPECT_EQ(r.end.status, 1);
	EXPECT_THAT(r.output, HasSubstr("  web2: approve it\n"));
}

TEST(program, status_for_programs)
{
	const auto answer = status(www("held", "approve it"));
	const auto r = ask({"status", "--json"}, answer);
	EXPECT_EQ(r.end.status, 1);
	EXPECT_EQ(json::parse(r.output), answer);
}

TEST(program, columns_are_as_wide_as_what_is_in_them)
{
	auto two = www("in sync");
	two.replicas.push_back({.name = "wäb3", .state = "x"});
	const auto r = ask({"status"}, status(two));
	std::istringstream lines(r.output);
	std::string line;
	std::getline(lines, line);
	std::getline(lines, line);
	const std::size_t state = line.find("STATE");
	std::getline(lines, line);
	EXPECT_EQ(line.find("in sync"), state);
	std::getline(lines, line);
	EXPECT_EQ(line.find("x "), state + 1); // one letter has two bytes
}

TEST(program, what_others_say_does_not_reach_the_terminal)
{
	auto bad = www("\033[2J\r");
	bad.replicas[0].name = "web\033]0;x\a";
	bad.replicas[0].advice = "said \033[31m";
	bad.limits = {"\033c"};
	const auto r = ask({"status"}, status(bad));
	EXPECT_EQ(r.end.status, 1);
	EXPECT_THAT(r.output, Not(HasSubstr("\033")));
	EXPECT_THAT(r.output, Not(HasSubstr("\r")));
	EXPECT_THAT(r.output, Not(HasSubstr("\a")));
}

TEST(program, why)
{
	const auto asked = [](const path_report &p) {
		return ask({"why", "/srv/www/x"},
			   json{{"paths", mirrord::as_json(std::vector{p})},
				{"settings",
				 mirrord::as_json(mirrord::settings())}});
	};
	const path_report p = {.mirror = "www", .path = "x", .replica = "web2"};
	path_report current = p, failing = p;
	current.state = "up to date";
	failing.state = "failing";
	failing.failures = 2;
	failing.last_exit = 23;
	failing.last_message = "disk full";
	EXPECT_EQ(asked(current).end.status, 0);
	EXPECT_EQ(asked(current).output, "www on web2: x is up to date\n");
	EXPECT_EQ(asked(failing).end.status, 1);
	EXPECT_EQ(asked(failing).output,
		  "www on web2: x is failing; failed 2 times; rsync's last "
		  "exit is 23: disk full\n");
}

TEST(program, why_asks_rsync_for_its_filters)
{
	mirrord::replica_settings web2;
	web2.where.name = "web2";
	web2.filters = {"- /cache/", "- *.tmp"};
	mirrord::settings in_force;
	auto &www = in_force.mirrors.emplace_back();
	www.name = "www";
	www.root = "/";
	www.replicas = {web2};
	const auto asked = [&](const std::string &path) {
		const path_report p = {.mirror = "www",
				       .path = path,
				       .replica = "web2",
				       .state = "pending"};
		return ask({"why", "/" + path},
			   json{{"paths", mirrord::as_json(std::vector{p})},
				{"settings", mirrord::as_json(in_force)}});
	};
	if (run({{{"rsync", "--version"}}}, std::chrono::seconds(60))
		    .front()
		    .end.status != 0)
		GTEST_SKIP() << "rsync is not installed";
	EXPECT_EQ(asked("no/such.tmp").output,
		  "www on web2: no/such.tmp is filtered, left out by the "
		  "filter *.tmp\n");
	EXPECT_EQ(asked("cache/x").output,
		  "www on web2: cache/x is filtered, left out by the filter "
		  "/cache/, with cache\n");
	EXPECT_EQ(asked("cache/x").end.status, 0);
	EXPECT_EQ(asked("other").output, "www on web2: other is pending\n");
	EXPECT_EQ(asked("other").end.status, 1);
	www.replicas[0].rsync = "/nowhere/rsync";
	const auto none = asked("other");
	EXPECT_EQ(none.end.status, 3);
	EXPECT_THAT(none.end.message, HasSubstr("cannot run /nowhere/rsync"));
}

TEST(program, wait)
{
	const json done = {{"reached", true}, {"holding", 2}, {"meant", 2}};
	auto r = ask({"wait"}, done);
	EXPECT_EQ(r.end.status, 0);
	EXPECT_EQ(r.output, "2 of 2 replicas hold all that happened\n");
	const fake_daemon late([](const std::string &request) {
		const json not_yet = {
			{"reached", false}, {"holding", 1}, {"meant", 2}};
		return (request.find("\"wait\"") != request.npos
				? not_yet
				: status(www("pending")))
			       .dump() +
		       '\n';
	});
	r = run_it({"wait", "--timeout", "1ms", "--socket", late.socket()});
	EXPECT_EQ(r.end.status, 1);
	EXPECT_EQ(r.output, "1 of 2 replicas holds all that happened in time; "
			    "see: web2 is pending\n");
}

TEST(program, verify_tells_the_drift)
{
	std::size_t looks = 0;
	const fake_daemon daemon([&](const std::string &request) {
		if (request.find("\"verify\"") != request.npos)
			return json{{"replicas", 1}}.dump() + '\n';
		mirror_report before = www("in sync"), after = before;
		after.replicas[0].drift = 3;
		after.replicas[0].last_verified =
			std::chrono::system_clock::now();
		looks++;
		return status(before).dump() + '\n' + status(after).dump() +
		       '\n';
	});
	const auto r =
		run_it({"verify", "--wait", "--socket", daemon.socket()});
	EXPECT_EQ(r.end.status, 1);
	EXPECT_EQ(r.output, "www on web2: 3 paths differed\n");
	EXPECT_EQ(looks, 1u);
}

TEST(program, says_which_replicas_are_meant)
{
	std::string request;
	{
		const fake_daemon daemon([&](const std::string &line) {
			request = line;
			return json{{"replicas", 1}}.dump() + '\n';
		});
		const auto r = run_it({"pause", "-m", "www", "-r", "web2",
				       "--socket", daemon.socket()});
		EXPECT_EQ(r.end.status, 0);
		EXPECT_EQ(r.output,
			  "1 replica: paused, until: imon-mirror resume\n");
	}
	const auto sent = json::parse(request);
	EXPECT_EQ(sent["command"], "pause");
	EXPECT_EQ(sent["mirror"], "www");
	EXPECT_EQ(sent["replica"], "web2");
}

TEST(program, a_refusal)
{
	const auto r = ask({"approve"}, json{{"error", "only for root"}});
	EXPECT_EQ(r.end.status, 3);
	EXPECT_EQ(r.end.message, "imon-mirror: only for root\n");
	EXPECT_THAT(r.output, IsEmpty());
}

TEST(program, garbage)
{
	const std::string answers[] = {
		"",
		"\n",
		"hello\n",
		"{\"mirrors\":\n",
		"[1,2]\n",
		"{}\n",
		"null\n",
		"{\"error\":1}\n",
		"{\"mirrors\":1,\"paths\":1,\"replicas\":\"x\",\"settings\":1}\n",
		"{\"mirrors\":[{\"name\":1,\"replicas\":[1]}],\"paths\":[1],"
		"\"settings\":{\"mirrors\":[1]}}\n",
		std::string("\xff\0\x1b[2J\n", 7),
	};
	for (const std::vector<std::string> &argv :
	     std::initializer_list<std::vector<std::string>>{
		     {"status"},
		     {"wait"},
		     {"why", "x"},
		     {"replicas"},
		     {"verify", "--wait"}})
		for (const std::string &answer : answers) {
			const auto r = ask(argv, answer);
			EXPECT_EQ(r.end.status, 3) << argv[0] << answer;
			EXPECT_THAT(r.end.message, StartsWith("imon-mirror: "));
			EXPECT_THAT(r.end.message, Not(HasSubstr("json")));
			EXPECT_THAT(r.end.message, HasSubstr("systemctl"));
			EXPECT_THAT(r.end.message, Not(HasSubstr("\033")));
			EXPECT_THAT(r.output, IsEmpty());
		}
}

TEST(program, an_answer_without_an_end)
{
	const auto r = ask({"status"}, std::string(100 << 20, 'x'));
	EXPECT_EQ(r.end.status, 3);
	EXPECT_THAT(r.end.message, HasSubstr("makes no sense"));
}

} // namespace
} // namespace imon::mirror
