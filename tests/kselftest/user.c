// SPDX-License-Identifier: GPL-2.0
/* What a user without privilege may do, how much of it, and for whom. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "child.h"
#include "expect.h"

#define SOMEBODY 1000
#define PARAMETERS "/sys/module/imon/parameters/"

enum { GOOD, BAD };

static const struct monitor_new delegated = {
	.name = "ksft.user", .uid = NOBODY
};

static bool refused(struct nl_sock *s, const char *what, int rc, int error)
{
	bool good = rc == -error && s->sentence[0];

	if (!good)
		ksft_print_msg("%s: %s '%s'\n", what,
			       rc ? strerror(-rc) : "accepted", s->sentence);
	return good;
}

static int add(struct rig *r, const char *path, uint32_t scope, uint32_t mask)
{
	int fd = must(open(path, O_PATH | O_CLOEXEC));
	struct watch_info info;
	int rc;

	rc = imon_watch_add_scope(&r->nl, r->monitor, fd, scope, mask, &info);
	close(fd);
	r->watch = info.id;
	return rc;
}

/* As one request: the number that could be had, or -errno. */
static int add_both(struct rig *r, const char *first, const char *second)
{
	int fds[] = { must(open(first, O_PATH | O_CLOEXEC)),
		      must(open(second, O_PATH | O_CLOEXEC)) };
	uint32_t ids[ARRAY_LEN(fds)];
	int rc = imon_watch_add_many(&r->nl, r->monitor, fds, ARRAY_LEN(fds),
				     IMON_SCOPE_INODE, ids);

	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
	return rc;
}

static void give_tree_away(void)
{
	put("tree/f", "text");
	must(chown("tree", NOBODY, NOBODY));
	must(chown("tree/f", NOBODY, NOBODY));
}

static int watch_own(void)
{
	uint32_t dir, inode;
	struct rig r;
	bool good;

	rig_begin(&r, &monitor_defaults);
	dir = rig_watch_scope(&r, "tree", IMON_SCOPE_DIR, 0);
	inode = rig_watch_scope(&r, "tree/f", IMON_SCOPE_INODE, 0);
	touch("tree/g");
	must(chmod("tree/f", 0600));
	rig_drain(&r);
	good = r.got.n == 3 &&
	       records_find(&r.got, dir, IMON_EVENT_CREATE, "g") &&
	       records_find(&r.got, dir, IMON_EVENT_ATTRIB, "f") &&
	       records_find(&r.got, inode, IMON_EVENT_ATTRIB, "");
	must_nl(imon_event_ack(&r.nl, r.monitor, r.instance, r.got.v[2].seq));
	must_nl(imon_watch_del(&r.nl, r.monitor, inode));
	must_nl(imon_monitor_delete(&r.nl, r.monitor));
	rig_down(&r);
	return good ? GOOD : BAD;
}

static bool may_watch(void)
{
	give_tree_away();
	return in_child(NOBODY, watch_own) == GOOD;
}

static int watch_shared(void)
{
	struct rig r;
	int rc;

	rig_begin(&r, &monitor_defaults);
	rc = add(&r, "tree/shared", IMON_SCOPE_INODE, 0);
	if (rc)
		ksft_print_msg("%d '%s'\n", rc, r.nl.sentence);
	rig_down(&r);
	return rc ? BAD : GOOD;
}

/* Somebody else's, whose access list has to come from the disk. */
static bool may_watch_shared(void)
{
	/* Empty: what has pages in memory stays there itself. */
	touch("tree/shared");
	must(chmod("tree/shared", 0644));
	drop_caches();
	return in_child(NOBODY, watch_shared) == GOOD;
}

static int watch_too_much(void)
{
	struct rig r;
	bool good;

	rig_begin(&r, &monitor_defaults);
	good = refused(&r.nl, "a secret directory",
		       add(&r, "out", IMON_SCOPE_DIR, 0), EACCES) &
	       refused(&r.nl, "its inode",
		       add(&r, "out", IMON_SCOPE_INODE, 0), EACCES) &
	       refused(&r.nl, "a secret file",
		       add(&r, "secret", IMON_SCOPE_INODE, 0), EACCES) &
	       refused(&r.nl, "a secret file first",
		       add_both(&r, "secret", "tree/f"), EACCES) &
	       (add_both(&r, "tree/f", "secret") == 1) &
	       refused(&r.nl, "a tree",
		       add(&r, "tree", IMON_SCOPE_TREE, 0), EPERM) &
	       refused(&r.nl, "programs",
		       add(&r, "tree/f", IMON_SCOPE_INODE, IMON_EVENT_EXEC),
		       EPERM) &
	       refused(&r.nl, "programs",
		       add(&r, "tree", IMON_SCOPE_DIR, IMON_EVENT_EXIT), EPERM);
	rig_down(&r);
	return good ? GOOD : BAD;
}

static bool may_not_watch(void)
{
	give_tree_away();
	put("secret", "text");
	must(chmod("secret", 0600));
	must(chmod("out", 0711));
	return in_child(NOBODY, watch_too_much) == GOOD;
}

/* Sets a parameter of the module; the value it had. */
static unsigned int set_parameter(const char *name, const char *value)
{
	char path[128], old[32];
	unsigned int number;
	FILE *f;

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	f = fopen(path, "r+");
	if (!f || !fgets(old, sizeof(old), f))
		ksft_exit_fail_msg("cannot read %s\n", path);
	number = strtoul(old, NULL, 10);
	rewind(f);
	if (fputs(value, f) < 0 || fclose(f))
		ksft_exit_fail_msg("cannot write %s\n", path);
	return number;
}

static void restore_parameter(const char *name, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	set_parameter(name, text);
}

static int make_monitor(void)
{
	struct monitor_info m;
	struct nl_sock s;
	bool good;

	must_nl(nl_open(&s));
	good = refused(&s, "create",
		       imon_monitor_create(&s, &monitor_defaults, &m), EPERM);
	nl_close(&s);
	return good ? GOOD : BAD;
}

/* Nor does a monitor that was made before help. */
static bool no_more_watches(void)
{
	struct rig r;
	bool good;

	must(seteuid(NOBODY));
	rig_begin(&r, &monitor_defaults);
	must(seteuid(0));
	set_parameter("unprivileged", "N");
	must(seteuid(NOBODY));
	good = refused(&r.nl, "watch-add", add(&r, ".", IMON_SCOPE_DIR, 0), EPERM);
	must(seteuid(0));
	rig_down(&r);
	return good;
}

static bool switched_off(void)
{
	bool good;

	good = no_more_watches();
	good &= in_child(NOBODY, make_monitor) == GOOD;
	set_parameter("unprivileged", "Y");
	give_tree_away();
	return good && in_child(NOBODY, watch_own) == GOOD;
}

/* The limit, 2, is for all monitors of a user. */
static int use_up_watches(void)
{
	struct rig a, b;
	bool good;

	rig_begin(&a, &monitor_defaults);
	rig_begin(&b, &monitor_defaults);
	must_nl(add(&a, "tree", IMON_SCOPE_DIR, 0));
	must_nl(add(&b, "tree", IMON_SCOPE_DIR, 0));
	good = refused(&a.nl, "a third watch",
		       add(&a, "tree/f", IMON_SCOPE_INODE, 0), EDQUOT);
	good &= refused(&a.nl, "both", add_both(&a, "tree/f", "tree"), EDQUOT);
	must_nl(imon_watch_del(&b.nl, b.monitor, b.watch));
	good &= add_both(&a, "tree/f", "tree") == 1;
	good &= refused(&b.nl, "a third watch",
			add(&b, "tree/f", IMON_SCOPE_INODE, 0), EDQUOT);
	rig_down(&a);
	good &= add_both(&b, "tree/f", "tree") == 2;
	rig_down(&b);
	return good ? GOOD : BAD;
}

static bool limited_watches(void)
{
	unsigned int old = set_parameter("max_user_watches", "2");
	int how;

	give_tree_away();
	how = in_child(NOBODY, use_up_watches);
	restore_parameter("max_user_watches", old);
	return how == GOOD;
}

static int use_up_monitors(void)
{
	struct monitor_info m;
	struct nl_sock s;
	struct rig r;
	bool good;

	must_nl(nl_open(&s));
	rig_begin(&r, &monitor_defaults);
	good = refused(&s, "a second monitor",
		       imon_monitor_create(&s, &monitor_defaults, &m), EDQUOT);
	rig_down(&r);
	must_nl(imon_monitor_create(&s, &monitor_defaults, &m));
	must_nl(imon_monitor_delete(&s, m.id));
	must_nl(imon_monitor_create(&s, &monitor_defaults, &m));
	nl_close(&s);
	return good ? GOOD : BAD;
}

/* Of each user, and not of those with privilege. */
static bool limited_monitors(void)
{
	unsigned int old = set_parameter("max_user_monitors", "1");
	struct rig a, b;
	bool good;

	rig_up(&a, &monitor_defaults);
	rig_up(&b, &monitor_defaults);
	good = in_child(NOBODY, use_up_monitors) == GOOD &&
	       in_child(SOMEBODY, use_up_monitors) == GOOD;
	rig_down(&a);
	rig_down(&b);
	restore_parameter("max_user_monitors", old);
	return good;
}

/* The delegate reads, and changes nothing. */
static bool reads_only(struct rig *r, const struct monitor_info *m)
{
	struct watch_info w;
	bool good;

	rig_drain(r);
	good = m->uid == NOBODY && m->watches == 1 && r->got.n == 1 &&
	       records_find(&r->got, r->watch, IMON_EVENT_CREATE, "f") &&
	       !imon_watch_find(&r->nl, m->id, r->watch, &w) &&
	       !imon_event_ack(&r->nl, m->id, m->instance, r->got.v[0].seq);
	return good &
	       refused(&r->nl, "watch-add",
		       add(r, "tree", IMON_SCOPE_DIR, 0), EPERM) &
	       refused(&r->nl, "watch-del",
		       imon_watch_del(&r->nl, m->id, w.id), EPERM) &
	       refused(&r->nl, "watch-exclude", rig_exclude(r, "tree/d"),
		       EPERM) &
	       refused(&r->nl, "watch-include", rig_include(r, "tree/d"),
		       EPERM) &
	       refused(&r->nl, "delete",
		       imon_monitor_delete(&r->nl, m->id), EPERM);
}

static uint32_t delegated_id, delegated_watch;

static int read_delegated(void)
{
	struct rig r = { .watch = delegated_watch };
	struct monitor_info m;
	bool good;

	must_nl(nl_open(&r.nl));
	good = !imon_monitor_find(&r.nl, delegated_id, &m) &&
	       !imon_monitor_attach(&r.nl, delegated.name, &m);
	r.monitor = m.id;
	good = good && reads_only(&r, &m);
	rig_down(&r);
	return good ? GOOD : BAD;
}

static int steal_delegated(void)
{
	struct monitor_info m;
	struct watch_info w;
	struct nl_sock s;
	bool good;

	must_nl(nl_open(&s));
	good = refused(&s, "attach",
		       imon_monitor_attach(&s, delegated.name, &m), EPERM) &&
	       imon_monitor_find(&s, delegated_id, &m) == -ENOENT &&
	       imon_watch_find(&s, 0, delegated_watch, &w) == -ENOENT;
	nl_close(&s);
	return good ? GOOD : BAD;
}

static bool delegates(void)
{
	struct monitor_info info;
	struct rig r;
	bool good;

	make_dir("tree/d");
	rig_up(&r, &delegated);
	delegated_id = r.monitor;
	delegated_watch = r.watch;
	rig_down(&r);
	touch("tree/f");
	good = in_child(SOMEBODY, steal_delegated) == GOOD;
	good &= in_child(NOBODY, read_delegated) == GOOD;
	must_nl(nl_open(&r.nl));
	must_nl(imon_monitor_find(&r.nl, delegated_id, &info));
	good = good && info.watches == 1 && !info.pending && !info.in_flight;
	must_nl(imon_monitor_delete(&r.nl, delegated_id));
	nl_close(&r.nl);
	return good;
}

static const struct test tests[] = {
	{ "a user watches what he may read", may_watch },
	{ "a user watches what everybody may read", may_watch_shared },
	{ "a user watches nothing else", may_not_watch },
	{ "a parameter forbids it", switched_off },
	{ "the watches of a user are limited", limited_watches },
	{ "the monitors of a user are limited", limited_monitors },
	{ "a delegated monitor can be read, and no more", delegates },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
