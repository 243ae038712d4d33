// SPDX-License-Identifier: GPL-2.0-or-later
#include "kinds.hpp"

#include <gtest/gtest.h>

#include <imon/error.hpp>
#include <linux/imon.h>

using namespace imon;
using namespace imon::tools;

TEST(kinds, of_a_mask)
{
	EXPECT_EQ(kinds_of(0), std::vector<std::string>{});
	EXPECT_EQ(kinds_of(IMON_EVENT_CREATE | IMON_EVENT_CLOSE_WRITE),
		  (std::vector<std::string>{"create", "close-write"}));
	EXPECT_EQ(kinds_of(1U << 31 | IMON_EVENT_UNMOUNT),
		  (std::vector<std::string>{"unmount", "bit-31"}));
}

TEST(kinds, and_back)
{
	EXPECT_EQ(mask_of("create,close-write"),
		  std::uint32_t{IMON_EVENT_CREATE | IMON_EVENT_CLOSE_WRITE});
	for (unsigned bit = 0; bit <= 5; bit++)
		EXPECT_EQ(mask_of(kinds_of(1U << bit).at(0)), 1U << bit);
	EXPECT_EQ(mask_of("exec,exit"),
		  std::uint32_t{IMON_EVENT_EXEC | IMON_EVENT_EXIT});
	EXPECT_THROW(mask_of("create,frob"), error);
	EXPECT_THROW(mask_of("dirty"), error); // comes unasked
	EXPECT_THROW(mask_of("create,,delete"), error);
	EXPECT_THROW(mask_of(""), error);
}

TEST(kinds, modes)
{
	EXPECT_EQ(mode_name(IMON_MODE_STATE), "state");
	EXPECT_EQ(mode_name(7), "mode-7");
	EXPECT_EQ(mode_of("log"), std::uint32_t{IMON_MODE_LOG});
	EXPECT_THROW(mode_of("fast"), error);
}

TEST(kinds, scopes)
{
	EXPECT_EQ(scope_name(IMON_SCOPE_INODE), "inode");
	EXPECT_EQ(scope_name(7), "scope-7");
	EXPECT_EQ(scope_of("dir"), std::uint32_t{IMON_SCOPE_DIR});
	try {
		scope_of("all");
		FAIL();
	} catch (const error &e) {
		EXPECT_EQ(e.sentence(),
			  R"("all" is no scope; there are: tree, dir, inode)");
	}
}
