// SPDX-License-Identifier: GPL-2.0-or-later
#include "message.hpp"

#include <cerrno>

#include <linux/netlink.h>

#include <gtest/gtest.h>

#include "raw_message.hpp"

using namespace imon;
using namespace imon::test;

namespace {

message only(const bytes &datagram)
{
	byte_view rest(datagram);
	const auto m = take_message(rest);
	EXPECT_TRUE(m);
	EXPECT_TRUE(rest.empty());
	return m.value_or(message{});
}

} // namespace

TEST(message, request_is_laid_out_for_the_kernel)
{
	request r(IMON_CMD_EVENT_PULL, NLM_F_DUMP);
	r.put(IMON_A_EVENT_MONITOR, std::uint32_t{7});
	const auto out = r.finish(0x21, 5);
	EXPECT_EQ(bytes(out.begin(), out.end()),
		  raw({28, 0, 0, 0, 0x21, 0, 0x01, 0x03, 5, 0, 0, 0, 0, 0,
		       0,  0, 9, 1, 0,	  0, 8,	   0,	 2, 0, 7, 0, 0, 0}));
}

TEST(message, request_strings_end_with_nul)
{
	request r(1, 0);
	r.put(4, std::string_view("ab"));
	const auto out = r.finish(0x21, 5);
	EXPECT_EQ(bytes(out.begin() + 20, out.end()),
		  raw({7, 0, 4, 0, 'a', 'b', 0, 0}));
}

TEST(message, acknowledgement)
{
	const auto m = only(answer(3));
	EXPECT_TRUE(m.verdict);
	EXPECT_EQ(m.error, 0);
	EXPECT_EQ(m.seq, 3U);
	EXPECT_EQ(m.sentence, "");
}

TEST(message, refusal_with_a_sentence)
{
	const auto m = only(answer(3, EBUSY, "another socket reads it"));
	EXPECT_TRUE(m.verdict);
	EXPECT_EQ(m.error, EBUSY);
	EXPECT_EQ(m.sentence, "another socket reads it");
}

TEST(message, refusal_that_quotes_the_request)
{
	const auto quoted = netlink(family, NLM_F_REQUEST, 3, u32(1, 1));
	const auto body = raw({0xff, 0xff, 0xff, 0xff}) + quoted +
			  text(NLMSGERR_ATTR_MSG, "no");
	const auto m = only(netlink(NLMSG_ERROR, NLM_F_ACK_TLVS, 3, body));
	EXPECT_EQ(m.error, EPERM);
	EXPECT_EQ(m.sentence, "no");
}

TEST(message, refusal_whose_quotation_lies_keeps_its_errno)
{
	auto quoted = netlink(family, NLM_F_REQUEST, 3, {});
	quoted[0] = std::byte{200};
	const auto body = raw({0xff, 0xff, 0xff, 0xff}) + quoted +
			  text(NLMSGERR_ATTR_MSG, "no");
	const auto m = only(netlink(NLMSG_ERROR, NLM_F_ACK_TLVS, 3, body));
	EXPECT_EQ(m.error, EPERM);
	EXPECT_EQ(m.sentence, "");
}

TEST(message, dump_ends)
{
	EXPECT_EQ(only(done(3)).error, 0);
	const auto m = only(done(3, EINVAL));
	EXPECT_TRUE(m.verdict);
	EXPECT_EQ(m.error, EINVAL);
}

TEST(message, dump_refused_with_a_sentence)
{
	const auto body =
		raw({0xff, 0xff, 0xff, 0xff}) + text(NLMSGERR_ATTR_MSG, "no");
	const auto m = only(netlink(NLMSG_DONE, NLM_F_ACK_TLVS, 3, body));
	EXPECT_EQ(m.error, EPERM);
	EXPECT_EQ(m.sentence, "no");
}

TEST(message, several_in_a_datagram)
{
	const auto datagram =
		reply(3, 9, u32(1, 1)) + reply(3, 9, u32(1, 2)) + done(3);
	byte_view rest(datagram);
	int count = 0;
	while (take_message(rest))
		count++;
	EXPECT_EQ(count, 3);
	EXPECT_TRUE(rest.empty());
}

TEST(message, cut_anywhere_is_malformed)
{
	for (const auto &whole :
	     {reply(3, 9, u32(1, 1)), answer(3, EBUSY, "x"), done(3)}) {
		for (std::size_t n = 1; n < whole.size(); n++) {
			const bytes part(whole.begin(),
					 whole.begin() + static_cast<long>(n));
			byte_view rest(part);
			EXPECT_FALSE(take_message(rest));
			EXPECT_EQ(rest.size(), n);
		}
	}
}

TEST(message, bodies_too_short_for_their_heads_are_malformed)
{
	for (const unsigned type :
	     {unsigned{NLMSG_ERROR}, unsigned{NLMSG_DONE}, unsigned{family}}) {
		const auto in =
			netlink(static_cast<std::uint16_t>(type), 0, 3, {});
		byte_view rest(in);
		EXPECT_FALSE(take_message(rest));
	}
}

TEST(message, least_errno_is_no_trap)
{
	const auto in = netlink(NLMSG_DONE, 0, 3, raw({0, 0, 0, 0x80}));
	EXPECT_EQ(only(in).error, 0);
}
