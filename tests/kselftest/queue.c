// SPDX-License-Identifier: GPL-2.0
/* The queue: its bound, what it says when it is full, what its counters say. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"
#include "model.h"

#define SMALL 4096
#define MANY 200
#define NAMES 3000

static const struct monitor_new small = { .queue_bytes = SMALL };
static unsigned int seed;

/* More events than a small queue holds, each of an object of its own. */
static void make_many(const char *dir)
{
	char path[64];

	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "%s/file%d", dir, i);
		touch(path);
	}
}

static bool any_dirty(const struct records *list, uint32_t watch)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].watch == watch &&
		    list->v[i].mask & IMON_EVENT_DIRTY)
			return true;
	return false;
}

/* Whether each of make_many()'s files in @dir is told or lies in the dirt. */
static bool all_covered(const struct records *list, uint32_t watch,
			const char *dir)
{
	char path[64];

	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "%sfile%d", dir, i);
		if (!records_cover(list, watch, path))
			return false;
	}
	return any_dirty(list, watch);
}

static bool defaults(void)
{
	struct monitor_info info;
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = info.mode == IMON_MODE_LOG && info.queue_bytes == 16777216 &&
	       info.window_us == 5000 && info.uid == 0 && info.watches == 1 &&
	       info.reader == r.nl.portid && !info.name[0] &&
	       info.instance == r.instance;
	rig_down(&r);
	return good;
}

static bool never_over_the_bound(void)
{
	struct monitor_info info;
	struct rig r;
	bool good;

	rig_up(&r, &small);
	make_many("tree");
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	ksft_print_msg("high-water mark %llu of %d, %llu degraded\n",
		       (unsigned long long)info.bytes_high, SMALL,
		       (unsigned long long)info.degraded);
	good = info.bytes_high <= SMALL && info.bytes <= info.bytes_high &&
	       info.degraded && info.queue_bytes == SMALL;
	rig_drain(&r);
	good = good && all_covered(&r.got, r.watch, "");
	rig_down(&r);
	return good;
}

/* After an overflow was pulled and acknowledged all is as before. */
static bool recovers(void)
{
	struct monitor_info info;
	struct rig r;
	bool good = true;

	rig_up(&r, &small);
	for (int i = 0; i < 3 && good; i++) {
		make_dir("tree/d");
		make_many("tree/d");
		rig_drain(&r);
		good = all_covered(&r.got, r.watch, "d/");
		if (!good)
			break;
		must_nl(imon_event_ack(&r.nl, r.monitor, r.instance,
				       r.got.v[r.got.n - 1].seq));
		must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
		good = !info.pending && !info.in_flight && !info.bytes;
		touch("tree/f");
		must(unlink("tree/f"));
		rig_drain(&r);
		good = good && r.got.n == 2 &&
		       r.got.v[0].mask == IMON_EVENT_CREATE &&
		       r.got.v[1].mask == IMON_EVENT_DELETE;
		if (good)
			must_nl(imon_event_ack(&r.nl, r.monitor, r.instance,
					       r.got.v[1].seq));
		remove_tree("tree/d");
		rig_drain(&r);
		if (r.got.n)
			must_nl(imon_event_ack(&r.nl, r.monitor, r.instance,
					       r.got.v[r.got.n - 1].seq));
	}
	rig_down(&r);
	return good;
}

/* Only the tree whose events were folded is dirty. */
static bool one_watch_dirty(void)
{
	uint32_t other;
	struct rig r;
	bool good;

	rig_up(&r, &small);
	other = rig_watch(&r, "out");
	make_many("tree");
	rig_drain(&r);
	good = all_covered(&r.got, r.watch, "") && !any_dirty(&r.got, other);
	rig_down(&r);
	return good;
}

static bool both_watches_dirty(void)
{
	uint32_t other;
	struct rig r;
	bool good;

	rig_up(&r, &small);
	other = rig_watch(&r, "out");
	make_many("tree");
	make_many("out");
	rig_drain(&r);
	good = all_covered(&r.got, r.watch, "") &&
	       all_covered(&r.got, other, "");
	rig_down(&r);
	return good;
}

/*
 * A directory moves away when there is no room to say so, and another one
 * takes its name: what was below the first must not be believed in.
 */
static bool no_ghosts(void)
{
	struct model m;
	struct rig r;
	bool good;

	make_dir("tree/d");
	touch("tree/d/f");
	make_dir("tree/e");
	model_take(&m, "tree");
	rig_up(&r, &small);
	make_many("tree/e");
	must(rename("tree/d", "out/d"));
	make_dir("tree/d");
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	good = !model_differs(&m);
	model_free(&m);
	rig_down(&r);
	return good;
}

/* A reader that slept through a storm and scans what the records name. */
static bool storm(uint32_t mode, uint64_t bytes, int changes)
{
	struct monitor_new in = { .mode = mode, .queue_bytes = bytes };
	struct changer c = {
		.seed = seed++,
		.ops = CHANGE_NAMES | CHANGE_FILES | CHANGE_DIRS |
		       CHANGE_BORDER,
	};
	struct monitor_info info;
	struct model m;
	struct rig r;
	bool good;

	model_take(&m, "tree");
	rig_up(&r, &in);
	for (int i = fixture_times(changes); i; i--)
		change_once(&c);
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	good = r.got.n && !model_differs(&m) && info.bytes_high <= bytes;
	ksft_print_msg("%zu records of %llu queued, %llu merged, %llu degraded\n",
		       r.got.n, (unsigned long long)info.queued,
		       (unsigned long long)info.merged,
		       (unsigned long long)info.degraded);
	model_free(&m);
	rig_down(&r);
	return good;
}

static bool storm_small(void)
{
	return storm(IMON_MODE_LOG, SMALL, 10000);
}

static bool storm_small_state(void)
{
	return storm(IMON_MODE_STATE, SMALL, 3000);
}

static bool storm_large(void)
{
	return storm(IMON_MODE_LOG, 64 << 20, 3000);
}

static bool storm_large_state(void)
{
	return storm(IMON_MODE_STATE, 64 << 20, 3000);
}

/* A reader that pulls now and then; each time its idea must be right. */
static bool slow_reader(void)
{
	struct changer c = {
		.seed = seed++,
		.ops = CHANGE_NAMES | CHANGE_FILES | CHANGE_DIRS,
	};
	unsigned int wrong = 0;
	struct model m;
	struct rig r;

	model_take(&m, "tree");
	rig_up(&r, &small);
	for (int round = fixture_times(100); round && !wrong; round--) {
		for (int i = rand_r(&c.seed) % 40; i >= 0; i--)
			change_once(&c);
		rig_drain(&r);
		if (r.got.n)
			must_nl(imon_event_ack(&r.nl, r.monitor, r.instance,
					       r.got.v[r.got.n - 1].seq));
		model_note(&m, &r.got, r.watch);
		model_scan(&m);
		wrong = model_differs(&m);
	}
	model_free(&m);
	rig_down(&r);
	return !wrong;
}

static bool counters(void)
{
	struct monitor_info info;
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	touch("tree/f");
	touch("tree/g");
	must(truncate("tree/f", 1));
	must(truncate("tree/f", 2));
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = info.queued == 3 && info.merged == 1 && info.pending == 3 &&
	       !info.in_flight && !info.delivered && info.bytes &&
	       info.bytes_high >= info.bytes && !info.degraded;
	rig_drain(&r);
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = good && r.got.n == 3 && info.delivered == 3 && !info.pending &&
	       info.in_flight == 3 && info.head_seq == r.got.v[2].seq;
	must_nl(imon_event_ack(&r.nl, r.monitor, r.instance, r.got.v[1].seq));
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = good && info.in_flight == 1 && !info.redelivered &&
	       info.acked_seq == r.got.v[1].seq;
	rig_down(&r);
	return good;
}

/* Records are found by name while there are ever more of them, and ever fewer. */
static bool merges_among_many(void)
{
	const struct monitor_new in = { .mode = IMON_MODE_STATE };
	const int n = fixture_times(NAMES), gone = n - n / 30 - 1;
	char path[64], to[64];
	struct monitor_info info;
	struct rig r;
	bool good;

	rig_up(&r, &in);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "tree/f%d", i);
		touch(path);
		snprintf(path, sizeof(path), "tree/f%d", i / 2);
		must(chmod(path, i & 1 ? 0600 : 0644));
	}
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = info.queued == (uint64_t)n && info.merged == (uint64_t)n;
	for (int i = 0; i < gone; i++) {
		snprintf(path, sizeof(path), "tree/f%d", i);
		snprintf(to, sizeof(to), "tree/g%d", i);
		must(rename(path, to));
		snprintf(path, sizeof(path), "tree/f%d", n - 1 - i % (n - gone));
		must(chmod(path, i & 1 ? 0600 : 0644));
	}
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = good && info.queued == (uint64_t)n + gone &&
	       info.merged == (uint64_t)n + gone && !info.degraded;
	rig_drain(&r);
	good = good && r.got.n == (size_t)n + gone;
	must_nl(imon_event_ack(&r.nl, r.monitor, r.instance,
			       r.got.v[r.got.n - 1].seq));
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = good && !info.bytes;
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "a monitor has the documented defaults", defaults },
	{ "the counters count", counters },
	{ "a name finds its record among many", merges_among_many },
	{ "a full queue stays within its bound", never_over_the_bound },
	{ "it recovers when it was read", recovers },
	{ "a full queue makes only its own tree dirty", one_watch_dirty },
	{ "two trees in a full queue are both dirty", both_watches_dirty },
	{ "no ghost stays where a directory moved away from a full queue",
	  no_ghosts },
	{ "log: after a storm scanning what is named is enough", storm_small },
	{ "state: after a storm scanning what is named is enough",
	  storm_small_state },
	{ "log: nothing is lost in a large queue", storm_large },
	{ "state: nothing is lost in a large queue", storm_large_state },
	{ "a slow reader is never wrong", slow_reader },
};

int main(void)
{
	fixture_begin_long(ARRAY_LEN(tests), 0);
	seed = fixture_seed();
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
