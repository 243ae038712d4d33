// SPDX-License-Identifier: GPL-2.0-or-later
#include "event_output.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

using namespace imon;
using namespace imon::tools;

TEST(event_output, text)
{
	EXPECT_EQ(as_text({.mask = IMON_EVENT_CREATE | IMON_EVENT_MODIFY,
			   .type = S_IFREG,
			   .path = "a/b c"},
			  "/www"),
		  R"(create,modify "/www/a/b c")");
	EXPECT_EQ(as_text({.mask = IMON_EVENT_CREATE,
			   .type = S_IFDIR,
			   .path = "d"},
			  "/"),
		  "create /d/");
	EXPECT_EQ(as_text({.mask = IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE,
			   .type = S_IFDIR,
			   .path = ""},
			  "/www"),
		  "dirty,recursive /www/");
}

TEST(event_output, text_of_renames)
{
	event e{.mask = IMON_EVENT_RENAME, .path = "a", .new_path = "b"};
	EXPECT_EQ(as_text(e, "w"), "rename w/a -> w/b");
	e.new_path.reset();
	EXPECT_EQ(as_text(e, "w"), "rename w/a -> (outside)");
	e.path.reset();
	e.new_path = "b";
	EXPECT_EQ(as_text(e, "w"), "rename (outside) -> w/b");
}

TEST(event_output, text_without_a_root)
{
	EXPECT_EQ(as_text({.mask = IMON_EVENT_CREATE, .path = "a"}, ""),
		  "create a");
}

TEST(event_output, json)
{
	EXPECT_EQ(
		as_json({.seq = 7,
			 .watch = 2,
			 .mask = IMON_EVENT_RENAME,
			 .type = S_IFDIR,
			 .ino = 5,
			 .path = "a",
			 .new_path = "\xff"},
			"/www"),
		R"({"seq":7,"watch":2,"root":"/www","events":["rename"],)"
		R"("type":"directory","ino":5,"path":"a","new_path_b64":"/w=="})");
	EXPECT_EQ(
		as_json({.seq = 1, .mask = IMON_EVENT_DIRTY, .path = ""}, "r"),
		R"({"seq":1,"watch":0,"root":"r","events":["dirty"],)"
		R"("ino":0,"path":""})");
}

TEST(event_output, says_who)
{
	const event e{.mask = IMON_EVENT_CREATE,
		      .path = "a",
		      .who = actor{.pid = 42, .uid = 1000, .comm = "my vi"}};
	EXPECT_EQ(as_text(e, "w"), R"(create w/a (pid 42, uid 1000, "my vi"))");
	EXPECT_EQ(as_json(e, "w"),
		  R"({"seq":0,"watch":0,"root":"w","events":["create"],)"
		  R"("ino":0,"path":"a","pid":42,"uid":1000,)"
		  R"("comm":"my vi"})");
}

TEST(event_output, one_object_is_its_root)
{
	EXPECT_EQ(as_text({.mask = IMON_EVENT_MODIFY,
			   .type = S_IFREG,
			   .path = ""},
			  "/etc/passwd"),
		  "modify /etc/passwd");
}
