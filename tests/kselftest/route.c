// SPDX-License-Identifier: GPL-2.0
/*
 * The module remembers where the way up from a directory leads. Whatever leads it
 * elsewhere has to be noticed: each test here makes files in a directory until the
 * module knows the way, changes one thing, makes one more and looks who is told.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE

#define TRIES 64

static const struct monitor_new in_log = { .mode = IMON_MODE_LOG };

static char *new_name(const char *dir)
{
	static char name[256];
	static int n;

	snprintf(name, sizeof(name), "%s/%d", dir, n++);
	return name;
}

/* Until the module knows the way. */
static void make_known(const char *dir)
{
	for (int i = 0; i < 3; i++)
		touch(new_name(dir));
}

/* Whether just one more file in @dir is told to the watch, as being in @as. */
static bool tells(struct rig *r, const char *dir, uint32_t watch, const char *as)
{
	const char *name = new_name(dir);
	char path[300];
	bool good;

	snprintf(path, sizeof(path), "%s%s", as, strrchr(name, '/') + !*as);
	touch(name);
	rig_drain(r);
	good = records_find(&r->got, watch, CREATE, path);
	if (!good) {
		ksft_print_msg("nothing of %s\n", path);
		show_records(&r->got, 8);
	}
	return good;
}

/* Whether nobody is told of one more file in @dir. */
static bool hides(struct rig *r, const char *dir)
{
	rig_drain(r);
	touch(new_name(dir));
	rig_drain(r);
	if (r->got.n)
		show_records(&r->got, 8);
	return !r->got.n;
}

static void make_dirs(void)
{
	make_dir("tree/a");
	make_dir("tree/a/b");
}

static bool root_came(void)
{
	struct rig r;
	bool good;

	make_dirs();
	rig_up(&r, &in_log);
	make_known("tree/a/b");
	good = tells(&r, "tree/a/b", rig_watch(&r, "tree/a"), "b");
	good &= tells(&r, "tree/a/b", r.watch, "a/b");
	make_known("tree/a/b");
	good &= tells(&r, "tree/a/b", rig_watch(&r, "tree/a/b"), "");
	make_known("out");
	good &= tells(&r, "out", rig_watch(&r, "out"), "");
	rig_down(&r);
	return good;
}

static bool root_went(void)
{
	struct rig r;
	bool good;

	make_dirs();
	rig_begin(&r, &in_log);
	r.watch = rig_watch(&r, "tree/a");
	make_known("tree/a/b");
	must_nl(imon_watch_del(&r.nl, r.monitor, r.watch));
	good = hides(&r, "tree/a/b");
	make_known("tree/a/b");
	good &= tells(&r, "tree/a/b", rig_watch(&r, "tree"), "a/b");
	rig_down(&r);
	return good;
}

static bool excluded(void)
{
	struct rig r;
	bool good;

	make_dirs();
	rig_up(&r, &in_log);
	make_known("tree/a/b");
	must_nl(rig_exclude(&r, "tree/a"));
	good = hides(&r, "tree/a/b");
	must_nl(rig_include(&r, "tree/a"));
	good &= tells(&r, "tree/a/b", r.watch, "a/b");
	rig_down(&r);
	return good;
}

static bool moved(void)
{
	struct rig r;
	bool good;

	make_dirs();
	rig_up(&r, &in_log);
	make_known("tree/a/b");
	must(rename("tree/a", "tree/c"));
	good = tells(&r, "tree/c/b", r.watch, "c/b");
	make_known("tree/c/b");
	must(rename("tree/c", "out/c"));
	good &= hides(&r, "out/c/b");
	make_known("out/c/b");
	must(rename("out/c/b", "tree/b"));
	good &= tells(&r, "tree/b", r.watch, "b");
	rig_down(&r);
	return good;
}

static bool moved_in(void)
{
	struct rig r;
	bool good;

	make_dir("out/b");
	rig_up(&r, &in_log);
	make_known("out/b");
	must(rename("out/b", "tree/b"));
	good = tells(&r, "tree/b", r.watch, "b");
	rig_down(&r);
	return good;
}

/*
 * What is known of a directory is not that of another in its place in memory, which
 * the slab allocator likes to give out again.
 */
static bool in_its_place(void)
{
	unsigned int told = 0;
	struct rig r;

	rig_up(&r, &in_log);
	for (int i = 0; i < TRIES; i++) {
		make_dir("out/d");
		make_known("out/d");
		remove_tree("out/d");
		/* RCU, and what waits for it, come to an end. */
		must(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
		drop_caches();
		make_dir("tree/d");
		told += tells(&r, "tree/d", r.watch, "d");
		remove_tree("tree/d");
	}
	rig_down(&r);
	return told == TRIES;
}

static const struct test tests[] = {
	{ "a root came", root_came },
	{ "a root went", root_went },
	{ "excluded, and no longer", excluded },
	{ "moved", moved },
	{ "moved in", moved_in },
	{ "another directory in its place", in_its_place },
};

int main(void)
{
	cpu_set_t one;

	/* What the module knows, a processor knows. */
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	must(sched_setaffinity(0, sizeof(one), &one));
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
