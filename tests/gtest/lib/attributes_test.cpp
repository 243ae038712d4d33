// SPDX-License-Identifier: GPL-2.0-or-later
#include "attributes.hpp"

#include <gtest/gtest.h>

#include "raw_message.hpp"

using namespace imon;
using namespace imon::test;

TEST(attributes, are_written_as_netlink_has_them)
{
	bytes out;
	const auto payload = raw({1, 2, 3});
	put_attribute(out, 7, payload);
	put_attribute(out, 8, {});
	EXPECT_EQ(out, raw({7, 0, 7, 0, 1, 2, 3, 0, 4, 0, 8, 0}));
}

TEST(attributes, are_read)
{
	std::uint32_t small = 0;
	std::uint64_t large = 0;
	std::string words;
	std::optional<std::string> data;
	const auto in = raw({8, 0, 1, 0, 4, 3, 2, 1}) + u64(2, 1ULL << 40) +
			text(3, "abc") + attribute(4, std::string("\0\n", 2));
	attribute_reader reader(in);
	reader.required(1, small).required(2, large).required(3, words).binary(
		4, data);
	EXPECT_TRUE(reader.ok());
	EXPECT_EQ(small, 0x01020304U);
	EXPECT_EQ(large, 1ULL << 40);
	EXPECT_EQ(words, "abc");
	EXPECT_EQ(data, std::string("\0\n", 2));
}

TEST(attributes, flags_of_the_type_are_no_part_of_it)
{
	std::uint32_t value = 0;
	const auto in = u32(1 | 0x4000, 5); // NLA_F_NET_BYTEORDER
	attribute_reader reader(in);
	EXPECT_TRUE(reader.required(1, value).ok());
	EXPECT_EQ(value, 5U);
}

TEST(attributes, absent_ones_leave_the_value)
{
	std::uint32_t value = 5;
	std::optional<std::uint32_t> other;
	attribute_reader reader({});
	EXPECT_TRUE(reader.optional(1, value).optional(2, other).ok());
	EXPECT_EQ(value, 5U);
	EXPECT_FALSE(other);
	EXPECT_FALSE(reader.required(1, value).ok());
}

TEST(attributes, unknown_ones_are_skipped_even_twice)
{
	std::uint32_t value = 0;
	const auto in = u32(30, 1) + u32(30, 1) + u32(9000, 1) + u32(1, 5);
	attribute_reader reader(in);
	EXPECT_TRUE(reader.required(1, value).ok());
}

TEST(attributes, twice_is_malformed)
{
	std::uint32_t value = 0;
	const auto in = u32(1, 1) + u32(1, 1);
	attribute_reader reader(in);
	EXPECT_FALSE(reader.optional(1, value).ok());
}

TEST(attributes, wrong_sizes_are_malformed)
{
	std::uint32_t small = 0;
	std::uint64_t large = 0;
	std::optional<std::uint32_t> maybe;
	const auto long_one = u64(1, 1);
	const auto short_one = u32(1, 1);
	EXPECT_FALSE(attribute_reader(long_one).optional(1, small).ok());
	EXPECT_FALSE(attribute_reader(long_one).optional(1, maybe).ok());
	EXPECT_FALSE(attribute_reader(short_one).optional(1, large).ok());
}

TEST(attributes, a_string_has_one_nul_at_its_end)
{
	std::string value;
	for (const auto &payload :
	     {std::string("abc"), std::string("a\0b\0", 4), std::string()}) {
		const auto in = attribute(1, payload);
		EXPECT_FALSE(attribute_reader(in).optional(1, value).ok());
	}
	EXPECT_EQ(value, "");
}

TEST(attributes, lengths_that_lie_are_malformed)
{
	for (const auto &in : {raw({3, 0, 1, 0}),	// shorter than its head
			       raw({0, 0, 1, 0}),	// would never end
			       raw({9, 0, 1, 0, 1, 2}), // longer than the rest
			       raw({4, 0, 1})})
		EXPECT_FALSE(attribute_reader(in).ok());
}
