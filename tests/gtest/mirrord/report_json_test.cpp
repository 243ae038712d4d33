// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_json.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "control_request.hpp"
#include "settings_json.hpp"

using namespace imon::mirrord;
using namespace std::chrono_literals;

namespace {

TEST(report_json, HasAllOfAMirror)
{
	mirror_report www = {.name = "www",
			     .root = "/var/\xff",
			     .state = "halted",
			     .halted = "gone",
			     .back_end = "fanotify",
			     .limits = {"no memory", "\xfe"},
			     .events = 1,
			     .replicas = {{.name = "web2"}}};
	replica_report &web2 = www.replicas[0];
	web2.lag_seconds = 1.5;
	web2.last_success = wall_time(1'700'000'000s);
	web2.last_exit = 23;
	web2.renames = true;
	const auto json = as_json(std::vector{www});
	EXPECT_EQ("L3Zhci//", json[0]["root_b64"]);
	EXPECT_EQ("2023-11-14T22:13:20Z",
		  json[0]["replicas"][0]["last_success"]);
	EXPECT_TRUE(json[0]["replicas"][0]["last_verified"].is_null());

	const auto back =
		mirrors_of(nlohmann::ordered_json::parse(json.dump()));
	EXPECT_EQ(json, as_json(back));
	EXPECT_EQ(www.root, back[0].root);
	EXPECT_EQ(www.limits, back[0].limits);
	EXPECT_EQ(web2.last_success, back[0].replicas[0].last_success);
	EXPECT_EQ(23, back[0].replicas[0].last_exit);
	EXPECT_EQ(1.5, back[0].replicas[0].lag_seconds);
}

TEST(report_json, HasAllOfAPath)
{
	const std::vector<path_report> paths = {{.mirror = "www",
						 .path = "a\nb",
						 .replica = "web2",
						 .state = "failing",
						 .failures = 3,
						 .retry_seconds = 0.5}};
	const auto back =
		paths_of(nlohmann::ordered_json::parse(as_json(paths).dump()));
	EXPECT_EQ(as_json(paths), as_json(back));
	EXPECT_EQ("a\nb", back[0].path);
	EXPECT_EQ(3u, back[0].failures);
	EXPECT_EQ(std::nullopt, back[0].last_exit);
}

TEST(report_json, HasAllSettings)
{
	settings s;
	s.state_directory = "/var/lib/imon";
	s.metrics = "127.0.0.1:1";
	s.mirrors.emplace_back().events = back_end::fanotify;
	mirror_settings &m = s.mirrors[0];
	m.window = 7ms;
	m.guard.window = 5s;
	m.hooks.after = {"/bin/true", "\xff"};
	replica_settings &r = m.replicas.emplace_back();
	r.where = {destination::way::rsyncd, "web2::www", "web2::www/"};
	r.trash = 7h;
	const settings back =
		settings_of(nlohmann::ordered_json::parse(as_json(s).dump()));
	EXPECT_EQ(s.mirrors, back.mirrors);
	EXPECT_EQ(s.metrics, back.metrics);
	EXPECT_EQ(s.configuration, back.configuration);
	EXPECT_EQ(as_json(s), as_json(back));
}

TEST(report_json, ARequestIsUnderstood)
{
	const control_request asked = {.command = "why",
				       .which = {"www", "web2"},
				       .path = "/\xff",
				       .quorum = 2,
				       .follow = true};
	const control_request understood =
		parse_control_request(line_of(asked));
	EXPECT_EQ(line_of(asked), line_of(understood));
	EXPECT_EQ(asked.path, understood.path);
	EXPECT_EQ(2u, understood.quorum);
}

} // namespace
