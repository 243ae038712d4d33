// SPDX-License-Identifier: GPL-2.0
/*
 * Order under concurrency: three threads change one tree at random. In log
 * mode the log replayed, in either mode the places that it names scanned,
 * must give the tree as it is.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "change.h"
#include "fixture.h"
#include "model.h"

#define THREADS 3
#define CHANGES 1000

static unsigned int seed;

static void make_dirs(void)
{
	make_dir("tree/d0");
	make_dir("tree/d0/d1");
	make_dir("tree/d1");
}

static void change_by_threads(unsigned int ops)
{
	struct change_thread threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		threads[i].changer.seed = seed++;
		threads[i].changer.ops = ops;
		threads[i].count = CHANGES;
		change_start(&threads[i]);
	}
	for (int i = 0; i < THREADS; i++)
		change_join(&threads[i]);
}

static bool strictly_rising(const struct records *r)
{
	for (size_t i = 1; i < r->n; i++)
		if (r->v[i].seq <= r->v[i - 1].seq)
			return false;
	return true;
}

/* Names in folders that stay: the log alone must tell the whole story. */
static bool log_replays(void)
{
	unsigned int impossible;
	struct model m;
	struct rig r;
	bool good;

	make_dirs();
	model_take(&m, "tree");
	rig_up(&r, &monitor_defaults);
	change_by_threads(CHANGE_NAMES);
	rig_drain(&r);
	impossible = model_replay(&m, &r.got, r.watch);
	good = !impossible && strictly_rising(&r.got) && r.got.n > CHANGES &&
	       !model_names_differ(&m);
	model_free(&m);
	rig_down(&r);
	return good;
}

static bool scan_restores(uint32_t mode, unsigned int ops)
{
	struct monitor_new in = { .mode = mode };
	struct model m;
	struct rig r;
	bool good;

	make_dirs();
	model_take(&m, "tree");
	rig_up(&r, &in);
	change_by_threads(ops);
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	good = r.got.n && !model_differs(&m);
	model_free(&m);
	rig_down(&r);
	return good;
}

static bool log_with_dirs(void)
{
	return scan_restores(IMON_MODE_LOG, CHANGE_NAMES | CHANGE_FILES |
			     CHANGE_DIRS | CHANGE_BORDER);
}

static bool state_with_files(void)
{
	return scan_restores(IMON_MODE_STATE, CHANGE_NAMES | CHANGE_FILES);
}

static bool state_with_dirs(void)
{
	return scan_restores(IMON_MODE_STATE, CHANGE_NAMES | CHANGE_FILES |
			     CHANGE_DIRS | CHANGE_BORDER);
}

/* Two folders change places again and again. */
static void *exchange_dirs(void *arg)
{
	for (int i = 0; i < 20; i++)
		exchange("tree/d0", "tree/d1");
	return arg;
}

/* Files are made in folders that change places at that moment. */
static bool exchanged_meanwhile(void)
{
	unsigned int wrong = 0;
	char path[64];

	for (int round = 0; round < 100 && !wrong; round++) {
		pthread_t thread;
		struct model m;
		struct rig r;

		make_dir("tree/d0");
		make_dir("tree/d1");
		model_take(&m, "tree");
		rig_up(&r, &monitor_defaults);
		must(-pthread_create(&thread, NULL, exchange_dirs, NULL));
		for (int i = 0; i < 40; i++) {
			snprintf(path, sizeof(path), "tree/d%d/f%d", i % 2, i);
			touch(path);
		}
		pthread_join(thread, NULL);
		rig_drain(&r);
		model_note(&m, &r.got, r.watch);
		model_scan(&m);
		wrong = model_differs(&m);
		model_free(&m);
		rig_down(&r);
		remove_tree("tree/d0");
		remove_tree("tree/d1");
	}
	return !wrong;
}

static const struct test tests[] = {
	{ "the log replayed is the tree", log_replays },
	{ "log: scanning what moving folders name is enough", log_with_dirs },
	{ "log: files made in folders that change places are found",
	  exchanged_meanwhile },
	{ "state: scanning what the files name is enough", state_with_files },
	{ "state: scanning what moving folders name is enough",
	  state_with_dirs },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), 0);
	seed = fixture_seed();
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
