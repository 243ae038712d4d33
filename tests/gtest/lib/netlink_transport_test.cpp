// SPDX-License-Identifier: GPL-2.0-or-later
#include "netlink_transport.hpp"

#include <cerrno>

#include <unistd.h>

#include <gtest/gtest.h>

#include <imon/error.hpp>

TEST(netlink_transport, says_how_to_load_the_module)
{
	if (::access("/sys/module/imon", F_OK) == 0)
		GTEST_SKIP() << "the module is loaded";
	try {
		const imon::netlink_transport t;
		FAIL() << "connected to a module that is not there";
	} catch (const imon::error &e) {
		EXPECT_EQ(e.code().value(), ENODEV);
		EXPECT_EQ(e.sentence(),
			  "the imon module is not loaded; load it with: "
			  "modprobe imon (or insmod kmod/imon.ko)");
	}
}
