// SPDX-License-Identifier: GPL-2.0-or-later
#include <imon/monitor.hpp>

#include <cerrno>
#include <deque>
#include <memory>

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "fake_transport.hpp"

using namespace imon;
using namespace imon::test;

namespace {

/// A module with one monitor: what waits in its queue is pulled one record a
/// datagram, and the dump goes on as the reader receives, as in the kernel.
struct monitor_test : testing::Test {
	monitor_test()
	{
		kernel->on_request = [this](const message &r) { serve(r); };
		kernel->on_receive = [this] { go_on(); };
	}

	void serve(const message &r)
	{
		switch (r.command) {
		case IMON_CMD_MONITOR_CREATE:
		case IMON_CMD_MONITOR_ATTACH:
		case IMON_CMD_WATCH_ADD:
			// The one attribute that both sets have at this place.
			kernel->push(
				reply(r.seq, r.command,
				      u32(IMON_A_MONITOR_ID, 1) +
					      u32(IMON_A_MONITOR_INSTANCE, 9)));
			kernel->push(answer(r.seq));
			break;
		case IMON_CMD_EVENT_PULL:
			if (refuse_pull) {
				kernel->push(answer(r.seq, refuse_pull));
				break;
			}
			dump = r.seq;
			go_on();
			break;
		default:
			kernel->push(answer(r.seq));
		}
	}

	/// Puts the next part of the dump into the socket.
	void go_on()
	{
		if (!dump || stalled)
			return;
		if (queue.empty()) {
			const auto seq = std::exchange(dump, 0);
			if (at_end)
				std::exchange(at_end, {})();
			kernel->push(done(seq));
			return;
		}
		const event e{.seq = ++last_seq,
			      .watch = 1,
			      .mask = IMON_EVENT_CREATE,
			      .path = queue.front()};
		queue.pop_front();
		kernel->push(
			reply(dump, IMON_CMD_EVENT_PULL, attributes_of(e)));
	}

	/// An event happens.
	void happen(const std::string &path, bool with_wake = true)
	{
		queue.push_back(path);
		if (with_wake)
			kernel->push(wake());
	}

	void make(const std::string &name = {})
	{
		monitor_options options;
		options.name = name;
		m = monitor::create(options,
				    std::unique_ptr<transport>(kernel));
	}

	/// Makes a monitor and gets the first, empty pull over with.
	void make_idle()
	{
		make();
		collect();
		ASSERT_FALSE(kernel->readable());
		kernel->sent.clear();
	}

	dispatch_result collect()
	{
		return m->dispatch([this](const event &e) {
			seen.push_back(e.path.value_or("?"));
		});
	}

	fake_transport *kernel = new fake_transport;
	std::unique_ptr<monitor> m;
	std::deque<std::string> queue;
	std::function<void()> at_end; ///< just before a dump says that it ends
	std::uint32_t dump = 0;
	std::uint64_t last_seq = 0;
	int refuse_pull = 0;
	bool stalled = false; ///< no memory to go on
	std::vector<std::string> seen;
};

using names = std::vector<std::string>;
using commands = std::vector<unsigned>;

} // namespace

TEST_F(monitor_test, anonymous_is_attached_by_making_it)
{
	make();
	EXPECT_EQ(m->id(), 1U);
	EXPECT_EQ(m->instance(), 9U);
	EXPECT_EQ(m->name(), "imon");
	EXPECT_EQ(kernel->sent,
		  (commands{IMON_CMD_MONITOR_CREATE, IMON_CMD_EVENT_PULL}));
}

TEST_F(monitor_test, named_is_made_and_then_attached)
{
	make("web");
	EXPECT_EQ(kernel->sent,
		  (commands{IMON_CMD_MONITOR_CREATE, IMON_CMD_MONITOR_ATTACH,
			    IMON_CMD_EVENT_PULL}));
}

TEST_F(monitor_test, what_waited_before_attaching_makes_it_readable)
{
	happen("old", false);
	m = monitor::attach("web", std::unique_ptr<transport>(kernel));
	EXPECT_TRUE(kernel->readable());
	EXPECT_EQ(collect().records, 1U);
	EXPECT_EQ(seen, names{"old"});
}

TEST_F(monitor_test, a_refused_attach_throws)
{
	kernel->on_request = [&](const message &r) {
		kernel->push(answer(r.seq, EBUSY, "it has a reader"));
	};
	EXPECT_THROW(monitor::attach("web", std::unique_ptr<transport>(kernel)),
		     error);
}

TEST_F(monitor_test, hands_out_in_order_all_that_waits)
{
	make_idle();
	happen("a");
	happen("b");
	happen("c");
	const auto result = collect();
	EXPECT_EQ(result.records, 3U);
	EXPECT_EQ(result.gone, 0);
	EXPECT_EQ(seen, (names{"a", "b", "c"}));
	EXPECT_FALSE(kernel->readable());
	// What comes after the end of a pull has a wake of its own.
	EXPECT_TRUE(queue.empty());
}

TEST_F(monitor_test, dispatch_needs_no_wake)
{
	make_idle();
	happen("a", false);
	EXPECT_EQ(collect().records, 1U);
}

TEST_F(monitor_test, a_wake_behind_the_last_look_is_followed)
{
	make_idle();
	at_end = [this] { happen("late"); };
	collect();
	EXPECT_EQ(seen, names{"late"});
}

TEST_F(monitor_test, a_wake_met_while_asking_leaves_the_socket_readable)
{
	make_idle();
	happen("a");
	m->ack(0);
	EXPECT_TRUE(kernel->readable());
	collect();
	EXPECT_EQ(seen, names{"a"});
	EXPECT_FALSE(kernel->readable());
}

TEST_F(monitor_test, a_wake_met_while_a_request_fails_leaves_it_readable)
{
	make_idle();
	kernel->on_request = [this](const message &r) {
		if (r.command != IMON_CMD_EVENT_ACK)
			return serve(r);
		happen("a");
		kernel->push(answer(r.seq, EINVAL, "no"));
	};
	EXPECT_THROW(m->ack(5), error);
	EXPECT_TRUE(kernel->readable());
}

TEST_F(monitor_test, records_met_while_asking_are_kept)
{
	make(); // leaves a pull in flight
	happen("a", false);
	collect();
	happen("b");
	m->ack(1); // takes in the wake, pulls
	m->ack(1); // takes in the record
	m->ack(1); // and the end
	EXPECT_TRUE(kernel->readable());
	collect();
	EXPECT_EQ(seen, (names{"a", "b"}));
}

TEST_F(monitor_test, the_handler_may_acknowledge)
{
	make_idle();
	for (const char *path : {"a", "b", "c"})
		happen(path, false);
	m->dispatch([this](const event &e) {
		seen.push_back(*e.path);
		m->ack(e.seq);
	});
	EXPECT_EQ(seen, (names{"a", "b", "c"}));
	EXPECT_FALSE(kernel->readable());
}

TEST_F(monitor_test, a_handler_that_throws_loses_nothing)
{
	make_idle();
	for (const char *path : {"a", "b", "c"})
		happen(path, false);
	const auto throwing = [this](const event &e) {
		seen.push_back(*e.path);
		throw 1;
	};
	EXPECT_THROW(m->dispatch(throwing), int);
	EXPECT_TRUE(kernel->readable());
	EXPECT_THROW(m->dispatch(throwing), int);
	EXPECT_TRUE(kernel->readable());
	collect();
	EXPECT_EQ(seen, (names{"a", "b", "c"}));
}

TEST_F(monitor_test, many_in_a_datagram_survive_a_throw)
{
	make_idle();
	kernel->on_request = [this](const message &r) {
		if (r.command != IMON_CMD_EVENT_PULL || last_seq)
			return serve(r);
		bytes all;
		for (const char *path : {"a", "b"})
			all = all + reply(r.seq, r.command,
					  attributes_of({.seq = ++last_seq,
							 .watch = 1,
							 .mask = 1,
							 .path = path}));
		kernel->push(all + done(r.seq));
	};
	EXPECT_THROW(m->dispatch([](const event &) { throw 1; }), int);
	EXPECT_TRUE(kernel->readable());
	collect();
	EXPECT_EQ(seen, names{"b"});
}

TEST_F(monitor_test, the_handler_may_dispatch)
{
	make_idle();
	kernel->on_request = [this](const message &r) {
		bytes all;
		for (const char *path : {"a", "b", "c"})
			all = all + reply(r.seq, r.command,
					  attributes_of({.seq = ++last_seq,
							 .watch = 1,
							 .mask = 1,
							 .path = path}));
		kernel->on_request = [this](const message &next) {
			serve(next);
		};
		kernel->push(all + done(r.seq));
	};
	m->dispatch([this](const event &e) {
		seen.push_back(*e.path);
		collect();
	});
	EXPECT_EQ(seen, (names{"a", "b", "c"}));
	EXPECT_FALSE(kernel->readable());
}

TEST_F(monitor_test, what_the_kernel_dropped_may_have_been_a_wake)
{
	make_idle();
	at_end = [this] {
		happen("a", false);
		kernel->push_error(ENOBUFS);
	};
	collect();
	EXPECT_EQ(seen, names{"a"});
}

TEST_F(monitor_test, a_dump_that_stalled_is_set_going_again)
{
	make_idle();
	happen("a", false);
	stalled = true;
	kernel->on_request = [this](const message &r) {
		if (r.command != IMON_CMD_EVENT_PULL)
			stalled = false;
		serve(r);
	};
	EXPECT_EQ(collect().records, 1U);
	EXPECT_EQ(kernel->sent,
		  (commands{IMON_CMD_EVENT_PULL, IMON_CMD_MODULE_GET}));
}

TEST_F(monitor_test, a_pull_without_memory_is_repeated)
{
	make_idle();
	refuse_pull = ENOMEM;
	happen("a", false);
	kernel->on_receive = [this] {
		refuse_pull = 0;
		go_on();
	};
	EXPECT_EQ(collect().gone, 0);
	EXPECT_EQ(seen, names{"a"});
}

TEST_F(monitor_test, an_unloaded_module_is_noticed_and_stays_so)
{
	make_idle();
	refuse_pull = ENOENT;
	kernel->push(unloaded("imon"));
	EXPECT_EQ(collect().gone, ENODEV);
	EXPECT_EQ(collect().gone, ENODEV);
	try {
		m->ack(1);
		FAIL();
	} catch (const error &e) {
		EXPECT_EQ(e.code().value(), ENODEV);
	}
}

TEST_F(monitor_test, an_unloading_met_while_asking_is_noticed)
{
	make_idle();
	refuse_pull = ENOENT;
	kernel->push(unloaded("imon"));
	m->ack(0);
	EXPECT_TRUE(kernel->readable());
	EXPECT_EQ(collect().gone, ENODEV);
}

TEST_F(monitor_test, a_deleted_monitor_is_gone)
{
	make_idle();
	refuse_pull = ENOENT;
	EXPECT_EQ(collect().gone, ENODEV);
	EXPECT_TRUE(kernel->readable()); // as at the end of a file
}

TEST_F(monitor_test, a_record_that_cannot_be_read_ends_it)
{
	make_idle();
	kernel->on_request = [this](const message &r) {
		kernel->push(
			reply(r.seq, r.command, u32(IMON_A_EVENT_MASK, 1)));
		kernel->push(done(r.seq));
	};
	EXPECT_EQ(collect().gone, EBADMSG);
}

TEST_F(monitor_test, a_broken_datagram_ends_it_after_what_came_whole)
{
	make_idle();
	kernel->on_request = [this](const message &r) {
		kernel->push(reply(r.seq, r.command,
				   attributes_of({.seq = 1,
						  .watch = 1,
						  .mask = 1,
						  .path = "whole"})) +
			     raw({1, 2, 3}));
	};
	const auto result = collect();
	EXPECT_EQ(result.gone, EBADMSG);
	EXPECT_EQ(result.records, 1U);
	EXPECT_EQ(seen, names{"whole"});
}

TEST_F(monitor_test, add_tree_returns_the_watch)
{
	make_idle();
	kernel->on_request = [this](const message &r) {
		kernel->push(reply(r.seq, r.command,
				   u32(IMON_A_WATCH_ID, 5) +
					   u32(IMON_A_WATCH_MONITOR, 1)));
		kernel->push(answer(r.seq));
	};
	EXPECT_EQ(m->add_tree(3, "/www"), 5U);
	EXPECT_EQ(m->add(3, {.scope = IMON_SCOPE_DIR}), 5U);
}

TEST_F(monitor_test, many_are_added_with_one_request)
{
	make_idle();
	std::string ids;
	kernel->on_request = [&](const message &r) {
		kernel->push(reply(r.seq, r.command,
				   attribute(IMON_A_WATCH_IDS, ids)));
		kernel->push(answer(r.seq));
	};
	const std::vector<int> fds{3, 4, 5};
	ids = std::string("\7\0\0\0\10\0\0\0", 8);
	EXPECT_EQ(m->add(fds, {.scope = IMON_SCOPE_INODE}),
		  (std::vector<std::uint32_t>{7, 8}));
	EXPECT_TRUE(m->add(std::span<const int>(), {}).empty());
	// None, a half, and more than were asked for.
	for (const std::size_t size : {0, 6, 16}) {
		ids = std::string(size, '\1');
		EXPECT_THROW(m->add(fds, {.scope = IMON_SCOPE_INODE}), error);
	}
}

TEST_F(monitor_test, a_watch_can_be_changed_and_removed)
{
	make_idle();
	m->exclude(5, 3);
	m->include(5, 3);
	m->remove(5);
	EXPECT_EQ(kernel->sent,
		  (commands{IMON_CMD_WATCH_EXCLUDE, IMON_CMD_WATCH_INCLUDE,
			    IMON_CMD_WATCH_DEL}));
}
