// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that start and end. This file is the program too: a copy of it in
 * the tree, called with an argument, lives until its standard input ends.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define EXEC IMON_EVENT_EXEC
#define EXIT IMON_EVENT_EXIT

/* A running copy and the pipe that keeps it alive. */
struct instance {
	pid_t pid;
	int hold;
};

/* Returns once the exec has succeeded: that closes the second pipe. */
static struct instance start(const char *path, const char *how)
{
	struct instance new;
	int hold[2], started[2];
	char byte;

	must(pipe2(hold, O_CLOEXEC));
	must(pipe2(started, O_CLOEXEC));
	new.pid = must(fork());
	if (!new.pid) {
		dup2(hold[0], 0);
		if (how && !strcmp(how, "by descriptor")) {
			char *const argv[] = { "program", "wait", NULL };

			fexecve(open(path, O_PATH | O_CLOEXEC), argv, environ);
		} else {
			execl(path, path, how ? how : "wait", NULL);
		}
		_exit(127);
	}
	close(hold[0]);
	close(started[1]);
	if (read(started[0], &byte, 1))
		ksft_exit_fail_msg("no end of file from the exec of %s\n", path);
	close(started[0]);
	new.hold = hold[1];
	return new;
}

static void stop(struct instance *instance)
{
	int status;

	close(instance->hold);
	must(waitpid(instance->pid, &status, 0));
	if (status)
		ksft_exit_fail_msg("the program ended with %#x\n", status);
}

static void rig_programs(struct rig *r, uint32_t mask)
{
	struct watch_info watch;
	int fd;

	rig_up(r, &monitor_defaults);
	must_nl(imon_watch_del(&r->nl, r->monitor, r->watch));
	fd = must(open("tree", O_PATH | O_DIRECTORY));
	must_nl(imon_watch_add(&r->nl, r->monitor, fd, mask, &watch));
	close(fd);
	r->watch = watch.id;
}

/* Whether exactly one record came since the last time, or none (mask 0). */
static bool told(struct rig *r, uint32_t mask, const char *path)
{
	bool good;

	rig_drain(r);
	good = r->got.n == !!mask &&
	       (!mask || records_find(&r->got, r->watch, mask, path));
	if (!good)
		show_records(&r->got, 8);
	return good;
}

static bool first_and_last(void)
{
	struct instance a, b;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	rig_programs(&r, EXEC | EXIT);
	a = start("tree/program", NULL);
	good = told(&r, EXEC, "program");
	b = start("tree/program", NULL);
	good &= told(&r, 0, NULL);
	stop(&a);
	good &= told(&r, 0, NULL);
	stop(&b);
	good &= told(&r, EXIT, "program");
	rig_down(&r);
	return good;
}

static bool running_already(void)
{
	struct instance a, b;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	a = start("tree/program", NULL);
	rig_programs(&r, EXEC | EXIT);
	b = start("tree/program", NULL);
	good = told(&r, 0, NULL);
	stop(&b);
	good &= told(&r, 0, NULL);
	stop(&a);
	good &= told(&r, EXIT, "program");
	rig_down(&r);
	return good;
}

/* The copy forks, and the child outlives it. */
static bool child_keeps_it(void)
{
	struct instance a;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	rig_programs(&r, EXEC | EXIT);
	a = start("tree/program", "fork");
	must(waitpid(a.pid, NULL, 0));
	good = told(&r, EXEC, "program");
	close(a.hold);
	/* Now a child of ours: PR_SET_CHILD_SUBREAPER. */
	must(waitpid(-1, NULL, 0));
	good &= told(&r, EXIT, "program");
	rig_down(&r);
	return good;
}

static bool threads_are_one(void)
{
	struct instance a;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	rig_programs(&r, EXEC | EXIT);
	a = start("tree/program", "thread");
	good = told(&r, EXEC, "program");
	stop(&a);
	good &= told(&r, EXIT, "program");
	rig_down(&r);
	return good;
}

static bool script(void)
{
	bool good, script_ended;
	struct instance a;
	struct rig r;
	int fd;

	must(copy_self("tree/interpreter"));
	fd = must(open("tree/script", O_WRONLY | O_CREAT, 0755));
	must(dprintf(fd, "#!tree/interpreter wait\n"));
	close(fd);
	rig_programs(&r, EXEC | EXIT);
	a = start("tree/script", NULL);
	rig_drain(&r);
	good = records_find(&r.got, r.watch, EXEC, "script") &&
	       records_find(&r.got, r.watch, EXEC, "interpreter") &&
	       !records_find(&r.got, r.watch, EXIT, "interpreter");
	/* The last reference to the script goes some time after the exec. */
	script_ended = records_find(&r.got, r.watch, EXIT, "script");
	if (!good)
		show_records(&r.got, 8);
	stop(&a);
	rig_drain(&r);
	good &= script_ended != !!records_find(&r.got, r.watch, EXIT, "script") &&
		records_find(&r.got, r.watch, EXIT, "interpreter");
	rig_down(&r);
	return good;
}

static bool through_a_bind_mount(void)
{
	struct instance a;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	must(mount("tree", "out", NULL, MS_BIND, NULL));
	rig_programs(&r, EXEC | EXIT);
	a = start("out/program", NULL);
	good = told(&r, EXEC, "program");
	stop(&a);
	good &= told(&r, EXIT, "program");
	must(umount("out"));
	rig_down(&r);
	return good;
}

/* 6.1 tells nothing of the start; the end it always tells. */
static bool by_descriptor(void)
{
	struct instance a;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	rig_programs(&r, EXEC | EXIT);
	a = start("tree/program", "by descriptor");
	rig_drain(&r);
	good = r.got.n == 0 ||
	       (r.got.n == 1 && records_find(&r.got, r.watch, EXEC, "program"));
	stop(&a);
	good &= told(&r, EXIT, "program");
	rig_down(&r);
	return good;
}

/* Reading a file and running a program unasked make no record. */
static bool only_when_asked(void)
{
	struct instance a;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	rig_up(&r, &monitor_defaults);
	a = start("tree/program", NULL);
	stop(&a);
	good = told(&r, 0, NULL);
	rig_down(&r);

	rig_programs(&r, EXEC | EXIT);
	close(must(open("tree/program", O_RDONLY)));
	good &= told(&r, 0, NULL);
	rig_down(&r);
	return good;
}

static bool only_the_end(void)
{
	struct instance a;
	struct rig r;
	bool good;

	must(copy_self("tree/program"));
	rig_programs(&r, EXIT);
	a = start("tree/program", NULL);
	good = told(&r, 0, NULL);
	stop(&a);
	good &= told(&r, EXIT, "program");
	rig_down(&r);
	return good;
}

/* A program may be watched by itself, whatever its path. */
static bool as_an_inode(void)
{
	struct instance a, b, other;
	struct rig r;
	bool good;

	copy_self("tree/program");
	copy_self("tree/other");
	rig_begin(&r, &monitor_defaults);
	r.watch = rig_watch_scope(&r, "tree/program", IMON_SCOPE_INODE,
				  EXEC | EXIT);
	other = start("tree/other", NULL);
	good = told(&r, 0, NULL);
	a = start("tree/program", NULL);
	good &= told(&r, EXEC, "");
	must(rename("tree/program", "out/program"));
	good &= told(&r, IMON_EVENT_ROOT_MOVED, "");
	b = start("out/program", NULL);
	stop(&a);
	stop(&other);
	good &= told(&r, 0, NULL);
	stop(&b);
	good &= told(&r, EXIT, "");
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "the first start and the last end are told", first_and_last },
	{ "what ran before the watch counts", running_already },
	{ "a child that did not exec keeps it running", child_keeps_it },
	{ "threads are one program", threads_are_one },
	{ "a script and its interpreter are told", script },
	{ "a start through a bind mount is a start", through_a_bind_mount },
	{ "a start by descriptor ends", by_descriptor },
	{ "nothing is told unasked", only_when_asked },
	{ "an end can be asked for alone", only_the_end },
	{ "a program is watched by itself", as_an_inode },
};

static void *read_on(void *arg)
{
	char byte;

	while (read(0, &byte, 1) > 0)
		;
	return arg;
}

/* What a copy does. */
static int live(const char *how)
{
	pthread_t thread;

	if (!strcmp(how, "fork") && fork())
		return 0;
	if (!strcmp(how, "thread") &&
	    !pthread_create(&thread, NULL, read_on, NULL))
		pthread_join(thread, NULL);
	read_on(NULL);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return live(argv[1]);
	must(prctl(PR_SET_CHILD_SUBREAPER, 1));
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
