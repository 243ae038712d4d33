// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace imon::apply;
using namespace std::string_literals;

namespace {

std::string why_refused(const std::string &input)
{
	try {
		parse_request(input);
	} catch (const refusal &r) {
		return r.what();
	}
	return {};
}

std::string of_one(const std::string &operation)
{
	return "imon-apply 1 1\n" + operation;
}

std::string moving(const std::string &from, const std::string &to)
{
	return of_one("move\0"s + from + '\0' + to + "\0f\0001\0002\0keep\0"s);
}

TEST(parse_request, reads_every_operation)
{
	const request all = parse_request(
		"imon-apply 1 3\n"
		"move\0a\nb/c\0d\0f\00018446744073709551615\0-1\0replace\0"
		"expire\00020260131T235959Z\0"
		"probe\0"s);
	ASSERT_EQ(all.size(), 3u);
	const move &m = std::get<move>(all[0]);
	EXPECT_EQ(m.old_path, "a\nb/c");
	EXPECT_EQ(m.new_path, "d");
	EXPECT_EQ(m.type, mode_t{S_IFREG});
	EXPECT_EQ(m.size, UINT64_MAX);
	EXPECT_EQ(m.mtime_ns, -1);
	EXPECT_TRUE(m.replace);
	EXPECT_EQ(std::get<expire>(all[1]).older_than, "20260131T235959Z");
	EXPECT_TRUE(std::holds_alternative<probe>(all[2]));
}

TEST(parse_request, lets_paths_only_lead_down)
{
	EXPECT_EQ(why_refused(moving("...", "-a/.b/\xff")), "");
	for (const std::string &path :
	     {""s, "/"s, "/etc"s, "."s, ".."s, "a/.."s, "../a"s, "a/../b"s,
	      "a/./b"s, "a//b"s, "a/"s}) {
		EXPECT_EQ(why_refused(moving(path, "b")),
			  "a path is not plain and relative")
			<< path;
		EXPECT_EQ(why_refused(moving("b", path)),
			  "a path is not plain and relative")
			<< path;
	}
	EXPECT_EQ(why_refused(moving(std::string(255, 'x'), "b")), "");
	EXPECT_EQ(why_refused(moving(std::string(256, 'x'), "b")),
		  "a name is too long");
	EXPECT_EQ(why_refused(moving(std::string(4096, 'x'), "b")),
		  "the list broke off, or a field is too long");
}

TEST(parse_request, refuses_what_was_cut_off_or_goes_on)
{
	const std::string good = moving("a", "b");
	EXPECT_EQ(why_refused(good), "");
	for (std::size_t size = 0; size < good.size(); size++)
		EXPECT_NE(why_refused(good.substr(0, size)), "") << size;
	EXPECT_EQ(why_refused(good + "probe\0"s),
		  "more follows than was announced");
	EXPECT_EQ(why_refused("imon-apply 1 10001\n"),
		  "there are more than 10000 operations");
	EXPECT_EQ(why_refused("imon-apply 1\n"),
		  "the count of operations is missing");
	EXPECT_EQ(why_refused("imon-apply 1 x\n"),
		  "the count of operations is no number");
}

TEST(parse_request, refuses_what_it_does_not_know)
{
	EXPECT_EQ(why_refused(of_one("chmod\0"s)), "an operation is unknown");
	EXPECT_EQ(why_refused(of_one("move\0a\0b\0D\0001\0002\0keep\0"s)),
		  "a type is unknown");
	EXPECT_EQ(why_refused(of_one("move\0a\0b\0f\0-1\0002\0keep\0"s)),
		  "a size is no number");
	EXPECT_EQ(why_refused(of_one("move\0a\0b\0f\0001\0002x\0keep\0"s)),
		  "a time is no number");
	EXPECT_EQ(why_refused(of_one("move\0a\0b\0f\0001\0002\0\0"s)),
		  "a move neither replaces nor keeps");
	for (const std::string &stamp :
	     {""s, "20260131T235959"s, "20260131T235959Z/"s,
	      "x0260131T235959Z"s, "../../../../../.."s})
		EXPECT_EQ(why_refused(of_one("expire\0"s + stamp + '\0')),
			  "a time stamp is malformed")
			<< stamp;
}

TEST(parse_request, tells_another_version_from_garbage)
{
	for (const auto &[input, other] : {std::pair{"imon-apply 2 1\n", true},
					   {"imon-apply 2\n", true},
					   {"imon-apply  1 1\n", true},
					   {"hello\n", false},
					   {"", false}}) {
		try {
			parse_request(input);
			ADD_FAILURE() << input;
		} catch (const refusal &r) {
			EXPECT_EQ(r.other_version, other) << input;
		}
	}
}

} // namespace
