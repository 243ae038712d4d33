// SPDX-License-Identifier: GPL-2.0-or-later
#include "mounts.hpp"

#include <gmock/gmock.h>

#include "sandbox.hpp"

using namespace imon::mirrord;

namespace {

TEST(mounts, are_found_below_a_directory)
{
	const sandbox s;
	sandbox::write(s.top / "mounts", "none /srv tmpfs rw 0 0\n"
					 "none /srv/a\\040b/c tmpfs rw 0 0\n"
					 "none /srvx tmpfs rw 0 0\n");
	EXPECT_THAT(mounts_below("/srv", s.top / "mounts"),
		    testing::ElementsAre("a b/c"));
	EXPECT_THAT(mounts_below("/", s.top / "mounts"),
		    testing::ElementsAre("srv", "srv/a b/c", "srvx"));
}

TEST(mounts, are_hidden_by_name)
{
	EXPECT_EQ(hide_mount("a/b"), "/a/b/*");
	EXPECT_EQ(hide_mount("a*[b]?"), "/a\\*\\[b]\\?/*");
}

} // namespace
