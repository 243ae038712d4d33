// SPDX-License-Identifier: GPL-2.0-or-later
#include "conversation.hpp"

#include <cerrno>
#include <memory>

#include <linux/netlink.h>

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "codec.hpp"
#include "fake_transport.hpp"

using namespace imon;
using namespace imon::test;

namespace {

struct conversation_test : testing::Test {
	/// The error of a request that the kernel answers with @p datagram.
	error error_after(const bytes &datagram)
	{
		kernel->on_request = [=, this](const message &) {
			kernel->push(datagram);
		};
		try {
			talk.ask(codec::module_get());
		} catch (const error &e) {
			return e;
		}
		return {0, "no error"};
	}

	fake_transport *kernel = new fake_transport;
	std::vector<unsigned> strays;
	conversation talk{
		std::unique_ptr<transport>(kernel),
		[this](const message &m) { strays.push_back(m.command); }};
};

} // namespace

TEST_F(conversation_test, hands_over_the_answer_and_nothing_else)
{
	kernel->on_request = [&](const message &r) {
		kernel->push(wake());
		kernel->push(reply(r.seq, IMON_CMD_MODULE_GET, u32(1, 1)) +
			     reply(r.seq + 1, IMON_CMD_EVENT_PULL, {}));
		kernel->push(answer(r.seq));
		kernel->push(wake());
	};
	std::vector<unsigned> got;
	talk.ask(codec::module_get(),
		 [&](const message &m) { got.push_back(m.command); });
	EXPECT_EQ(got, std::vector<unsigned>{IMON_CMD_MODULE_GET});
	EXPECT_EQ(strays,
		  (std::vector<unsigned>{IMON_CMD_WAKE, IMON_CMD_EVENT_PULL}));
	EXPECT_TRUE(kernel->readable()); // the second wake is for poll()
}

TEST_F(conversation_test, requests_have_numbers_of_their_own)
{
	std::vector<std::uint32_t> numbers;
	kernel->on_request = [&](const message &r) {
		numbers.push_back(r.seq);
		kernel->push(answer(r.seq));
	};
	talk.ask(codec::module_get());
	talk.ask(codec::module_get());
	EXPECT_EQ(numbers, (std::vector<std::uint32_t>{1, 2}));
}

TEST_F(conversation_test, refusals_speak_the_kernels_words)
{
	const auto e = error_after(answer(1, EBUSY, "another socket reads it"));
	EXPECT_EQ(e.code().value(), EBUSY);
	EXPECT_EQ(e.sentence(), "another socket reads it");
}

TEST_F(conversation_test, refusals_without_words_are_explained)
{
	const auto e = error_after(answer(1, EPERM));
	EXPECT_EQ(e.code().value(), EPERM);
	EXPECT_NE(e.sentence().find("CAP_SYS_ADMIN"), std::string::npos);
}

TEST_F(conversation_test, a_family_that_is_no_more_was_unloaded)
{
	const auto e = error_after(answer(1, ENOENT));
	EXPECT_EQ(e.code().value(), ENODEV);
	EXPECT_NE(e.sentence().find("modprobe imon"), std::string::npos);
}

TEST_F(conversation_test, a_lost_answer_is_an_error_and_not_for_ever)
{
	kernel->on_request = [&](const message &) {
		kernel->push_error(ENOBUFS);
	};
	try {
		talk.ask(codec::module_get());
		FAIL();
	} catch (const error &e) {
		EXPECT_EQ(e.code().value(), ENOBUFS);
	}
}

TEST_F(conversation_test, an_answer_after_something_was_dropped_counts)
{
	kernel->on_request = [&](const message &r) {
		kernel->push_error(ENOBUFS);
		kernel->push(answer(r.seq));
	};
	EXPECT_NO_THROW(talk.ask(codec::module_get()));
}

TEST_F(conversation_test, malformed_answers_are_refused)
{
	EXPECT_EQ(error_after(raw({1, 2, 3})).code().value(), EBADMSG);
}

TEST_F(conversation_test, an_interrupted_listing_is_said)
{
	std::uint16_t flags = NLM_F_DUMP_INTR;
	kernel->on_request = [&](const message &r) {
		kernel->push(reply(r.seq, IMON_CMD_WATCH_LIST, {}, flags));
		kernel->push(done(r.seq));
	};
	EXPECT_FALSE(talk.ask(codec::watch_list()));
	flags = 0;
	EXPECT_TRUE(talk.ask(codec::watch_list()));
}
