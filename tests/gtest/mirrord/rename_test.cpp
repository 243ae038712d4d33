// SPDX-License-Identifier: GPL-2.0-or-later
#include "rename.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

using namespace imon::mirrord;

namespace {

using tree = std::map<std::string, source_object>;

std::size_t good(const std::vector<imon::mirrord::rename> &renames,
		 const tree &source)
{
	return borne_out(renames,
			 [&](const std::string &path)
				 -> std::optional<source_object> {
				 const auto found = source.find(path);
				 if (found == source.end())
					 return std::nullopt;
				 return found->second;
			 })
		.size();
}

imon::mirrord::rename moved(std::string from, std::string to,
			    std::uint64_t inode, bool directory = true)
{
	return {std::move(from), std::move(to), directory, inode, 1, {}};
}

constexpr source_object directory(std::uint64_t inode)
{
	return {.inode = inode, .type = S_IFDIR};
}

TEST(borne_out, is_what_is_still_true)
{
	EXPECT_EQ(good({moved("a", "b", 1)}, {{"b", directory(1)}}), 1u);
	EXPECT_EQ(good({moved("a", "b", 1)}, {{"b", directory(2)}}), 0u);
	EXPECT_EQ(good({moved("a", "b", 1)}, {}), 0u);
}

TEST(borne_out, follows_later_renames)
{
	EXPECT_EQ(good({moved("a", "b", 1), moved("b", "c", 1)},
		       {{"c", directory(1)}}),
		  2u);
	EXPECT_EQ(good({moved("a/x", "a/y", 2), moved("a", "c", 1)},
		       {{"c", directory(1)}, {"c/y", directory(2)}}),
		  2u);
}

TEST(borne_out, knows_a_deployment_from_an_exchange)
{
	const tree deployed = {{"previous", directory(1)},
			       {"current", directory(2)}};
	EXPECT_EQ(good({moved("current", "previous", 1),
			moved("new", "current", 2)},
		       deployed),
		  2u);
	EXPECT_EQ(good({moved("current", "previous", 1)}, deployed), 0u)
		<< "who brought the new one is not known yet";
}

TEST(borne_out, gives_what_a_file_is_to_look_like)
{
	const auto moves =
		borne_out({moved("a", "b", 1, false)}, [](const std::string &) {
			return source_object{.inode = 1,
					     .type = S_IFREG,
					     .size = 5,
					     .mtime_ns = 7};
		});
	ASSERT_EQ(moves.size(), 1u);
	EXPECT_EQ(moves[0].size, 5u);
	EXPECT_EQ(moves[0].mtime_ns, 7);
}

} // namespace
