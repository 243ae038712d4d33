// SPDX-License-Identifier: GPL-2.0
/* What only CAP_SYS_ADMIN of the first user namespace may. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "change.h"
#include "child.h"
#include "fixture.h"

/* What a child says about itself by its exit status. */
enum { ALL_REFUSED, SOMETHING_WRONG, NOT_POSSIBLE };

static const struct monitor_new named = { .name = "ksft.perm" };
static struct rig rig;
static struct monitor_info named_info;

static bool refused(struct nl_sock *s, const char *what, int rc)
{
	bool good = rc == -EPERM && s->sentence[0];

	if (!good)
		ksft_print_msg("%s: %s '%s'\n", what,
			       rc ? strerror(-rc) : "accepted", s->sentence);
	return good;
}

/* A list shows what is one's own. */
static bool unseen(struct nl_sock *s)
{
	struct monitor_info m;
	struct watch_info w;

	return imon_monitor_find(s, rig.monitor, &m) == -ENOENT &&
	       imon_monitor_find(s, named_info.id, &m) == -ENOENT &&
	       imon_watch_find(s, rig.monitor, rig.watch, &w) == -ENOENT;
}

/*
 * Every command about what is another's, and what one may not have oneself.
 * Not module-get, which tells nothing of anybody.
 */
static bool all_refused(struct nl_sock *s)
{
	const struct monitor_new own[] = {
		{ .name = "ksft.perm2" },
		{ .name = "ksft.perm2", .uid = NOBODY },
		{ .actor = 1 },
		{ .queue_bytes = 17 << 20 },
	};
	struct records stolen = { 0 };
	struct module_info module;
	struct monitor_info m;
	struct watch_info w;
	int fd = open("tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	good = !imon_module_get(s, &module) && module.instance == rig.instance;
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		good &= refused(s, "create",
				imon_monitor_create(s, &own[i], &m));
	good &= refused(s, "attach", imon_monitor_attach(s, named.name, &m));
	good &= refused(s, "delete", imon_monitor_delete(s, named_info.id));
	good &= unseen(s);
	good &= refused(s, "watch-add",
			imon_watch_add(s, rig.monitor, fd, 0, &w));
	good &= refused(s, "watch-del",
			imon_watch_del(s, rig.monitor, rig.watch));
	good &= refused(s, "watch-exclude",
			imon_watch_exclude(s, rig.monitor, rig.watch, fd));
	good &= refused(s, "watch-include",
			imon_watch_include(s, rig.monitor, rig.watch, fd));
	good &= refused(s, "pull", imon_pull(s, rig.monitor, &stolen));
	good &= refused(s, "ack", imon_event_ack(s, rig.monitor, rig.instance,
						 rig.got.v[0].seq));
	close(fd);
	return good && !stolen.n;
}

/* A monitor with one record in flight, and a named one that is free. */
static void prepare(void)
{
	rig_up(&rig, &monitor_defaults);
	must_nl(imon_monitor_create(&rig.nl, &named, &named_info));
	touch("tree/f");
	rig_drain(&rig);
	touch("tree/g");
}

/* Whether all that was refused did not happen. */
static bool unharmed(void)
{
	struct monitor_info m;
	struct watch_info w;
	bool good;

	must_nl(imon_watch_find(&rig.nl, rig.monitor, rig.watch, &w));
	must_nl(imon_monitor_find(&rig.nl, rig.monitor, &m));
	good = m.reader == rig.nl.portid && m.in_flight == 1 &&
	       m.pending == 1 && m.watches == 1;
	must_nl(imon_monitor_find(&rig.nl, named_info.id, &m));
	good = good && !m.reader && !m.watches;
	must_nl(imon_monitor_delete(&rig.nl, named_info.id));
	rig_down(&rig);
	return good;
}

static int try_all(void)
{
	struct nl_sock s;

	if (nl_open(&s))
		return SOMETHING_WRONG;
	return all_refused(&s) ? ALL_REFUSED : SOMETHING_WRONG;
}

static int try_as_namespace_root(void)
{
	return unshare(CLONE_NEWUSER) ? NOT_POSSIBLE : try_all();
}

static bool by_nobody(void)
{
	int how;

	prepare();
	how = in_child(NOBODY, try_all);
	return unharmed() && how == ALL_REFUSED;
}

static bool by_namespace_root(void)
{
	int how;

	prepare();
	how = in_child(NOBODY, try_as_namespace_root);
	if (how == NOT_POSSIBLE)
		fixture_skip("no user namespaces");
	return unharmed() && how == ALL_REFUSED;
}

/* A socket that nobody opened does not gain by who uses it. */
static bool through_nobodys_socket(void)
{
	struct nl_sock s;
	bool good;
	int rc;

	prepare();
	must(seteuid(NOBODY));
	rc = nl_open(&s);
	must(seteuid(0));
	must_nl(rc);
	good = all_refused(&s);
	nl_close(&s);
	return unharmed() && good;
}

/* Nor does nobody gain by a socket that root opened. */
static bool with_roots_socket(void)
{
	struct nl_sock s;
	bool good;

	prepare();
	must_nl(nl_open(&s));
	must(seteuid(NOBODY));
	good = all_refused(&s);
	must(seteuid(0));
	nl_close(&s);
	return unharmed() && good;
}

static const struct test tests[] = {
	{ "nobody is refused what is another's", by_nobody },
	{ "root of a user namespace is refused what is another's",
	  by_namespace_root },
	{ "root through nobody's socket is refused", through_nobodys_socket },
	{ "nobody with root's socket is refused", with_roots_socket },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
