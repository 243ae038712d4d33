// SPDX-License-Identifier: GPL-2.0
/*
 * In mode "state" the module knows which record waits for a file that was just
 * made or written, and puts what happens next straight into it. Whatever ends that
 * has to be noticed: each test here makes a file, changes one thing, writes, and
 * looks where that is told.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE
#define WRITTEN (CREATE | MODIFY | CLOSE)

static const struct monitor_new in_log = { .mode = IMON_MODE_LOG };
static const struct monitor_new in_state = { .mode = IMON_MODE_STATE };

static int made(const char *path)
{
	return must(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
}

static void fill(int fd)
{
	must(write(fd, "x", 1));
	close(fd);
}

/* Whether all that a reader is told now is one record, of @mask and @path. */
static bool only(struct rig *r, uint32_t watch, uint32_t mask, const char *path)
{
	const struct record *rec;
	bool good;

	rig_drain(r);
	rec = records_find(&r->got, watch, mask, path);
	good = r->got.n == 1 && rec && rec->mask == mask;
	if (!good)
		show_records(&r->got, 8);
	return good;
}

static bool one_record(void)
{
	struct rig r;
	bool good;

	rig_up(&r, &in_state);
	fill(made("tree/f"));
	good = only(&r, r.watch, WRITTEN, "f");
	rig_down(&r);
	return good;
}

static bool three_records(void)
{
	struct rig r;
	bool good;

	rig_up(&r, &in_log);
	fill(made("tree/f"));
	rig_drain(&r);
	good = r.got.n == 3 && r.got.v[0].mask == CREATE &&
	       r.got.v[1].mask == MODIFY && r.got.v[2].mask == CLOSE;
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

static bool pulled(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	fd = made("tree/f");
	good = only(&r, r.watch, CREATE, "f");
	must(write(fd, "x", 1));
	good &= only(&r, r.watch, MODIFY, "f");
	close(fd);
	good &= only(&r, r.watch, CLOSE, "f");
	rig_down(&r);
	return good;
}

static bool not_asked_for(void)
{
	struct rig r;
	bool good;

	rig_begin(&r, &in_state);
	r.watch = rig_watch_scope(&r, "tree", IMON_SCOPE_TREE, CREATE | CLOSE);
	/* Somebody wants to know of each write, or Linux would tell of none. */
	rig_watch(&r, "out");
	fill(made("tree/f"));
	good = only(&r, r.watch, CREATE | CLOSE, "f");
	rig_down(&r);
	return good;
}

/* What one does not want to know of, the other does. */
static bool two_that_differ(void)
{
	struct rig a, b;
	bool good;

	rig_up(&a, &in_state);
	rig_begin(&b, &in_state);
	b.watch = rig_watch_scope(&b, "tree", IMON_SCOPE_TREE, MODIFY);
	fill(made("tree/f"));
	good = only(&a, a.watch, WRITTEN, "f");
	good &= only(&b, b.watch, MODIFY, "f");
	rig_down(&a);
	rig_down(&b);
	return good;
}

static bool two_nested(void)
{
	struct rig a, b;
	bool good;

	make_dir("tree/d");
	rig_up(&a, &in_state);
	rig_begin(&b, &in_state);
	b.watch = rig_watch_scope(&b, "tree/d", IMON_SCOPE_TREE, MODIFY);
	fill(made("tree/d/f"));
	good = only(&a, a.watch, WRITTEN, "d/f");
	good &= only(&b, b.watch, MODIFY, "f");
	rig_down(&a);
	rig_down(&b);
	return good;
}

/* And a watch of the directory, or of something else of that filesystem. */
static bool and_objects(void)
{
	struct rig a, b;
	bool good;

	rig_up(&a, &in_state);
	rig_begin(&b, &in_state);
	b.watch = rig_watch_scope(&b, "tree", IMON_SCOPE_DIR, MODIFY);
	fill(made("tree/f"));
	good = only(&a, a.watch, WRITTEN, "f");
	good &= only(&b, b.watch, MODIFY, "f");
	rig_down(&a);
	rig_down(&b);
	return good;
}

static bool watched_since(void)
{
	struct rig a, b;
	bool good;
	int fd;

	rig_up(&a, &in_state);
	rig_begin(&b, &in_state);
	fd = made("tree/f");
	b.watch = rig_watch(&b, "tree");
	fill(fd);
	good = only(&a, a.watch, WRITTEN, "f");
	good &= only(&b, b.watch, MODIFY | CLOSE, "f");
	rig_down(&a);
	rig_down(&b);
	return good;
}

/* What waited of it stays as it was. */
static bool watched_no_more(void)
{
	struct rig r;
	uint32_t out;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	out = rig_watch(&r, "out");
	fd = made("out/f");
	must_nl(imon_watch_del(&r.nl, r.monitor, out));
	fill(fd);
	good = only(&r, out, CREATE, "f");
	rig_down(&r);
	return good;
}

static bool monitor_deleted(void)
{
	struct rig a, b;
	bool good;
	int fd;

	rig_up(&a, &in_state);
	rig_begin(&b, &in_state);
	fd = made("tree/f");
	rig_down(&a);
	b.watch = rig_watch(&b, "out");
	drop_caches();
	fill(fd);
	fill(made("out/g"));
	good = only(&b, b.watch, WRITTEN, "g");
	rig_down(&b);
	return good;
}

static bool excluded_since(void)
{
	struct rig r;
	bool good;
	int fd;

	make_dir("tree/x");
	rig_up(&r, &in_state);
	fd = made("tree/x/f");
	must_nl(rig_exclude(&r, "tree/x"));
	fill(fd);
	good = only(&r, r.watch, CREATE, "x/f");
	rig_down(&r);
	return good;
}

static bool renamed_since(void)
{
	struct rig r;
	bool good;
	int fd;

	make_dir("tree/d");
	rig_up(&r, &in_state);
	fd = made("tree/d/f");
	must(rename("tree/d", "tree/e"));
	fill(fd);
	rig_drain(&r);
	good = r.got.n == 3 && r.got.v[0].mask == CREATE &&
	       r.got.v[1].mask & IMON_EVENT_RENAME &&
	       records_find(&r.got, r.watch, MODIFY | CLOSE, "e/f");
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

static bool linked_since(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	fd = made("tree/f");
	must(link("tree/f", "tree/g"));
	fill(fd);
	rig_drain(&r);
	good = records_find(&r.got, r.watch, MODIFY | CLOSE, "f") &&
	       records_find(&r.got, r.watch, MODIFY | CLOSE, "g");
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

#define FILES 2000

static void *make_many(void *arg)
{
	char path[32];

	(void)arg;
	for (unsigned int i = 0; i < fixture_times(FILES); i++) {
		snprintf(path, sizeof(path), "tree/%u", i);
		fill(made(path));
	}
	return NULL;
}

static void note_masks(const struct rig *r, uint32_t *masks)
{
	for (size_t i = 0; i < r->got.n; i++)
		masks[strtoul(r->got.v[i].path, NULL, 10)] |= r->got.v[i].mask;
}

/* A record may be pulled at any moment: what did not go into it is in the next. */
static bool nothing_lost(void)
{
	static uint32_t masks[FILES * 100];
	unsigned int n = fixture_times(FILES), lost = 0;
	pthread_t thread;
	struct rig r;

	memset(masks, 0, sizeof(masks));
	rig_up(&r, &in_state);
	must(-pthread_create(&thread, NULL, make_many, NULL));
	for (bool over = false; !over;) {
		over = !pthread_tryjoin_np(thread, NULL);
		rig_drain(&r);
		note_masks(&r, masks);
	}
	for (unsigned int i = 0; i < n; i++)
		lost += masks[i] != WRITTEN;
	if (lost)
		ksft_print_msg("of %u of %u something was not told\n", lost, n);
	rig_down(&r);
	return !lost;
}

static const struct test tests[] = {
	{ "state: one record", one_record },
	{ "log: a record each", three_records },
	{ "the record was pulled", pulled },
	{ "writes are not asked for", not_asked_for },
	{ "two trees that ask for different things", two_that_differ },
	{ "a tree in a tree", two_nested },
	{ "a tree and a directory", and_objects },
	{ "watched by another since", watched_since },
	{ "watched no more", watched_no_more },
	{ "the monitor is gone", monitor_deleted },
	{ "excluded since", excluded_since },
	{ "the directory was renamed since", renamed_since },
	{ "linked since", linked_since },
};

static const struct test racing[] = {
	{ "all is told while records are pulled", nothing_lost },
};

/* What the module knows, a processor knows. */
static void stay(bool here)
{
	cpu_set_t all, one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	memset(&all, 0xff, sizeof(all));
	must(sched_setaffinity(0, sizeof(one), here ? &one : &all));
}

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), ARRAY_LEN(racing));
	stay(true);
	fixture_run(tests, ARRAY_LEN(tests));
	stay(false);
	fixture_run_once(racing, ARRAY_LEN(racing));
	fixture_end();
}
