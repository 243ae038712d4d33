// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec.hpp"

#include <random>

#include <sys/stat.h>

#include <linux/netlink.h>

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "raw_message.hpp"

using namespace imon;
using namespace imon::test;

namespace {

/// Checks command, kind and attributes of a request.
void expect_request(request r, unsigned command, unsigned flags,
		    const bytes &attributes)
{
	auto datagram = r.finish(family, 1);
	const auto m = take_message(datagram);
	ASSERT_TRUE(m);
	EXPECT_EQ(m->command, command);
	EXPECT_EQ(m->flags, flags | NLM_F_REQUEST);
	EXPECT_EQ(bytes(m->attributes.begin(), m->attributes.end()),
		  attributes);
}

const event sample{.seq = 77,
		   .watch = 3,
		   .mask = IMON_EVENT_RENAME | IMON_EVENT_MODIFY,
		   .type = S_IFREG,
		   .ino = 1ULL << 33,
		   .path = "a/b",
		   .new_path = "a\n\xff",
		   .who = actor{.pid = 4711, .uid = 1000, .comm = "a b"}};

bytes sample_monitor()
{
	return u32(IMON_A_MONITOR_ID, 4) + u32(IMON_A_MONITOR_INSTANCE, 9) +
	       text(IMON_A_MONITOR_NAME, "web") +
	       u32(IMON_A_MONITOR_MODE, IMON_MODE_STATE) +
	       u64(IMON_A_MONITOR_QUEUE_BYTES, 16 << 20) +
	       u32(IMON_A_MONITOR_WINDOW_US, 5000) +
	       u32(IMON_A_MONITOR_UID, 1000) + u32(IMON_A_MONITOR_READER, 42) +
	       u32(IMON_A_MONITOR_WATCHES, 2) +
	       u64(IMON_A_MONITOR_HEAD_SEQ, 10) +
	       u64(IMON_A_MONITOR_ACKED_SEQ, 11) +
	       u64(IMON_A_MONITOR_PENDING, 12) +
	       u64(IMON_A_MONITOR_IN_FLIGHT, 13) +
	       u64(IMON_A_MONITOR_BYTES, 14) +
	       u64(IMON_A_MONITOR_BYTES_HIGH, 15) +
	       u64(IMON_A_MONITOR_QUEUED, 16) + u64(IMON_A_MONITOR_MERGED, 17) +
	       u64(IMON_A_MONITOR_DEGRADED, 18) +
	       u64(IMON_A_MONITOR_DELIVERED, 19) +
	       u64(IMON_A_MONITOR_REDELIVERED, 20) +
	       u64(IMON_A_MONITOR_DEGRADED_DIR, 21) +
	       u64(IMON_A_MONITOR_DEGRADED_SUBTREE, 22) +
	       u64(IMON_A_MONITOR_DEGRADED_ROOT, 23) +
	       u64(IMON_A_MONITOR_MEMORY_FAILURES, 24) +
	       u32(IMON_A_MONITOR_RETENTION_SEC, 3600) +
	       u32(IMON_A_MONITOR_ACTOR, 1);
}

} // namespace

TEST(codec, requests_without_attributes)
{
	expect_request(codec::module_get(), IMON_CMD_MODULE_GET, NLM_F_ACK, {});
	expect_request(codec::monitor_list(), IMON_CMD_MONITOR_LIST, NLM_F_DUMP,
		       {});
	expect_request(codec::watch_list(), IMON_CMD_WATCH_LIST, NLM_F_DUMP,
		       {});
}

TEST(codec, monitor_create_leaves_defaults_to_the_module)
{
	expect_request(codec::monitor_create({}), IMON_CMD_MONITOR_CREATE,
		       NLM_F_ACK, u32(IMON_A_MONITOR_MODE, IMON_MODE_LOG));
	monitor_options all;
	all.name = "web";
	all.mode = IMON_MODE_STATE;
	all.queue_bytes = 1 << 20;
	all.window = std::chrono::milliseconds(3);
	all.uid = 0;
	all.retention = std::chrono::hours(1);
	all.actor = true;
	expect_request(codec::monitor_create(all), IMON_CMD_MONITOR_CREATE,
		       NLM_F_ACK,
		       text(IMON_A_MONITOR_NAME, "web") +
			       u32(IMON_A_MONITOR_MODE, IMON_MODE_STATE) +
			       u64(IMON_A_MONITOR_QUEUE_BYTES, 1 << 20) +
			       u32(IMON_A_MONITOR_WINDOW_US, 3000) +
			       u32(IMON_A_MONITOR_UID, 0) +
			       u32(IMON_A_MONITOR_RETENTION_SEC, 3600) +
			       u32(IMON_A_MONITOR_ACTOR, 1));
}

TEST(codec, times_that_the_module_cannot_count_are_refused_here)
{
	monitor_options o;
	o.retention = std::chrono::seconds(UINT32_MAX);
	EXPECT_NO_THROW(codec::monitor_create(o));
	o.retention += std::chrono::seconds(1);
	EXPECT_THROW(codec::monitor_create(o), error);
	o.retention = std::chrono::seconds(-1);
	EXPECT_THROW(codec::monitor_create(o), error);
	o.retention = {};
	o.window = std::chrono::hours(2);
	EXPECT_THROW(codec::monitor_create(o), error);
}

TEST(codec, monitor_requests_name_the_monitor)
{
	expect_request(codec::monitor_attach(7), IMON_CMD_MONITOR_ATTACH,
		       NLM_F_ACK, u32(IMON_A_MONITOR_ID, 7));
	expect_request(codec::monitor_attach("web"), IMON_CMD_MONITOR_ATTACH,
		       NLM_F_ACK, text(IMON_A_MONITOR_NAME, "web"));
	expect_request(codec::monitor_delete("web"), IMON_CMD_MONITOR_DELETE,
		       NLM_F_ACK, text(IMON_A_MONITOR_NAME, "web"));
}

TEST(codec, names_that_the_module_cannot_hold_are_refused_here)
{
	EXPECT_THROW(codec::monitor_delete(""), error);
	EXPECT_NO_THROW(codec::monitor_attach(std::string(IMON_NAME_MAX, 'x')));
	EXPECT_THROW(codec::monitor_attach(std::string(IMON_NAME_MAX + 1, 'x')),
		     error);
}

TEST(codec, watch_requests)
{
	expect_request(codec::watch_add(7, 5, {.label = "/var/www"}),
		       IMON_CMD_WATCH_ADD, NLM_F_ACK,
		       u32(IMON_A_WATCH_MONITOR, 7) + u32(IMON_A_WATCH_FD, 5) +
			       u32(IMON_A_WATCH_SCOPE, IMON_SCOPE_TREE) +
			       text(IMON_A_WATCH_LABEL, "/var/www"));
	expect_request(codec::watch_add(7, 5, {.scope = IMON_SCOPE_INODE}),
		       IMON_CMD_WATCH_ADD, NLM_F_ACK,
		       u32(IMON_A_WATCH_MONITOR, 7) + u32(IMON_A_WATCH_FD, 5) +
			       u32(IMON_A_WATCH_SCOPE, IMON_SCOPE_INODE));
	expect_request(
		codec::watch_add(7, 5,
				 {.mask = 3, .label = std::string(300, 'x')}),
		IMON_CMD_WATCH_ADD, NLM_F_ACK,
		u32(IMON_A_WATCH_MONITOR, 7) + u32(IMON_A_WATCH_FD, 5) +
			u32(IMON_A_WATCH_SCOPE, IMON_SCOPE_TREE) +
			text(IMON_A_WATCH_LABEL, std::string(255, 'x')) +
			u32(IMON_A_WATCH_MASK, 3));
	const std::vector<int> two{5, 6}, many(300, 5);
	expect_request(codec::watch_add(7, two, {.scope = IMON_SCOPE_DIR}),
		       IMON_CMD_WATCH_ADD, NLM_F_ACK,
		       u32(IMON_A_WATCH_MONITOR, 7) +
			       u32(IMON_A_WATCH_SCOPE, IMON_SCOPE_DIR) +
			       attribute(IMON_A_WATCH_FDS,
					 std::string("\5\0\0\0\6\0\0\0", 8)));
	EXPECT_EQ(codec::watch_add(7, many, {}).finish(1, 1).size(),
		  codec::watch_add(7, std::span(many).first(256), {})
			  .finish(1, 1)
			  .size());
	expect_request(codec::watch_del(7, 2), IMON_CMD_WATCH_DEL, NLM_F_ACK,
		       u32(IMON_A_WATCH_MONITOR, 7) + u32(IMON_A_WATCH_ID, 2));
	const auto directory = u32(IMON_A_WATCH_MONITOR, 7) +
			       u32(IMON_A_WATCH_ID, 2) +
			       u32(IMON_A_WATCH_FD, 5);
	expect_request(codec::watch_exclude(7, 2, 5), IMON_CMD_WATCH_EXCLUDE,
		       NLM_F_ACK, directory);
	expect_request(codec::watch_include(7, 2, 5), IMON_CMD_WATCH_INCLUDE,
		       NLM_F_ACK, directory);
}

TEST(codec, event_requests)
{
	expect_request(codec::event_pull(7), IMON_CMD_EVENT_PULL, NLM_F_DUMP,
		       u32(IMON_A_EVENT_MONITOR, 7));
	expect_request(codec::event_ack(7, 9, 1ULL << 40), IMON_CMD_EVENT_ACK,
		       NLM_F_ACK,
		       u32(IMON_A_EVENT_MONITOR, 7) +
			       u32(IMON_A_EVENT_INSTANCE, 9) +
			       u64(IMON_A_EVENT_SEQ, 1ULL << 40));
}

TEST(codec, module)
{
	const auto in =
		u32(IMON_A_MODULE_INSTANCE, 9) +
		text(IMON_A_MODULE_VERSION, "0.1") +
		u32(IMON_A_MODULE_MONITORS, 1) + u32(IMON_A_MODULE_WATCHES, 2) +
		u32(IMON_A_MODULE_FILESYSTEMS, 3) +
		u64(IMON_A_MODULE_EVENTS, 4) + u64(IMON_A_MODULE_UNPLACED, 5) +
		u64(IMON_A_MODULE_MEMORY_FAILURES, 6);
	const auto m = codec::parse_module(in);
	ASSERT_TRUE(m);
	EXPECT_EQ(m->instance, 9U);
	EXPECT_EQ(m->version, "0.1");
	EXPECT_EQ(m->monitors, 1U);
	EXPECT_EQ(m->watches, 2U);
	EXPECT_EQ(m->filesystems, 3U);
	EXPECT_EQ(m->events, 4U);
	EXPECT_EQ(m->unplaced, 5U);
	EXPECT_EQ(m->memory_failures, 6U);
	EXPECT_FALSE(codec::parse_module({}));
}

TEST(codec, monitor)
{
	const auto m = codec::parse_monitor(sample_monitor());
	ASSERT_TRUE(m);
	EXPECT_EQ(m->id, 4U);
	EXPECT_EQ(m->instance, 9U);
	EXPECT_EQ(m->name, "web");
	EXPECT_EQ(m->mode, std::uint32_t{IMON_MODE_STATE});
	EXPECT_EQ(m->queue_bytes, 16U << 20);
	EXPECT_EQ(m->window_us, 5000U);
	EXPECT_EQ(m->uid, 1000U);
	EXPECT_EQ(m->reader, 42U);
	EXPECT_EQ(m->watches, 2U);
	const std::uint64_t counters[] = {
		m->head_seq,	     m->acked_seq,     m->pending,
		m->in_flight,	     m->bytes,	       m->bytes_high,
		m->queued,	     m->merged,	       m->degraded,
		m->delivered,	     m->redelivered,   m->degraded_dir,
		m->degraded_subtree, m->degraded_root, m->memory_failures};
	std::uint64_t expected = 10;
	for (const auto c : counters)
		EXPECT_EQ(c, expected++);
	EXPECT_EQ(m->retention_sec, 3600U);
	EXPECT_EQ(m->actor, 1U);
}

TEST(codec, monitor_without_a_name_or_a_reader)
{
	const auto m = codec::parse_monitor(u32(IMON_A_MONITOR_ID, 4) +
					    u32(IMON_A_MONITOR_INSTANCE, 9));
	ASSERT_TRUE(m);
	EXPECT_EQ(m->name, "");
	EXPECT_FALSE(m->reader);
}

TEST(codec, watch)
{
	const auto w = codec::parse_watch(
		u32(IMON_A_WATCH_ID, 1) + u32(IMON_A_WATCH_MONITOR, 2) +
		u32(IMON_A_WATCH_SCOPE, IMON_SCOPE_DIR) +
		u32(IMON_A_WATCH_MASK, 3) + text(IMON_A_WATCH_LABEL, "/srv") +
		u32(IMON_A_WATCH_STATE, IMON_WATCH_STATE_UNMOUNTED) +
		u64(IMON_A_WATCH_INO, 1ULL << 40) + u32(IMON_A_WATCH_DEV, 5) +
		u32(IMON_A_WATCH_EXCLUDES, 6));
	ASSERT_TRUE(w);
	EXPECT_EQ(w->id, 1U);
	EXPECT_EQ(w->monitor, 2U);
	EXPECT_EQ(w->mask, 3U);
	EXPECT_EQ(w->label, "/srv");
	EXPECT_EQ(w->state, std::uint32_t{IMON_WATCH_STATE_UNMOUNTED});
	EXPECT_EQ(w->ino, 1ULL << 40);
	EXPECT_EQ(w->dev, 5U);
	EXPECT_EQ(w->scope, std::uint32_t{IMON_SCOPE_DIR});
	EXPECT_EQ(w->excludes, 6U);
}

TEST(codec, event_from_bytes_by_hand)
{
	const auto in = raw({12, 0, 4, 0, 77,  0,   0,	  0, 0, 0, 0, 0, // seq
			     8,	 0, 5, 0, 3,   0,   0,	  0,   // watch
			     8,	 0, 6, 0, 8,   0,   0,	  0,   // mask
			     7,	 0, 9, 0, 'a', '/', 0xff, 0}); // path
	EXPECT_EQ(codec::parse_event(in),
		  (event{.seq = 77, .watch = 3, .mask = 8, .path = "a/\xff"}));
}

TEST(codec, event_with_everything)
{
	EXPECT_EQ(codec::parse_event(attributes_of(sample)), sample);
}

TEST(codec, event_sides_of_a_rename_may_lack)
{
	auto out = sample;
	out.new_path.reset();
	EXPECT_EQ(codec::parse_event(attributes_of(out)), out);
	auto in = sample;
	in.path.reset();
	EXPECT_EQ(codec::parse_event(attributes_of(in)), in);
}

TEST(codec, event_without_a_name_is_about_the_root)
{
	const event e{.seq = 1, .watch = 1, .mask = IMON_EVENT_DIRTY};
	const auto parsed = codec::parse_event(attributes_of(e));
	ASSERT_TRUE(parsed);
	EXPECT_EQ(parsed->path, "");
	EXPECT_FALSE(parsed->new_path);
}

TEST(codec, event_lacks_what_it_cannot_lack)
{
	const auto seq = u64(IMON_A_EVENT_SEQ, 1);
	const auto watch = u32(IMON_A_EVENT_WATCH, 1);
	const auto mask = u32(IMON_A_EVENT_MASK, 1);
	EXPECT_TRUE(codec::parse_event(seq + watch + mask));
	EXPECT_FALSE(codec::parse_event(watch + mask));
	EXPECT_FALSE(codec::parse_event(seq + mask));
	EXPECT_FALSE(codec::parse_event(seq + watch));
}

TEST(codec, event_says_all_of_who_did_it_or_nothing)
{
	auto e = sample;
	e.who.reset();
	const auto nobody = attributes_of(e);
	EXPECT_EQ(codec::parse_event(nobody), e);
	const auto pid = u32(IMON_A_EVENT_PID, 1);
	const auto uid = u32(IMON_A_EVENT_UID, 2);
	const auto comm = text(IMON_A_EVENT_COMM, "vi");
	EXPECT_TRUE(codec::parse_event(nobody + pid + uid + comm));
	EXPECT_FALSE(codec::parse_event(nobody + pid + uid));
	EXPECT_FALSE(codec::parse_event(nobody + pid + comm));
	EXPECT_FALSE(codec::parse_event(nobody + pid + uid +
					u32(IMON_A_EVENT_COMM, 1)));
}

TEST(codec, event_with_an_attribute_twice_is_malformed)
{
	const auto one = attributes_of(sample);
	EXPECT_FALSE(codec::parse_event(one + u32(IMON_A_EVENT_MASK, 1)));
	EXPECT_FALSE(
		codec::parse_event(one + attribute(IMON_A_EVENT_PATH, "x")));
}

/// Wherever it is cut: either it is malformed, or the cut fell between two
/// attributes and what is left makes sense by itself.
TEST(codec, cut_anywhere)
{
	const auto event_bytes = attributes_of(sample);
	const auto monitor_bytes = sample_monitor();
	for (const auto *const whole : {&event_bytes, &monitor_bytes}) {
		for (std::size_t n = 0; n < whole->size(); n++) {
			const bytes part(whole->begin(),
					 whole->begin() + static_cast<long>(n));
			const bool good = codec::parse_event(part).has_value();
			EXPECT_LE(good, attribute_reader(part).ok()) << n;
			codec::parse_monitor(part);
			codec::parse_module(part);
			codec::parse_watch(part);
		}
	}
}

/// Under the sanitizers this is a small fuzzer; the seed is fixed so that a
/// failure comes again.
TEST(codec, damaged_bytes_do_no_harm)
{
	std::mt19937 random(20240607);
	const auto whole =
		reply(1, IMON_CMD_EVENT_PULL, attributes_of(sample)) +
		answer(2, 22, "sentence") + done(1);
	for (int round = 0; round < 20000; round++) {
		auto damaged = whole;
		for (auto i = random() % 4 + 1; i; i--)
			damaged[random() % damaged.size()] =
				static_cast<std::byte>(random());
		byte_view rest(damaged);
		while (const auto m = take_message(rest)) {
			codec::parse_event(m->attributes);
			codec::says_unloaded(*m);
		}
	}
}

TEST(codec, only_our_family_counts_as_unloaded)
{
	const auto says = [](const bytes &datagram) {
		byte_view rest(datagram);
		return codec::says_unloaded(take_message(rest).value());
	};
	EXPECT_TRUE(says(unloaded("imon")));
	EXPECT_FALSE(says(unloaded("imonx")));
	EXPECT_FALSE(says(wake()));
}
