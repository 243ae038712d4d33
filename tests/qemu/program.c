// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "kernel.h"
#include "program.h"

/* Seconds that killed processes have to be gone. */
#define SWEEP_LIMIT 20

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static pid_t start(const char *path, int output)
{
	pid_t pid = fork();
	int null;

	if (pid)
		return pid;
	setsid();
	null = open("/dev/null", O_RDONLY);
	dup2(null, 0);
	dup2(output, 1);
	if (null > 2)
		close(null);
	execl(path, path, NULL);
	perror(path);
	_exit(127);
}

/* Copies what is there; false at the end of the output. */
static bool copy(int output, struct tap *tap)
{
	char text[4096];
	ssize_t len = read(output, text, sizeof(text));

	if (len < 0)
		return errno == EINTR;
	if (!len)
		return false;
	if (write(1, text, len) < 0)
		perror("init: console");
	tap_feed(tap, text, len);
	return true;
}

/* Says in the kernel's log where everybody who waits is waiting. */
static void show_blocked_tasks(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "w", 1) < 0)
		perror("init: sysrq");
	close(fd);
}

/* Kills what a program left behind; false when something does not die. */
static bool sweep(void)
{
	long long end = now_ms() + SWEEP_LIMIT * 1000;
	const struct timespec tick = { .tv_nsec = 100000000 };
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		pid_t pid;

		kill(-1, SIGKILL);
		do
			pid = waitpid(-1, NULL, WNOHANG);
		while (pid > 0);
		if (pid < 0)
			return true;
		if (now_ms() > end)
			return false;
		sigtimedwait(&child, NULL, &tick);
	}
}

/* False when the module cannot go although nobody is left who uses it. */
static bool unload(void)
{
	return !syscall(SYS_delete_module, "imon", O_NONBLOCK) ||
	       errno == ENOENT;
}

/*
 * Waits for the end of @pid; false when it says nothing for as long as @limit: a
 * slow machine is no error, and run puts an end to one that talks for ever.
 */
static bool follow(pid_t pid, int output, int limit, struct tap *tap)
{
	struct pollfd fds[] = {
		{ .fd = syscall(SYS_pidfd_open, pid, 0), .events = POLLIN },
		{ .fd = output, .events = POLLIN },
	};
	long long end = now_ms() + limit * 1000LL;
	bool in_time;

	while (!fds[0].revents && now_ms() < end) {
		poll(fds, 2, end - now_ms());
		if (!fds[1].revents)
			continue;
		if (copy(output, tap))
			end = now_ms() + limit * 1000LL;
		else
			fds[1].fd = -1;
	}
	in_time = fds[0].revents;
	close(fds[0].fd);
	return in_time;
}

/* What did not go well may not have been meant to. */
static void forgive(struct tap *tap)
{
	tap->skipped += tap->failed;
	tap->failed = 0;
}

const char *program_run(const char *path, int limit, bool keep,
			struct tap *tap)
{
	const char *reason = NULL, *complaint;
	int output[2], status = 0;
	pid_t pid;

	tap_init(tap);
	if (pipe2(output, O_CLOEXEC))
		return strerror(errno);
	pid = start(path, output[1]);
	if (pid < 0)
		return strerror(errno);
	close(output[1]);
	if (!follow(pid, output[0], limit, tap)) {
		show_blocked_tasks();
		kill(pid, SIGKILL);
		reason = "ran out of time";
	}
	waitpid(pid, &status, 0);
	/* Its children may hold the pipe open: take what is there already. */
	fcntl(output[0], F_SETFL, O_NONBLOCK);
	while (copy(output[0], tap))
		;
	close(output[0]);
	if (fault_hits_commands())
		forgive(tap);
	else if (!reason)
		reason = tap_verdict(tap, status);
	if (!keep && !sweep())
		reason = "left a process that cannot be killed";
	else if (!keep && !unload())
		reason = "left the module in a state that it cannot be unloaded from";
	complaint = kernel_complaint();
	return complaint ? complaint : reason;
}
