// SPDX-License-Identifier: GPL-2.0-or-later
#include "monitor_output.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace imon;
using namespace imon::tools;

TEST(monitor_output, list)
{
	monitor_info m;
	m.id = 3;
	m.uid = 1000;
	m.pending = 2;
	watch_info tree{.id = 1, .monitor = 3, .label = "/srv/my www"};
	tree.excludes = 2;
	const watch_info foreign{.id = 1, .monitor = 4, .label = "/home"};
	watch_info file{.id = 2, .monitor = 3, .scope = IMON_SCOPE_INODE};
	file.ino = 77;
	file.dev = 8 << 20 | 1;
	file.state = IMON_WATCH_STATE_DELETED;
	EXPECT_EQ(as_text(m, {tree, foreign, file}),
		  "#3: log, of user 1000, without a reader, 2 waiting, "
		  "0 in flight\n"
		  "  #1 tree \"/srv/my www\", 2 excluded\n"
		  "  #2 inode 77 on 8:1 (deleted)\n");
}

TEST(monitor_output, titles)
{
	monitor_info m;
	m.id = 3;
	EXPECT_EQ(title_of(m), "#3");
	m.name = "web";
	EXPECT_EQ(title_of(m), "web");
	watch_info w{.id = 2};
	EXPECT_EQ(title_of(w), "#2");
	w.label = "/srv";
	EXPECT_EQ(title_of(w), "/srv");
}

TEST(monitor_output, json)
{
	monitor_info m;
	m.actor = 1;
	m.retention_sec = 60;
	m.degraded_dir = 1;
	m.degraded_subtree = 2;
	m.degraded_root = 3;
	m.memory_failures = 4;
	const auto json = as_json(m);
	EXPECT_EQ(json["actor"], true);
	EXPECT_EQ(json["retention_sec"], 60);
	EXPECT_EQ(json["degraded_dir"], 1);
	EXPECT_EQ(json["degraded_subtree"], 2);
	EXPECT_EQ(json["degraded_root"], 3);
	EXPECT_EQ(json["memory_failures"], 4);
	EXPECT_EQ(as_json(watch_info{.id = 2,
				     .scope = IMON_SCOPE_DIR,
				     .mask = IMON_EVENT_CREATE,
				     .ino = 7,
				     .dev = 8 << 20 | 1,
				     .excludes = 0})
			  .dump(),
		  R"({"id":2,"scope":"dir","state":"active",)"
		  R"("events":["create"],"ino":7,"dev":"8:1","excludes":0})");
}
