// SPDX-License-Identifier: GPL-2.0
/*
 * Order under concurrency: three threads change one tree at random. In log
 * mode the log replayed, in either mode the places that it names scanned,
 * must give the tree as it is.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"
#include "model.h"

#define THREADS 3
#define CHANGES 1000
#define ROUNDS 40
#define FILES 60

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
		threads[i].count = fixture_times(CHANGES);
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
	good = !impossible && strictly_rising(&r.got) && r.got.n > fixture_times(CHANGES) &&
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

static void *exchange_dirs(void *arg)
{
	for (int i = 0; i < 20; i++)
		exchange("tree/d0", "tree/d1");
	return arg;
}

static void *move_dirs(void *arg)
{
	for (int i = 0; i < 20; i++) {
		must(rename("tree/d0", "tree/somewhere"));
		must(rename("tree/d1", "tree/d0"));
		must(rename("tree/somewhere", "tree/d1"));
	}
	return arg;
}

/* One round: files are made in two folders while @move moves these. */
static bool made_while(void *(*move)(void *))
{
	pthread_t thread;
	unsigned int wrong;
	struct model m;
	struct rig r;
	char name[16];
	int fds[2];

	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "tree/d%d", i);
		make_dir(name);
		fds[i] = must(open(name, O_PATH | O_DIRECTORY));
	}
	model_take(&m, "tree");
	rig_up(&r, &monitor_defaults);
	must(-pthread_create(&thread, NULL, move, NULL));
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		must(mknodat(fds[i % 2], name, S_IFREG | 0644, 0));
	}
	pthread_join(thread, NULL);
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	wrong = model_differs(&m);
	model_free(&m);
	rig_down(&r);
	close(fds[0]);
	close(fds[1]);
	remove_tree("tree/d0");
	remove_tree("tree/d1");
	return !wrong;
}

static bool made_while_exchanged(void)
{
	bool good = true;

	for (int round = fixture_times(ROUNDS); round && good; round--)
		good = made_while(exchange_dirs);
	return good;
}

static bool made_while_moved(void)
{
	bool good = true;

	for (int round = fixture_times(ROUNDS); round && good; round--)
		good = made_while(move_dirs);
	return good;
}

static const struct test tests[] = {
	{ "the log replayed is the tree", log_replays },
	{ "log: scanning what moving folders name is enough", log_with_dirs },
	{ "log: files made in folders that change places are found",
	  made_while_exchanged },
	{ "log: files made in folders that move are found", made_while_moved },
	{ "state: scanning what the files name is enough", state_with_files },
	{ "state: scanning what moving folders name is enough",
	  state_with_dirs },
};

int main(void)
{
	fixture_begin_long(ARRAY_LEN(tests), 0);
	seed = fixture_seed();
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
