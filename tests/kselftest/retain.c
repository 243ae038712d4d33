// SPDX-License-Identifier: GPL-2.0
/* What nobody fetches in time, who made a change, and what is counted. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "child.h"
#include "expect.h"

#define MODIFY IMON_EVENT_MODIFY
#define ATTRIB IMON_EVENT_ATTRIB
#define RENAME IMON_EVENT_RENAME
#define DIRTY IMON_EVENT_DIRTY
#define RECURSIVE IMON_EVENT_RECURSIVE

static const struct monitor_new short_lived = {
	.name = "ksft.retain", .retention_sec = 1
};

/* The socket goes, the monitor stays; a new socket, not attached. */
static void detach(struct rig *r)
{
	nl_close(&r->nl);
	must_nl(nl_open(&r->nl));
}

static void attach(struct rig *r)
{
	struct monitor_info info;

	must_nl(imon_monitor_attach_id(&r->nl, r->monitor, &info));
}

static void end(struct rig *r)
{
	must_nl(imon_monitor_delete(&r->nl, r->monitor));
	rig_down(r);
}

static uint64_t bytes(struct rig *r)
{
	struct monitor_info info;

	must_nl(imon_monitor_find(&r->nl, r->monitor, &info));
	return info.bytes;
}

/* Waits until the records that have memory of their own are given up. */
static bool given_up(struct rig *r)
{
	const struct timespec pause = { .tv_nsec = 10000000 };

	for (int i = 0; i < NL_DEADLINE_MS / 10; i++) {
		if (!bytes(r))
			return true;
		nanosleep(&pause, NULL);
	}
	ksft_print_msg("%llu bytes are still there\n",
		       (unsigned long long)bytes(r));
	return false;
}

static bool dirty_roots(void)
{
	uint32_t dir, inode, idle;
	struct rig r;
	bool good;

	put("tree/f", "text");
	rig_up(&r, &short_lived);
	dir = rig_watch_scope(&r, "tree", IMON_SCOPE_DIR, 0);
	inode = rig_watch_scope(&r, "tree/f", IMON_SCOPE_INODE, 0);
	idle = rig_watch(&r, "out");
	append("tree/f", 1);
	rig_drain(&r);
	detach(&r);
	must(chmod("tree/f", 0600));
	good = bytes(&r) && given_up(&r);
	attach(&r);
	rig_drain(&r);
	good = good && r.got.n == 3 &&
	       records_find(&r.got, r.watch, DIRTY | RECURSIVE, "") &&
	       records_find(&r.got, dir, DIRTY, "") &&
	       records_find(&r.got, inode, MODIFY | ATTRIB, "") &&
	       !records_find(&r.got, inode, DIRTY, "") &&
	       !records_find(&r.got, idle, 0, "");
	if (!good)
		show_records(&r.got, 8);
	end(&r);
	return good;
}

/* What comes when nobody has been there for long is not kept for ever. */
static bool later_ones_too(void)
{
	struct rig r;
	bool good;

	put("tree/f", "text");
	rig_begin(&r, &short_lived);
	r.watch = rig_watch_scope(&r, "tree/f", IMON_SCOPE_INODE, 0);
	detach(&r);
	append("tree/f", 1);
	good = given_up(&r);
	must(chmod("tree/f", 0600));
	good = good && bytes(&r) && given_up(&r);
	end(&r);
	return good;
}

/* Not of one that has a reader, nor of one that has longer. */
static bool kept(void)
{
	const struct monitor_new patient = {
		.name = "ksft.retain2", .retention_sec = 3600
	};
	const struct monitor_new other = {
		.name = "ksft.retain3", .retention_sec = 1
	};
	struct rig attached, waiting, clock;
	bool good;

	rig_up(&attached, &short_lived);
	rig_up(&waiting, &patient);
	detach(&waiting);
	touch("tree/f");
	rig_up(&clock, &other);
	detach(&clock);
	touch("tree/g");
	good = given_up(&clock);
	attach(&waiting);
	rig_drain(&attached);
	rig_drain(&waiting);
	good = good && attached.got.n == 2 && waiting.got.n == 2 &&
	       records_find(&attached.got, attached.watch, IMON_EVENT_CREATE,
			    "f") &&
	       records_find(&waiting.got, waiting.watch, IMON_EVENT_CREATE,
			    "g");
	end(&attached);
	end(&waiting);
	end(&clock);
	return good;
}

/* A process of its own that does it; its id. */
static pid_t by_child(const char *comm, uid_t uid, void (*what)(void))
{
	int status;
	pid_t pid;

	pid = must(fork());
	if (!pid) {
		must(prctl(PR_SET_NAME, comm));
		become(uid);
		what();
		_exit(0);
	}
	must(waitpid(pid, &status, 0));
	if (status)
		ksft_exit_fail_msg("%s ended with %#x\n", comm, status);
	return pid;
}

static void write_twice(void)
{
	append("tree/f", 2);
}

static void move_f(void)
{
	must(rename("tree/f", "tree/a longer name"));
}

static bool is_from(const struct record *r, const char *comm, uid_t uid,
		    pid_t pid)
{
	return r->comm && !strcmp(r->comm, comm) && r->uid == uid &&
	       r->pid == (uint32_t)pid;
}

static void give_f_away(void)
{
	put("tree/f", "text");
	must(chown("tree", NOBODY, NOBODY));
	must(chown("tree/f", NOBODY, NOBODY));
}

/* Writes by two processes, and a rename. */
static bool who(uint32_t mode, size_t records)
{
	struct monitor_new in = { .mode = mode, .actor = 1 };
	pid_t first, second, third;
	const struct record *last;
	struct rig r;
	bool good;

	give_f_away();
	rig_begin(&r, &in);
	r.watch = rig_watch_scope(&r, "tree", IMON_SCOPE_TREE, MODIFY | RENAME);
	first = by_child("ksft first", NOBODY, write_twice);
	second = by_child("ksft second", 0, write_twice);
	third = by_child("ksft third", NOBODY, move_f);
	rig_drain(&r);
	good = r.got.n == records;
	if (good) {
		last = &r.got.v[records - 1];
		good = is_from(&last[-1], "ksft second", 0, second) &&
		       is_from(last, "ksft third", NOBODY, third) &&
		       !strcmp(last->new_path, "a longer name");
	}
	if (records == 3)
		good = good &&
		       is_from(&r.got.v[0], "ksft first", NOBODY, first);
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

static bool who_log(void)
{
	return who(IMON_MODE_LOG, 3);
}

static bool who_state(void)
{
	return who(IMON_MODE_STATE, 2);
}

static bool nobody_asks_who(void)
{
	struct rig r;
	bool good;

	give_f_away();
	rig_begin(&r, &monitor_defaults);
	r.watch = rig_watch_scope(&r, "tree", IMON_SCOPE_TREE, MODIFY);
	by_child("ksft first", NOBODY, write_twice);
	by_child("ksft second", 0, write_twice);
	rig_drain(&r);
	good = r.got.n == 1 && !r.got.v[0].comm && !r.got.v[0].pid;
	rig_down(&r);
	return good;
}

/* Fills a small queue with single files at many places. */
static bool counters(void)
{
	const struct monitor_new in = { .queue_bytes = 4096 };
	struct module_info before, after;
	struct monitor_info m;
	char path[64];
	struct rig r;
	bool good;

	rig_up(&r, &in);
	must_nl(imon_module_get(&r.nl, &before));
	for (int i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "tree/d%d", i);
		make_dir(path);
		strcat(path, "/e");
		make_dir(path);
		strcat(path, "/f");
		touch(path);
	}
	must_nl(imon_monitor_find(&r.nl, r.monitor, &m));
	must_nl(imon_module_get(&r.nl, &after));
	good = m.degraded_dir && m.degraded_subtree && m.degraded_root &&
	       m.degraded == m.degraded_dir + m.degraded_subtree +
			     m.degraded_root &&
	       m.bytes_high <= 4096 && m.memory_failures == 0 &&
	       after.memory_failures == before.memory_failures &&
	       after.events >= before.events + 300;
	ksft_print_msg("%llu degraded: %llu, %llu, %llu\n",
		       (unsigned long long)m.degraded,
		       (unsigned long long)m.degraded_dir,
		       (unsigned long long)m.degraded_subtree,
		       (unsigned long long)m.degraded_root);
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "what nobody fetches in time becomes dirty roots", dirty_roots },
	{ "what comes later does so too", later_ones_too },
	{ "what somebody may still fetch is kept", kept },
	{ "log: who made each change", who_log },
	{ "state: who made the last change", who_state },
	{ "who made a change is told when asked for", nobody_asks_who },
	{ "every step of the ladder is counted", counters },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
