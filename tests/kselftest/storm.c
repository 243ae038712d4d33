// SPDX-License-Identifier: GPL-2.0
/*
 * A storm of changes against a small queue whose reader sleeps. When he wakes
 * up, scanning what the records name gives him the tree as it is, and the
 * memory that waited for him was bounded all the time.
 *
 * LOAD=2500 makes a million changes in all.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"
#include "memcg.h"
#include "model.h"

#define CHANGES 10000
#define BOUND 65536
#define THREADS 2
#define TOPS 40
#define DIRS 50

static unsigned int seed, changes;

/* Everything that can be done to few names, by threads. */
static void change_few(void)
{
	struct change_thread threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		threads[i].changer.seed = seed++;
		threads[i].changer.ops = CHANGE_NAMES | CHANGE_FILES |
					 CHANGE_DIRS | CHANGE_BORDER;
		threads[i].count = changes / THREADS;
		change_start(&threads[i]);
	}
	for (int i = 0; i < THREADS; i++)
		change_join(&threads[i]);
}

static void make_wide(void)
{
	char path[64];

	for (int i = 0; i < TOPS; i++) {
		snprintf(path, sizeof(path), "tree/t%d", i);
		make_dir(path);
		for (int k = 0; k < DIRS; k++) {
			snprintf(path, sizeof(path), "tree/t%d/d%d", i, k);
			make_dir(path);
		}
	}
}

/* A file that comes, grows or goes, in one of many directories each time. */
static void change_wide(void)
{
	unsigned int state = seed++;
	char path[64];

	for (unsigned int i = 0; i < changes; i++) {
		snprintf(path, sizeof(path), "tree/t%d/d%d/f",
			 rand_r(&state) % TOPS, rand_r(&state) % DIRS);
		if (!mknod(path, S_IFREG | 0644, 0))
			continue;
		if (rand_r(&state) % 2)
			append(path, 1);
		else
			must(unlink(path));
	}
}

/* What is charged beside the records: the monitor, its table, its socket. */
#define BESIDE 32768

/* Kernels that check memory have notes beside each object, and charge them. */
static bool charges_exactly(void)
{
	return access("/sys/kernel/debug/kmemleak", F_OK);
}

static bool within_bounds(struct rig *r, bool charged)
{
	struct monitor_info info;
	unsigned long slab = 0;

	must_nl(imon_monitor_find(&r->nl, r->monitor, &info));
	if (charged)
		slab = memcg_slab(info.bytes / 2);
	ksft_print_msg("%llu queued, %llu merged, %llu degraded, %llu pending\n",
		       (unsigned long long)info.queued,
		       (unsigned long long)info.merged,
		       (unsigned long long)info.degraded,
		       (unsigned long long)info.pending);
	ksft_print_msg("%llu bytes, at most %llu, of %d; %lu charged\n",
		       (unsigned long long)info.bytes,
		       (unsigned long long)info.bytes_high, BOUND, slab);
	return info.bytes_high <= BOUND && info.degraded &&
	       (!charged ||
		(slab >= info.bytes / 2 &&
		 (slab <= BOUND + BESIDE || !charges_exactly())));
}

static bool storm(uint32_t mode, void (*prepare)(void), void (*change)(void))
{
	struct monitor_new in = { .mode = mode, .queue_bytes = BOUND };
	bool good, charged;
	struct model m;
	struct rig r;

	make_dir("cgroup");
	if (prepare)
		prepare();
	model_take(&m, "tree");
	charged = memcg_make("cgroup");
	if (charged)
		memcg_enter();
	rig_up(&r, &in);
	if (charged)
		memcg_leave();
	change();
	good = within_bounds(&r, charged);
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	good = !model_differs(&m) && r.got.n && good;
	model_free(&m);
	rig_down(&r);
	if (charged)
		memcg_remove();
	return good;
}

static bool log_few(void)
{
	return storm(IMON_MODE_LOG, NULL, change_few);
}

static bool state_few(void)
{
	return storm(IMON_MODE_STATE, NULL, change_few);
}

static bool log_wide(void)
{
	return storm(IMON_MODE_LOG, make_wide, change_wide);
}

static bool state_wide(void)
{
	return storm(IMON_MODE_STATE, make_wide, change_wide);
}

static const struct test tests[] = {
	{ "log: a storm of all changes", log_few },
	{ "state: a storm of all changes", state_few },
	{ "log: a storm all over a wide tree", log_wide },
	{ "state: a storm all over a wide tree", state_wide },
};

int main(void)
{
	changes = fixture_times(CHANGES);
	fixture_begin(0, ARRAY_LEN(tests));
	seed = fixture_seed();
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
