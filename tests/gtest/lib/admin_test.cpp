// SPDX-License-Identifier: GPL-2.0-or-later
#include <imon/admin.hpp>

#include <cerrno>
#include <memory>

#include <linux/netlink.h>

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "fake_transport.hpp"

using namespace imon;
using namespace imon::test;

namespace {

struct admin_test : testing::Test {
	fake_transport *kernel = new fake_transport;
	admin module{std::unique_ptr<transport>(kernel)};
};

bytes watch(std::uint32_t id)
{
	return u32(IMON_A_WATCH_ID, id) + u32(IMON_A_WATCH_MONITOR, 1);
}

} // namespace

TEST_F(admin_test, module)
{
	kernel->on_request = [&](const message &r) {
		kernel->push(reply(r.seq, IMON_CMD_MODULE_GET,
				   u32(IMON_A_MODULE_INSTANCE, 9)));
		kernel->push(answer(r.seq));
	};
	EXPECT_EQ(module.module().instance, 9U);
}

TEST_F(admin_test, lists_come_in_many_datagrams)
{
	kernel->on_request = [&](const message &r) {
		kernel->push(reply(r.seq, r.command, watch(1)) +
			     reply(r.seq, r.command, watch(2)));
		kernel->push(reply(r.seq, r.command, watch(3)));
		kernel->push(done(r.seq));
	};
	const auto list = module.watches();
	ASSERT_EQ(list.size(), 3U);
	EXPECT_EQ(list[2].id, 3U);
}

TEST_F(admin_test, a_list_that_changed_meanwhile_is_read_anew)
{
	kernel->on_request = [&](const message &r) {
		const bool first = kernel->sent.size() == 1;
		kernel->push(reply(r.seq, r.command, watch(1)));
		kernel->push(done(r.seq, 0, first ? NLM_F_DUMP_INTR : 0));
	};
	EXPECT_EQ(module.watches().size(), 1U);
	EXPECT_EQ(kernel->sent.size(), 2U);
}

TEST_F(admin_test, a_list_that_never_holds_still_is_given_up)
{
	kernel->on_request = [&](const message &r) {
		kernel->push(done(r.seq, 0, NLM_F_DUMP_INTR));
	};
	EXPECT_THROW(module.monitors(), error);
}

TEST_F(admin_test, malformed_items_are_refused)
{
	kernel->on_request = [&](const message &r) {
		kernel->push(reply(r.seq, r.command, {}));
		kernel->push(done(r.seq));
	};
	EXPECT_THROW(module.watches(), error);
}

TEST_F(admin_test, an_answer_without_its_reply_is_refused)
{
	kernel->on_request = [&](const message &r) {
		kernel->push(answer(r.seq));
	};
	EXPECT_THROW(module.module(), error);
	EXPECT_THROW(module.create({.name = "x"}), error);
	EXPECT_THROW(module.add(1, 0, {}), error);
	EXPECT_NO_THROW(module.remove("x"));
	EXPECT_NO_THROW(module.remove(1, 2));
	EXPECT_NO_THROW(module.exclude(1, 2, 0));
	EXPECT_NO_THROW(module.include(1, 2, 0));
}
