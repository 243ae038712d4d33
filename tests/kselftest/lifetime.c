// SPDX-License-Identifier: GPL-2.0
/* Ends: of a filesystem, a root, a reader, and of the module under all of it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define UNLOADS 50
#define RECORDS 500

/* A watch never keeps a filesystem; its end is told. */
static bool unmounted(void)
{
	struct module_info before, after;
	uint32_t watch;
	struct rig r;
	bool good;

	make_dir("out/m");
	rig_up(&r, &monitor_defaults);
	must_nl(imon_module_get(&r.nl, &before));
	must(mount("none", "out/m", "tmpfs", 0, NULL));
	watch = rig_watch(&r, "out/m");
	touch("out/m/f");
	must(umount("out/m"));
	rig_drain(&r);
	must_nl(imon_module_get(&r.nl, &after));
	good = r.got.n == 2 &&
	       records_find(&r.got, watch, IMON_EVENT_CREATE, "f") &&
	       r.got.v[1].watch == watch &&
	       r.got.v[1].mask & IMON_EVENT_UNMOUNT &&
	       rig_state(&r, watch) == IMON_WATCH_STATE_UNMOUNTED &&
	       after.filesystems == before.filesystems;
	if (!good)
		show_records(&r.got, 8);
	must(mount("none", "out/m", "tmpfs", 0, NULL));
	touch("out/m/g");
	rig_drain(&r);
	good = good && !r.got.n;
	must(umount("out/m"));
	must_nl(imon_watch_del(&r.nl, r.monitor, watch));
	rig_down(&r);
	return good;
}

/* Mounts and unmounts while a monitor with a watch on it comes and goes. */
static bool unmounted_in_a_race(void)
{
	bool good = true;
	pid_t reader;

	make_dir("out/m");
	reader = must(fork());
	if (!reader) {
		struct watch_info info;
		struct monitor_info m;
		struct nl_sock s;
		int fd;

		while (!nl_open(&s) &&
		       !imon_monitor_create(&s, &monitor_defaults, &m)) {
			fd = open("out/m", O_PATH | O_DIRECTORY);
			imon_watch_add(&s, m.id, fd, 0, &info);
			close(fd);
			nl_close(&s);
		}
		_exit(1);
	}
	for (int i = fixture_times(100); i && good; i--) {
		must(mount("none", "out/m", "tmpfs", 0, NULL));
		touch("out/m/f");
		/* Busy only while the reader is in open(). */
		while (umount("out/m"))
			must(errno == EBUSY ? 0 : -1);
		good = !waitpid(reader, NULL, WNOHANG);
	}
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	return good;
}

/* By another directory, while somebody has it open. */
static bool root_replaced(void)
{
	struct rig r;
	bool good;
	int fd;

	make_dir("out/d");
	rig_up(&r, &monitor_defaults);
	fd = must(open("tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	must(rename("out/d", "tree"));
	rig_drain(&r);
	good = r.got.n == 1 && r.got.v[0].mask & IMON_EVENT_ROOT_DELETED &&
	       rig_state(&r, r.watch) == IMON_WATCH_STATE_DELETED;
	if (!good)
		show_records(&r.got, 8);
	close(fd);
	rig_down(&r);
	return good;
}

static bool root_deleted(void)
{
	struct rig r;
	bool good;

	touch("tree/f");
	rig_up(&r, &monitor_defaults);
	remove_tree("tree");
	rig_drain(&r);
	good = r.got.n == 2 &&
	       records_find(&r.got, r.watch, IMON_EVENT_DELETE, "f") &&
	       r.got.v[1].mask & IMON_EVENT_ROOT_DELETED &&
	       rig_state(&r, r.watch) == IMON_WATCH_STATE_DELETED;
	if (!good)
		show_records(&r.got, 8);
	make_dir("tree");
	touch("tree/g");
	rig_drain(&r);
	good = good && !r.got.n;
	rig_down(&r);
	return good;
}

static bool root_moved(void)
{
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	must(rename("tree", "out/moved"));
	touch("out/moved/f");
	rig_drain(&r);
	good = r.got.n == 2 && r.got.v[0].mask & IMON_EVENT_ROOT_MOVED &&
	       records_find(&r.got, r.watch, IMON_EVENT_CREATE, "f") &&
	       rig_state(&r, r.watch) == IMON_WATCH_STATE_ACTIVE;
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

/* What is above the root may move: paths begin at the root. */
static bool parent_moved(void)
{
	uint32_t watch;
	struct rig r;
	bool good;

	make_dir("out/d");
	make_dir("out/d/e");
	rig_up(&r, &monitor_defaults);
	watch = rig_watch(&r, "out/d/e");
	must(rename("out/d", "out/x"));
	touch("out/x/e/f");
	rig_drain(&r);
	good = records_find(&r.got, watch, IMON_EVENT_CREATE, "f");
	rig_down(&r);
	return good;
}

static void make_records(void)
{
	char path[64];

	for (int i = 0; i < RECORDS; i++) {
		snprintf(path, sizeof(path), "tree/f%d", i);
		touch(path);
	}
}

/* Sends a pull and takes only the first of its messages. */
static void pull_a_little(struct nl_sock *s, uint32_t monitor)
{
	static struct nl_msg m;
	char answer[4096];

	nl_start(&m, s->family, NLM_F_DUMP, IMON_CMD_EVENT_PULL);
	nl_put_u32(&m, IMON_A_EVENT_MONITOR, monitor);
	must_nl(nl_send(s, &m));
	must_nl(nl_recv(s, answer, sizeof(answer), NL_DEADLINE_MS));
}

/* A reader that dies in the middle of a pull: the next one gets it all. */
static bool died_while_pulling(void)
{
	struct monitor_new in = { .name = "ksft.lifetime" };
	struct records got = { 0 };
	struct monitor_info info;
	struct nl_sock s;
	struct rig r;
	bool good;
	pid_t pid;

	rig_up(&r, &in);
	rig_down(&r);
	make_records();
	pid = must(fork());
	if (!pid) {
		must_nl(nl_open(&s));
		must_nl(imon_monitor_attach(&s, in.name, &info));
		pull_a_little(&s, info.id);
		kill(getpid(), SIGKILL);
	}
	waitpid(pid, NULL, 0);
	must_nl(nl_open(&s));
	must_nl(imon_monitor_attach(&s, in.name, &info));
	must_nl(imon_drain(&s, info.id, &got));
	good = got.n == RECORDS;
	for (size_t i = 0; i < got.n && good; i++)
		good = got.v[i].mask == IMON_EVENT_CREATE &&
		       atoi(got.v[i].path + 1) == (int)i;
	must_nl(imon_monitor_delete(&s, info.id));
	records_clear(&got);
	nl_close(&s);
	return good;
}

static bool deleted_while_pulling(void)
{
	struct monitor_new in = { .name = "ksft.lifetime" };
	struct records got = { 0 };
	struct nl_sock s;
	struct rig r;
	char rest[32768];
	bool good;

	must_nl(nl_open(&s));
	rig_up(&r, &in);
	make_records();
	pull_a_little(&r.nl, r.monitor);
	must_nl(imon_monitor_delete(&s, r.monitor));
	while (nl_recv(&r.nl, rest, sizeof(rest), 0) > 0)
		;
	good = imon_pull(&r.nl, r.monitor, &got) == -ENOENT;
	rig_down(&r);
	nl_close(&s);
	return good;
}

/* Unloads, however busy the module is: it may be so only for a moment. */
static int unload_soon(void)
{
	struct timespec pause = { .tv_nsec = 1000000 };
	int rc;

	for (int i = 0; i < NL_DEADLINE_MS; i++) {
		rc = module_unload();
		if (rc != -EAGAIN && rc != -EBUSY)
			return rc;
		nanosleep(&pause, NULL);
	}
	return rc;
}

/* While a dump is under way the module stays, or goes: both are safe. */
static bool unloaded_while_pulling(void)
{
	struct rig r;
	int rc;

	if (!fixture_owns_module())
		return fixture_skip("others may be using the module");
	rig_up(&r, &monitor_defaults);
	make_records();
	pull_a_little(&r.nl, r.monitor);
	rc = module_unload();
	rig_down(&r);
	if (rc && rc != -EAGAIN && rc != -EBUSY)
		return false;
	return (!rc || !unload_soon()) && !module_load();
}

static pid_t start_writer(void)
{
	pid_t pid = must(fork());

	while (!pid) {
		put("tree/f", "text");
		must(rename("tree/f", "tree/g"));
		must(unlink("tree/g"));
	}
	return pid;
}

/* Readers that come whenever they can and read as fast as they can. */
static pid_t start_reader(void)
{
	pid_t pid = must(fork());

	while (!pid) {
		struct records got = { 0 };
		struct monitor_info m;
		struct watch_info w;
		struct nl_sock s;
		int fd;

		if (nl_open(&s)) {
			sched_yield();
			continue;
		}
		fd = must(open("tree", O_PATH | O_DIRECTORY));
		if (!imon_monitor_create(&s, &monitor_defaults, &m) &&
		    !imon_watch_add(&s, m.id, fd, 0, &w))
			for (int i = 0; i < 20 && !imon_pull(&s, m.id, &got);
			     i++)
				records_clear(&got);
		records_clear(&got);
		close(fd);
		nl_close(&s);
	}
	return pid;
}

static bool unload_once(void)
{
	struct monitor_new in = { .name = "ksft.lifetime" };
	struct module_info info;
	struct rig idle, attached;
	bool good;

	rig_up(&idle, &monitor_defaults);
	rig_up(&attached, &in);
	good = !nl_wait_wake(&idle.nl, NL_DEADLINE_MS);
	rig_drain(&attached);
	good = good && !unload_soon() &&
	       imon_module_get(&idle.nl, &info) == -ENOENT && !module_load();
	rig_down(&idle);
	rig_down(&attached);
	return good;
}

static bool unloaded(void)
{
	bool good = true;
	pid_t pids[2];

	if (!fixture_owns_module())
		return fixture_skip("others may be using the module");
	pids[0] = start_writer();
	pids[1] = start_reader();
	for (int i = fixture_times(UNLOADS); i && good; i--)
		good = unload_once();
	for (int i = 0; i < 2; i++) {
		good = !waitpid(pids[i], NULL, WNOHANG) && good;
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	return good;
}

static const struct test tests[] = {
	{ "umount is not blocked and is told", unmounted },
	{ "umount against watches that come and go", unmounted_in_a_race },
	{ "a deleted root is told", root_deleted },
	{ "a root replaced by a rename is told at once", root_replaced },
	{ "a moved root is told and goes on", root_moved },
	{ "a parent of the root may move", parent_moved },
	{ "a reader may die while it pulls", died_while_pulling },
	{ "a monitor may go while it is pulled", deleted_while_pulling },
};

static const struct test module_tests[] = {
	{ "the module may be asked to go while it is pulled",
	  unloaded_while_pulling },
	{ "the module goes again and again under readers and a writer", unloaded },
};

int main(void)
{
	fixture_begin_long(ARRAY_LEN(tests), ARRAY_LEN(module_tests));
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_run_once(module_tests, ARRAY_LEN(module_tests));
	fixture_end();
}
