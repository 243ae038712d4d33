// SPDX-License-Identifier: GPL-2.0-or-later
#include "instance.hpp"

#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include <imon/error.hpp>

using namespace imon::mirrord;

namespace {

constexpr uid_t root = 0, user = 1000;

class places : public ::testing::Test {
protected:
	places()
	{
		for (const char *name :
		     {"STATE_DIRECTORY", "RUNTIME_DIRECTORY", "XDG_STATE_HOME",
		      "XDG_RUNTIME_DIR", "HOME"})
			unsetenv(name);
	}
};

TEST_F(places, of_the_system)
{
	EXPECT_EQ(default_state_directory(root), "/var/lib/imon-mirrord");
	EXPECT_EQ(default_control_socket(root, "web"),
		  "/run/imon-mirrord/web.sock");
}

TEST_F(places, that_the_service_manager_made)
{
	setenv("STATE_DIRECTORY", "/var/lib/x:/var/lib/y", 1);
	setenv("RUNTIME_DIRECTORY", "/run/x", 1);
	for (const uid_t who : {root, user}) {
		EXPECT_EQ(default_state_directory(who), "/var/lib/x");
		EXPECT_EQ(default_control_socket(who, "web"),
			  "/run/x/web.sock");
	}
}

TEST_F(places, of_a_user)
{
	EXPECT_THROW(default_state_directory(user), imon::error);
	EXPECT_EQ(default_control_socket(user, "web"),
		  "/run/user/1000/imon-mirrord/web.sock");
	setenv("HOME", "/home/me", 1);
	EXPECT_EQ(default_state_directory(user),
		  "/home/me/.local/state/imon-mirrord");
	setenv("XDG_STATE_HOME", "/s", 1);
	setenv("XDG_RUNTIME_DIR", "/r", 1);
	EXPECT_EQ(default_state_directory(user), "/s/imon-mirrord");
	EXPECT_EQ(default_control_socket(user, "web"),
		  "/r/imon-mirrord/web.sock");
}

TEST(instance, is_called_like_the_first_mirror)
{
	settings all;
	all.mirrors.resize(2);
	all.mirrors[0].name = "www";
	all.state_directory = "/s";
	complete(all);
	EXPECT_EQ(all.instance, "www");
	EXPECT_EQ(all.state_directory, "/s");
	EXPECT_TRUE(all.control_socket.ends_with("/www.sock"));
}

TEST(default_name, is_readable_where_that_is_exact)
{
	EXPECT_EQ(default_name("/var/www"), "var-www");
	EXPECT_EQ(default_name("/srv"), "srv");
	EXPECT_EQ(default_name("/srv/a_b.c"), "srv-a_b.c");
}

TEST(default_name, is_valid_and_another_for_every_root)
{
	const std::string roots[] = {
		"/",
		"/a/b",
		"/a-b",
		"/a b",
		"/a_b",
		"/.a",
		"/-a",
		"/\xff\xfe",
		"/\xfe\xff",
		"/" + std::string(200, 'x'),
		"/" + std::string(201, 'x'),
	};
	std::set<std::string> names;
	for (const std::string &path : roots) {
		EXPECT_NO_THROW(check_name(default_name(path))) << path;
		EXPECT_TRUE(names.insert(default_name(path)).second) << path;
	}
}

} // namespace
