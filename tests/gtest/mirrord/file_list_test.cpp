// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_list.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "sandbox.hpp"

using namespace imon::mirrord;
namespace fs = std::filesystem;
using namespace std::string_literals;

namespace {

TEST(file_list, hides_what_rsync_might_misread)
{
	const sandbox s;
	EXPECT_EQ(file_list(s.open().get(),
			    {{"#x", {}}, {"-rf", {}}, {"a\nb", {}}}),
		  "./#x\0./-rf\0./a\nb\0"s);
}

TEST(file_list, shortens_a_path_to_the_first_that_is_no_directory)
{
	const sandbox s;
	sandbox::write(s.source / "dir/sub/file", "");
	sandbox::write(s.source / "plain", "");
	fs::create_symlink("dir", s.source / "link");
	EXPECT_EQ(file_list(s.open().get(), {{"dir/sub/file", {}},
					     {"dir/gone/a/b", {}},
					     {"dir/gone/c", {}},
					     {"link/sub/file", {}},
					     {"plain/below", {}}}),
		  "./dir/gone\0./dir/sub/file\0./link\0./plain\0"s);
}

TEST(file_list, lists_the_root_only_when_nothing_else_brings_it_along)
{
	const sandbox s;
	EXPECT_EQ(file_list(s.open().get(), {{"", {}}}), "./\0"s);
	EXPECT_EQ(file_list(s.open().get(), {{"", {}}, {"a", {}}}), "./a\0"s);
	const task tree{.tree = true};
	EXPECT_EQ(file_list(s.open().get(), {{"", tree}, {"a", tree}}),
		  "./\0./a\0"s);
}

} // namespace
