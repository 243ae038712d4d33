// SPDX-License-Identifier: GPL-2.0
/*
 * A filesystem tells what somebody asks for, and is not asked for more: with
 * each watch that comes it tells what that asks as well, without a gap and
 * nothing twice; with each that goes, less.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define RENAME IMON_EVENT_RENAME
#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE

#define RENAMES 2000
#define TURNS 200

static uint64_t events(struct rig *r)
{
	struct module_info info;

	must_nl(imon_module_get(&r->nl, &info));
	return info.events;
}

/* What the module is told of while a file is written. */
static uint64_t cost_of_writing(struct rig *r)
{
	uint64_t before = events(r);

	append("tree/f", 10);
	return events(r) - before;
}

/* The mask is narrowed when nobody waits for it, so nobody is told. */
static bool writing_becomes_free(struct rig *r)
{
	const struct timespec pause = { .tv_nsec = 10000000 };

	for (int i = 0; i < NL_DEADLINE_MS / 10; i++) {
		if (!cost_of_writing(r))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* Who asks for names does not pay for contents, but for as long as others do. */
static bool pays_for(uint32_t scope, const char *path)
{
	struct rig r, other;
	uint64_t cost;
	bool good;

	put("tree/f", "text");
	rig_begin(&r, &monitor_defaults);
	rig_begin(&other, &monitor_defaults);
	rig_watch_scope(&r, "tree", IMON_SCOPE_TREE, CREATE);
	cost = cost_of_writing(&r);
	good = !cost;

	rig_watch_scope(&other, path, scope, MODIFY);
	cost = cost_of_writing(&r);
	good &= cost == 10;
	rig_drain(&other);
	good &= other.got.n == 1 && other.got.v[0].mask == MODIFY;

	rig_down(&other);
	good &= writing_becomes_free(&r);
	touch("tree/g");
	rig_drain(&r);
	good &= r.got.n == 1 && r.got.v[0].mask == CREATE;
	if (!good) {
		ksft_print_msg("%llu events\n", (unsigned long long)cost);
		show_records(&r.got, 8);
	}
	rig_down(&r);
	return good;
}

static bool pays_for_tree(void)
{
	return pays_for(IMON_SCOPE_TREE, ".");
}

static bool pays_for_inode(void)
{
	return pays_for(IMON_SCOPE_INODE, "tree/f");
}

static const char *name(unsigned int i)
{
	static __thread char path[64];

	snprintf(path, sizeof(path), "tree/n%u", i);
	return path;
}

static void *rename_all(void *arg)
{
	unsigned int *n = arg;
	char from[64];

	for (unsigned int i = 0; i < *n; i++) {
		snprintf(from, sizeof(from), "%s", name(i));
		must(rename(from, name(i + 1)));
	}
	return NULL;
}

/* Whether the records are the renames in their order, each once. */
static bool all_renames(const struct records *got, unsigned int n)
{
	char path[64];

	for (unsigned int i = 0; i < got->n && i < n; i++) {
		snprintf(path, sizeof(path), "%s", name(i) + strlen("tree/"));
		if (got->v[i].mask != RENAME || strcmp(got->v[i].path, path)) {
			ksft_print_msg("%u: %s\n", i, record_text(&got->v[i]));
			return false;
		}
	}
	ksft_print_msg("%zu records of %u\n", got->n, n);
	return got->n == n;
}

/* Others come and go: whoever has asked gets all, and each once. */
static bool told_once(void)
{
	const struct monitor_new log = { .mode = IMON_MODE_LOG };
	unsigned int n = fixture_times(RENAMES);
	struct rig r, other;
	bool good = true;
	pthread_t thread;

	put(name(0), "text");
	put("out/f", "text");
	rig_begin(&r, &log);
	rig_watch_scope(&r, "tree", IMON_SCOPE_TREE, RENAME);
	must(-pthread_create(&thread, NULL, rename_all, &n));
	for (unsigned int i = 0; good && i < fixture_times(TURNS); i++) {
		rig_begin(&other, &log);
		rig_watch_scope(&other, "out", IMON_SCOPE_TREE, MODIFY | CLOSE);
		append("out/f", 1);
		rig_drain(&other);
		good = other.got.n == 2 && other.got.v[0].mask == MODIFY &&
		       other.got.v[1].mask == CLOSE;
		if (!good) {
			ksft_print_msg("turn %u\n", i);
			show_records(&other.got, 8);
		}
		rig_down(&other);
	}
	must(-pthread_join(thread, NULL));
	rig_drain(&r);
	good &= all_renames(&r.got, n);
	rig_down(&r);
	return good;
}

/* That what is watched goes, or moves, is told whatever was asked. */
static bool ends_are_told(void)
{
	uint32_t tree, moved, over, gone;
	struct rig r;
	bool good;
	int fd;

	make_dir("tree/d");
	make_dir("tree/m");
	make_dir("tree/new");
	put("tree/over", "text");
	put("tree/gone", "text");
	put("tree/f", "text");
	fd = must(open("tree/d", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	rig_begin(&r, &monitor_defaults);
	tree = rig_watch_scope(&r, "tree/d", IMON_SCOPE_TREE, MODIFY);
	moved = rig_watch_scope(&r, "tree/m", IMON_SCOPE_TREE, MODIFY);
	over = rig_watch_scope(&r, "tree/over", IMON_SCOPE_INODE, MODIFY);
	gone = rig_watch_scope(&r, "tree/gone", IMON_SCOPE_INODE, MODIFY);
	must(rename("tree/new", "tree/d"));
	must(rename("tree/m", "tree/n"));
	must(rename("tree/f", "tree/over"));
	must(unlink("tree/gone"));
	rig_drain(&r);
	good = records_find(&r.got, tree, IMON_EVENT_ROOT_DELETED, "") &&
	       records_find(&r.got, moved, IMON_EVENT_ROOT_MOVED, "") &&
	       records_find(&r.got, over, IMON_EVENT_ROOT_DELETED, "") &&
	       records_find(&r.got, gone, IMON_EVENT_ROOT_DELETED, "");
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	close(fd);
	return good;
}

static const struct test tests[] = {
	{ "contents cost while a tree asks for them", pays_for_tree },
	{ "contents cost while an inode asks for them", pays_for_inode },
	{ "all is told once while others come and go", told_once },
	{ "the end of a watch is told whatever it asks", ends_are_told },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
