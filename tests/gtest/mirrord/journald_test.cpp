// SPDX-License-Identifier: GPL-2.0-or-later
#include "journald.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>

using namespace imon::mirrord;

namespace {

TEST(journald, is_known_by_its_stream)
{
	const std::unique_ptr<FILE, int (*)(FILE *)> file(tmpfile(), fclose);
	struct stat st {};
	fstat(fileno(file.get()), &st);
	const std::string stream =
		std::to_string(st.st_dev) + ':' + std::to_string(st.st_ino);
	EXPECT_TRUE(is_journal(fileno(file.get()), stream.c_str()));
	EXPECT_FALSE(is_journal(fileno(file.get()), (stream + '0').c_str()));
	EXPECT_FALSE(is_journal(fileno(file.get()), ""));
	EXPECT_FALSE(is_journal(fileno(file.get()), nullptr));
	EXPECT_FALSE(is_journal(-1, stream.c_str()));
}

TEST(journald, priorities_are_those_of_syslog)
{
	EXPECT_EQ(priority(spdlog::level::err), 3);
	EXPECT_EQ(priority(spdlog::level::warn), 4);
	EXPECT_EQ(priority(spdlog::level::info), 6);
	EXPECT_EQ(priority(spdlog::level::debug), 7);
}

} // namespace
