// SPDX-License-Identifier: GPL-2.0
/*
 * Size does not matter: trees of 1, 5,000 and 50,000 directories are watched
 * at once and completely. Times are printed, not judged.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

#define PER_DIR 250
#define PROBES 100

static long now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000L + ts.tv_nsec / 1000;
}

/* The path of directory @i below "tree"; PER_DIR of them lie in each other. */
static const char *dir_path(unsigned int i)
{
	static char path[64];

	if (i % PER_DIR)
		snprintf(path, sizeof(path), "d%u/e%u", i / PER_DIR,
			 i % PER_DIR);
	else
		snprintf(path, sizeof(path), "d%u", i / PER_DIR);
	return path;
}

static void make_dirs(unsigned int from, unsigned int to)
{
	char path[96];

	for (unsigned int i = from; i < to; i++) {
		snprintf(path, sizeof(path), "tree/%s", dir_path(i));
		make_dir(path);
	}
}

static void remove_dirs(unsigned int n)
{
	char path[96];

	while (n--) {
		snprintf(path, sizeof(path), "tree/%s", dir_path(n));
		must(rmdir(path));
	}
}

/* Arms a tree of @n directories; changes all over it must arrive. */
static bool arm(unsigned int n)
{
	unsigned int step = n > PROBES ? n / PROBES : 1, probes = 0;
	char path[96];
	struct rig r;
	bool good;
	long start;

	rig_up(&r, &monitor_defaults);
	must_nl(imon_watch_del(&r.nl, r.monitor, r.watch));
	start = now_us();
	r.watch = rig_watch(&r, "tree");
	ksft_print_msg("%u directories: watched after %ld us\n", n,
		       now_us() - start);
	for (unsigned int i = 0; i < n; i += step, probes++) {
		snprintf(path, sizeof(path), "tree/%s/f%u", dir_path(i), n);
		touch(path);
	}
	rig_drain(&r);
	good = r.got.n == probes;
	for (unsigned int i = 0; i < probes && good; i++) {
		snprintf(path, sizeof(path), "%s/f%u", dir_path(i * step), n);
		good = r.got.v[i].mask == IMON_EVENT_CREATE &&
		       !strcmp(r.got.v[i].path, path);
	}
	rig_down(&r);
	for (unsigned int i = 0; i < n; i += step) {
		snprintf(path, sizeof(path), "tree/%s/f%u", dir_path(i), n);
		must(unlink(path));
	}
	return good;
}

static bool grown_trees(void)
{
	const unsigned int some = fixture_times(5000), many = 10 * some;
	bool good;

	make_dirs(0, 1);
	good = arm(1);
	make_dirs(1, some);
	good = arm(some) && good;
	make_dirs(some, many);
	good = arm(many) && good;
	remove_dirs(many);
	return good;
}

/* A tree that grows while it is watched: not one creation is missed. */
static bool growing_tree(void)
{
	const unsigned int n = fixture_times(5000);
	char path[96];
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	for (unsigned int i = 0; i < n; i++) {
		make_dirs(i, i + 1);
		snprintf(path, sizeof(path), "tree/%s/f", dir_path(i));
		touch(path);
	}
	rig_drain(&r);
	good = r.got.n == 2 * n;
	for (unsigned int i = 0; i < n && good; i++) {
		const struct record *dir = &r.got.v[2 * i];

		snprintf(path, sizeof(path), "%s/f", dir_path(i));
		good = dir[0].mask == IMON_EVENT_CREATE &&
		       !strcmp(dir[0].path, dir_path(i)) &&
		       dir[1].mask == IMON_EVENT_CREATE &&
		       !strcmp(dir[1].path, path);
	}
	ksft_print_msg("%zu of %u creations\n", r.got.n, 2 * n);
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "trees of one, some and many directories are watched at once", grown_trees },
	{ "directories and their files, as they appear", growing_tree },
};

int main(void)
{
	fixture_begin_long(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
