// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_name.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace imon::tools;

namespace {

std::string in_json(const std::string &name)
{
	nlohmann::ordered_json object;
	put_name(object, "path", name);
	return object.dump();
}

} // namespace

TEST(file_name, plain_ones_stay)
{
	for (const char *name :
	     {"/var/www/index.html", "-rf", "x(1)", "gr\xc3\xbc\xc3\x9f",
	      "\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x90\x99", "a'b"})
		EXPECT_EQ(quoted_name(name), name);
}

TEST(file_name, what_could_be_mistaken_is_quoted)
{
	EXPECT_EQ(quoted_name(""), R"("")");
	EXPECT_EQ(quoted_name("a b"), R"("a b")");
	EXPECT_EQ(quoted_name("a -> b"), R"("a -> b")");
	EXPECT_EQ(quoted_name("(outside)"), "\"(outside)\"");
	EXPECT_EQ(quoted_name("a\"b"), R"("a\"b")");
	EXPECT_EQ(quoted_name("a\\b"), R"("a\\b")");
}

TEST(file_name, what_would_work_on_a_terminal_is_escaped)
{
	EXPECT_EQ(quoted_name("a\nb\tc\rd"), R"("a\nb\tc\rd")");
	EXPECT_EQ(quoted_name("\x1b[2J\x7f"), R"("\033[2J\177")");
	EXPECT_EQ(quoted_name("\xc2\x9b"), R"("\302\233")"); // CSI
	EXPECT_EQ(quoted_name("\xe2\x80\xae"),
		  R"("\342\200\256")"); // right to left
}

TEST(file_name, what_is_no_utf8_is_octal)
{
	EXPECT_EQ(quoted_name("\xff"), R"("\377")");
	EXPECT_EQ(quoted_name("\xc3"), R"("\303")");	     // cut off
	EXPECT_EQ(quoted_name("\xc0\xaf"), R"("\300\257")"); // overlong
	EXPECT_EQ(quoted_name("\xe0\x80\xaf"), R"("\340\200\257")");
	EXPECT_EQ(quoted_name("\xed\xa0\x80"),
		  R"("\355\240\200")"); // surrogate
	EXPECT_EQ(quoted_name("\xf4\x90\x80\x80"), R"("\364\220\200\200")");
	EXPECT_EQ(quoted_name("\xc3(x"), R"("\303(x")");
}

TEST(file_name, json_has_strings_or_base64)
{
	EXPECT_EQ(in_json("gr\xc3\xbc\xc3\x9f\n"),
		  "{\"path\":\"gr\xc3\xbc\xc3\x9f\\n\"}");
	EXPECT_EQ(in_json("\xff"), R"({"path_b64":"/w=="})");
	EXPECT_EQ(in_json("\xff\xfe"), R"({"path_b64":"//4="})");
	EXPECT_EQ(in_json("a\xff"
			  "b"),
		  R"({"path_b64":"Yf9i"})");
}
