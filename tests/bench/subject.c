// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "subject.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../kselftest/change.h"
#include "../kselftest/fixture.h"
#include "clock.h"

#define END "tree/end"

bool subject_is_end(const char *path, size_t len)
{
	static const char name[] = "end";
	const size_t n = sizeof(name) - 1;

	return len >= n && !memcmp(path + len - n, name, n) &&
	       (len == n || path[len - n - 1] == '/');
}

static bool nothing(void)
{
	return true;
}

static void leave_nothing(void)
{
}

const struct subject subject_none = {
	.name = "none", .watch = nothing, .leave = leave_nothing,
};

/* The floor has no reader either. */
static bool load_floor(void)
{
	char here[PATH_MAX - 16], parameter[PATH_MAX];
	bool good;
	int fd;

	if (!getcwd(here, sizeof(here)))
		return false;
	snprintf(parameter, sizeof(parameter), "path=%s", here);
	fd = open("/lib/bench/floor.ko", O_RDONLY | O_CLOEXEC);
	good = fd >= 0 && !syscall(SYS_finit_module, fd, parameter, 0);
	close(fd);
	return good;
}

static void unload_floor(void)
{
	syscall(SYS_delete_module, "floor", O_NONBLOCK);
}

const struct subject subject_floor = {
	.name = "floor", .watch = load_floor, .leave = unload_floor,
};

static struct {
	const struct subject *subject;
	bool reading;
	int trees;
	/* It says when it watches, and when it was told of the end. */
	int from;
	/* Closed, it leaves. */
	int to;
	pid_t pid;
} now;

static bool watch_all(void)
{
	char path[32];

	if (!now.subject->watch())
		return false;
	for (int i = 0; now.subject->watch_more && i < now.trees; i++) {
		snprintf(path, sizeof(path), "out/%d", i);
		make_dir(path);
		if (!now.subject->watch_more(path))
			return false;
	}
	return true;
}

static void say(int out, unsigned long long when)
{
	must(write(out, &when, sizeof(when)));
}

static unsigned long long hear(void)
{
	unsigned long long when;

	return read(now.from, &when, sizeof(when)) == sizeof(when) ? when : 0;
}

static void serve(int out, int stay)
{
	bool watches = watch_all();
	char byte;

	say(out, watches ? clock_now() : 0);
	if (watches && now.reading && now.subject->drain) {
		while (!now.subject->drain())
			;
		say(out, clock_now());
	}
	if (read(stay, &byte, 1) < 0)
		exit(1);
	now.subject->leave();
	exit(0);
}

bool subject_start(const struct subject *s, bool reading, int trees)
{
	int from[2], to[2];

	must(pipe2(from, O_CLOEXEC));
	must(pipe2(to, O_CLOEXEC));
	now.subject = s;
	now.reading = reading;
	now.trees = trees;
	fflush(stdout);
	now.pid = must(fork());
	if (!now.pid) {
		close(from[0]);
		close(to[1]);
		serve(from[1], to[0]);
	}
	close(from[1]);
	close(to[0]);
	now.from = from[0];
	now.to = to[1];
	if (hear())
		return true;
	subject_stop();
	return false;
}

unsigned long long subject_settle(void)
{
	unsigned long long when;

	if (!now.reading || !now.subject->drain)
		return 0;
	must(mknod(END, S_IFREG | 0644, 0));
	when = hear();
	if (!when)
		ksft_exit_fail_msg("%s: it went away\n", now.subject->name);
	return when;
}

void subject_stop(void)
{
	close(now.to);
	waitpid(now.pid, NULL, 0);
	close(now.from);
	unlink(END);
}
