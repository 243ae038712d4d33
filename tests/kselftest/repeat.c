// SPDX-License-Identifier: GPL-2.0
/*
 * The module knows after a few writes to a file that more of them are no news,
 * and looks no further. Whatever makes them news again has to be noticed: each
 * test here writes until the module knows, changes one thing, writes once more
 * and wants that to be told.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define DELETE IMON_EVENT_DELETE
#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE

/* More than the module remembers for a processor. */
#define HOT 32
#define COLD 1000

static const struct monitor_new in_log = { .mode = IMON_MODE_LOG };
static const struct monitor_new in_state = { .mode = IMON_MODE_STATE };

static void write_once(int fd)
{
	must(pwrite(fd, "x", 1, 0));
}

/* Until the module knows. */
static void heat(int fd)
{
	for (int i = 0; i < 4; i++)
		write_once(fd);
}

static int hot_file(const char *path)
{
	int fd = must(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644));

	heat(fd);
	return fd;
}

/* Whether a reader is told that @path of @watch was written. */
static bool told(struct rig *r, uint32_t watch, const char *path)
{
	bool good;

	rig_drain(r);
	good = records_find(&r->got, watch, MODIFY, path);
	if (!good)
		show_records(&r->got, 8);
	return good;
}

/* The same of one more write. */
static bool tells(struct rig *r, int fd, uint32_t watch, const char *path)
{
	write_once(fd);
	return told(r, watch, path);
}

static bool few_go_all_the_way(void)
{
	struct monitor_info info;
	struct rig r;
	int fd;

	rig_up(&r, &in_state);
	fd = hot_file("tree/f");
	for (int i = 0; i < 1000; i++)
		write_once(fd);
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	ksft_print_msg("%llu merged\n", (unsigned long long)info.merged);
	close(fd);
	rig_down(&r);
	return info.pending == 1 && info.merged < 500;
}

static bool pulled(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	fd = hot_file("tree/f");
	good = told(&r, r.watch, "f");
	heat(fd);
	good &= told(&r, r.watch, "f") && tells(&r, fd, r.watch, "f");
	close(fd);
	rig_down(&r);
	return good;
}

/* The newest of the name says something else. */
static bool other_newest(void)
{
	static const uint32_t want[] = { MODIFY, CLOSE, MODIFY };
	struct rig r;
	bool good;
	int fd, other;

	fd = must(open("tree/f", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	other = must(open("tree/f", O_WRONLY | O_CLOEXEC));
	rig_up(&r, &in_log);
	heat(fd);
	close(other);
	good = tells(&r, fd, r.watch, "f") && r.got.n == ARRAY_LEN(want);
	for (size_t i = 0; good && i < ARRAY_LEN(want); i++)
		good = r.got.v[i].mask == want[i];
	if (!good)
		show_records(&r.got, 8);
	close(fd);
	rig_down(&r);
	return good;
}

static bool deleted_and_made_anew(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_log);
	fd = hot_file("tree/f");
	close(fd);
	must(unlink("tree/f"));
	fd = must(open("tree/f", O_RDWR | O_CREAT | O_CLOEXEC, 0644));
	good = tells(&r, fd, r.watch, "f");
	good = good && r.got.n >= 2 && r.got.v[r.got.n - 2].mask == CREATE &&
	       r.got.v[r.got.n - 1].mask == MODIFY;
	if (!good)
		show_records(&r.got, 8);
	close(fd);
	rig_down(&r);
	return good;
}

/* Nobody asks for that, and the name may be in memory where it was. */
static bool another_inode(void)
{
	const struct record *rec;
	struct stat st;
	struct rig r;
	bool good;
	int fd;

	rig_begin(&r, &in_state);
	r.watch = rig_watch_scope(&r, "tree", IMON_SCOPE_TREE, MODIFY);
	close(hot_file("tree/f"));
	must(unlink("tree/f"));
	touch("tree/takes its number");
	fd = hot_file("tree/f");
	must(fstat(fd, &st));
	rig_drain(&r);
	rec = records_find(&r.got, r.watch, MODIFY, "f");
	good = rec && rec->ino == st.st_ino;
	if (!good)
		show_records(&r.got, 8);
	close(fd);
	rig_down(&r);
	return good;
}

static bool moved_in(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	fd = hot_file("out/f");
	must(rename("out/f", "tree/f"));
	good = tells(&r, fd, r.watch, "f");
	close(fd);
	rig_down(&r);
	return good;
}

static bool dir_moved_in(void)
{
	struct rig r;
	bool good;
	int fd;

	make_dir("out/d");
	rig_up(&r, &in_log);
	fd = hot_file("out/d/f");
	must(rename("out/d", "tree/d"));
	good = tells(&r, fd, r.watch, "d/f");
	close(fd);
	rig_down(&r);
	return good;
}

static bool included(void)
{
	struct rig r;
	bool good;
	int fd;

	make_dir("tree/x");
	rig_up(&r, &in_state);
	must_nl(rig_exclude(&r, "tree/x"));
	fd = hot_file("tree/x/f");
	must_nl(rig_include(&r, "tree/x"));
	good = tells(&r, fd, r.watch, "x/f");
	close(fd);
	rig_down(&r);
	return good;
}

static bool watched(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	fd = hot_file("out/f");
	good = tells(&r, fd, rig_watch(&r, "out"), "f");
	heat(fd);
	good &= tells(&r, fd, rig_watch(&r, "."), "out/f");
	heat(fd);
	good &= tells(&r, fd, rig_watch_scope(&r, "out", IMON_SCOPE_DIR, 0), "f");
	heat(fd);
	good &= tells(&r, fd, rig_watch_scope(&r, "out/f", IMON_SCOPE_INODE, 0), "");
	close(fd);
	rig_down(&r);
	return good;
}

/* Each has its own records, whatever kind of watch they come from. */
static bool two_monitors(uint32_t scope)
{
	struct rig a, b;
	bool good = true;
	int fd;

	rig_up(&a, &in_state);
	rig_begin(&b, &in_state);
	b.watch = rig_watch_scope(&b, "tree", scope, 0);
	fd = hot_file("tree/f");
	for (int i = 0; i < 3; i++) {
		good &= told(&a, a.watch, "f");
		heat(fd);
		good &= told(&b, b.watch, "f");
		heat(fd);
	}
	/* Where the record waits it is known, where it does not it is news. */
	for (int i = 0; i < 3; i++)
		good &= tells(&b, fd, b.watch, "f");
	close(fd);
	rig_down(&a);
	rig_down(&b);
	return good;
}

static bool two_trees(void)
{
	return two_monitors(IMON_SCOPE_TREE);
}

static bool tree_and_directory(void)
{
	return two_monitors(IMON_SCOPE_DIR);
}

static bool further_name(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	fd = hot_file("out/f");
	must(link("out/f", "tree/g"));
	good = tells(&r, fd, r.watch, "g");
	close(fd);
	rig_down(&r);
	return good;
}

/* What was known of one name is not true of the other. */
static bool only_further_name(void)
{
	struct rig r;
	bool good;
	int fd;

	rig_up(&r, &in_state);
	fd = hot_file("out/f");
	must(link("out/f", "tree/g"));
	must(unlink("out/f"));
	must(access("tree/g", F_OK));
	good = tells(&r, fd, r.watch, "g");
	close(fd);
	rig_down(&r);
	return good;
}

static char *numbered(const char *dir, int i)
{
	static char name[32];

	snprintf(name, sizeof(name), "%s/%d", dir, i);
	return name;
}

static unsigned int missing(const struct rig *r)
{
	unsigned int n = 0;

	for (int i = 0; i < COLD; i++) {
		const char *name = numbered("d", i);

		n += !records_find(&r->got, r->watch, MODIFY, name);
	}
	return n;
}

/* Other names come to be where those known were in memory. */
static bool evicted(void)
{
	unsigned int lost;
	struct rig r;

	make_dir("tree/d");
	for (int i = 0; i < COLD; i++)
		touch(numbered("tree/d", i));
	make_dir("out/d");
	drop_caches();
	rig_up(&r, &in_state);
	for (int i = 0; i < HOT; i++)
		close(hot_file(numbered("out/d", i)));
	drop_caches();
	for (int i = 0; i < COLD; i++) {
		int fd = must(open(numbered("tree/d", i), O_WRONLY | O_CLOEXEC));

		write_once(fd);
		close(fd);
	}
	rig_drain(&r);
	lost = missing(&r);
	if (lost)
		ksft_print_msg("%u of %u not told\n", lost, COLD);
	rig_down(&r);
	return !lost;
}

/* A record that says who did it last has to hear of each. */
static bool another_actor(void)
{
	struct monitor_new in = { .mode = IMON_MODE_STATE, .actor = 1 };
	const struct record *rec;
	struct rig r;
	pid_t child;
	bool good;
	int fd;

	rig_up(&r, &in);
	fd = hot_file("tree/f");
	child = must(fork());
	if (!child) {
		write_once(fd);
		_exit(0);
	}
	must(waitpid(child, NULL, 0));
	rig_drain(&r);
	rec = records_find(&r.got, r.watch, MODIFY, "f");
	good = rec && rec->pid == (uint32_t)child;
	close(fd);
	rig_down(&r);
	return good;
}

static unsigned int changes;

static void *count_up(void *arg)
{
	int fd = *(int *)arg;

	for (unsigned int i = 1; i <= changes; i++)
		must(pwrite(fd, &i, sizeof(i), 0));
	return NULL;
}

/* Who looks whenever he is told has seen the last write in the end. */
static bool last_write_seen(void)
{
	unsigned int seen = 0;
	pthread_t thread;
	struct rig r;
	int fd;

	changes = fixture_times(200000);
	rig_up(&r, &in_state);
	fd = hot_file("tree/f");
	must(-pthread_create(&thread, NULL, count_up, &fd));
	for (bool over = false; !over;) {
		over = !pthread_tryjoin_np(thread, NULL);
		rig_drain(&r);
		if (records_find(&r.got, r.watch, MODIFY, "f"))
			must(pread(fd, &seen, sizeof(seen), 0));
	}
	if (seen != changes)
		ksft_print_msg("saw %u of %u\n", seen, changes);
	close(fd);
	rig_down(&r);
	return seen == changes;
}

static const struct test tests[] = {
	{ "of many writes few go all the way", few_go_all_the_way },
	{ "the record was pulled", pulled },
	{ "log: the newest record says something else", other_newest },
	{ "log: deleted and made anew", deleted_and_made_anew },
	{ "another inode of that name", another_inode },
	{ "moved into a tree", moved_in },
	{ "moved into a tree with its directory", dir_moved_in },
	{ "no longer excluded", included },
	{ "a watch was added", watched },
	{ "two monitors, one is read", two_trees },
	{ "a tree and a directory, one is read", tree_and_directory },
	{ "a further name, in a tree", further_name },
	{ "only a further name is left", only_further_name },
	{ "forgotten, and others in their place", evicted },
	{ "another actor", another_actor },
};

static const struct test racing[] = {
	{ "the last of many writes is seen", last_write_seen },
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
