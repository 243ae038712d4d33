// SPDX-License-Identifier: GPL-2.0-or-later
#include "login.hpp"

#include <gtest/gtest.h>

using namespace imon::apply;

namespace {

TEST(understand, knows_what_imon_mirrord_asks_for)
{
	for (const char *directory : {"/it's www", "/it's www/"})
		for (const char *command :
		     {"imon-apply -- '/it'\\''s www/'",
		      "imon-apply -- '/it'\\''s www'",
		      "/opt/bin/imon-apply -- '/it'\\''s www/'"})
			EXPECT_EQ(understand(command, directory),
				  wish::this_program)
				<< command << " for " << directory;
	EXPECT_EQ(understand("imon-apply -- /", "/"), wish::this_program);
}

TEST(understand, is_not_talked_into_another_directory)
{
	for (const char *command :
	     {"imon-apply", "imon-apply ", "imon-apply -- ",
	      "imon-apply -- /etc/", "imon-apply -- /var/www/../x",
	      "imon-apply -- /var/www//", "imon-apply -- /var/www; reboot",
	      "imon-apply --forced /var/www reboot",
	      "imon-apply -- /var/www $(reboot)"})
		EXPECT_EQ(understand(command, "/var/www"), wish::elsewhere)
			<< command;
}

TEST(understand, leaves_other_programs_to_others)
{
	for (const char *command :
	     {"", "rsync --server . /var/www/", "imon-applyx -- /var/www",
	      "imon-apply/x -- /var/www", " imon-apply -- /var/www",
	      "'imon-apply' -- /var/www"})
		EXPECT_EQ(understand(command, "/var/www"), wish::other)
			<< command;
}

} // namespace
