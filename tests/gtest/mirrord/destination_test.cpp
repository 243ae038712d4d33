// SPDX-License-Identifier: GPL-2.0-or-later
#include "destination.hpp"

#include <gtest/gtest.h>

#include <imon/error.hpp>

using namespace imon::mirrord;
using way = destination::way;

namespace {

struct good {
	const char *text;
	way by;
	const char *target;
};

TEST(destination, understands_every_form)
{
	const good all[] = {
		{"web2", way::shell, "web2:/var/www/"},
		{"me@web2", way::shell, "me@web2:/var/www/"},
		{"web2:/srv/www", way::shell, "web2:/srv/www/"},
		{"web2:/srv/www/", way::shell, "web2:/srv/www/"},
		{"web2:under/home", way::shell, "web2:under/home/"},
		{"[::1]", way::shell, "[::1]:/var/www/"},
		{"me@[::1]", way::shell, "me@[::1]:/var/www/"},
		{"[::1]:/srv", way::shell, "[::1]:/srv/"},
		{"rsync://web3/www", way::rsyncd, "rsync://web3/www/"},
		{"rsync://u@web3:8730/www/a b", way::rsyncd,
		 "rsync://u@web3:8730/www/a b/"},
		{"web3::www/sub", way::rsyncd, "web3::www/sub/"},
		{"/mnt/backup", way::local, "/mnt/backup/"},
		{"/mnt/a:b", way::local, "/mnt/a:b/"},
	};
	for (const good &g : all)
		EXPECT_EQ(parse_destination(g.text, "/var/www"),
			  (destination{g.by, g.text, g.target}));
}

TEST(destination, of_the_root_directory)
{
	EXPECT_EQ(parse_destination("web2", "/").target, "web2:/");
}

TEST(destination, refuses_what_it_does_not_understand)
{
	for (const char *text :
	     {"", "-oProxyCommand=reboot", "me@-oProxyCommand=reboot:/",
	      "relative/path", "./here", ":/path", "web2:", "web3::",
	      "web3::/www", "[::1", "rsync://", "rsync:///www", "rsync://web3",
	      "rsync://web3/", "rsync://web3//x"})
		EXPECT_THROW(parse_destination(text, "/var/www"), imon::error)
			<< text;
}

} // namespace
