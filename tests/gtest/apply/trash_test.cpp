// SPDX-License-Identifier: GPL-2.0-or-later
#include "trash.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <set>

#include "sandbox.hpp"

using namespace imon::apply;
namespace fs = std::filesystem;

namespace {

constexpr const char *now = "20260201T000000Z";

class expiring : public testing::Test {
protected:
	sandbox box;
	const fs::path trash = box.source / ".imon-trash";
	imon::mirrord::descriptor root = box.open();

	expiry run() const { return expire_trash(root.get(), now); }
	std::set<std::string> left() const
	{
		std::set<std::string> names;
		for (const auto &entry : fs::directory_iterator(trash))
			names.insert(entry.path().filename());
		return names;
	}
};

TEST_F(expiring, without_a_trash_is_nothing)
{
	EXPECT_EQ(run().removed, 0u);
	EXPECT_EQ(run().why, "");
}

TEST_F(expiring, removes_what_is_older_and_nothing_else)
{
	const std::set<std::string> kept = {
		now,
		"20270101T000000Z",
		"20260101T000000",
		"20260101T000000Z.",
		"notes",
	};
	for (const std::string &name : kept)
		sandbox::write(trash / name / "x", "");
	sandbox::write(trash / "20260101T000000Z" / "a/b\n/c", "");
	fs::create_directory(trash / "20251231T235959Z");
	fs::create_symlink("nowhere", trash / "20260101T000000Z" / "link");
	const expiry result = run();
	EXPECT_EQ(result.removed, 2u);
	EXPECT_EQ(result.why, "");
	EXPECT_EQ(left(), kept);
}

TEST_F(expiring, follows_no_link)
{
	sandbox::write(box.replica / "outside", "");
	sandbox::write(trash / "20260101T000000Z/dir/x", "");
	fs::create_symlink(box.replica, trash / "20260101T000000Z/dir/link");
	fs::create_symlink(box.replica, trash / "20260102T000000Z");
	const expiry result = run();
	EXPECT_EQ(result.removed, 1u);
	EXPECT_EQ(result.why, "20260102T000000Z in the trash: "
			      "a symbolic link is in the way");
	EXPECT_TRUE(fs::exists(box.replica / "outside"));

	fs::remove_all(trash);
	fs::create_symlink(box.replica, trash);
	fs::create_directory(box.replica / "20260101T000000Z");
	EXPECT_EQ(run().why, "the trash: a symbolic link is in the way");
	EXPECT_TRUE(fs::exists(box.replica / "20260101T000000Z"));
}

TEST_F(expiring, gets_to_the_bottom_with_few_descriptors)
{
	// Names that it would choose itself, and more levels than descriptors.
	fs::path deep = trash / "20260101T000000Z";
	for (int i = 0; i < 200; i++) {
		deep /= std::to_string(i % 5);
		sandbox::write(deep / "5", "");
		fs::create_directory(deep / "6");
	}
	rlimit limit{};
	getrlimit(RLIMIT_NOFILE, &limit);
	const rlimit few = {20, limit.rlim_max};
	setrlimit(RLIMIT_NOFILE, &few);
	const expiry result = run();
	setrlimit(RLIMIT_NOFILE, &limit);
	EXPECT_EQ(result.why, "");
	EXPECT_EQ(left(), std::set<std::string>{});
}

TEST_F(expiring, takes_one_level_after_the_other)
{
	for (const char *name : {"a/b/c/d", "a/b/e/f", "0/0/0/0", "1/0/1/0"})
		sandbox::write(trash / "20260101T000000Z" / name, "");
	EXPECT_EQ(run().why, "");
	EXPECT_EQ(left(), std::set<std::string>{});
}

} // namespace
