// SPDX-License-Identifier: GPL-2.0
/* What the tracepoints tell. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

#define TRACEFS "/sys/kernel/tracing"

static char text[1 << 16];

static bool set(const char *file, const char *value)
{
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), TRACEFS "/%s", file);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = write(fd, value, strlen(value));
	close(fd);
	return n == (ssize_t)strlen(value);
}

static bool begin(void)
{
	if (access(TRACEFS "/trace", F_OK))
		mount("tracefs", TRACEFS, "tracefs", 0, NULL);
	return set("trace", "") && set("events/imon/enable", "1");
}

static void end(void)
{
	size_t len = 0;
	ssize_t n;
	int fd;

	set("events/imon/enable", "0");
	fd = must(open(TRACEFS "/trace", O_RDONLY | O_CLOEXEC));
	do {
		n = must(read(fd, text + len, sizeof(text) - 1 - len));
		len += n;
	} while (n);
	text[len] = '\0';
	close(fd);
}

static bool told(const char *what)
{
	if (strstr(text, what))
		return true;
	ksft_print_msg("no '%s' in the trace\n", what);
	return false;
}

/* From the change to the reader. */
static bool way_of_a_change(void)
{
	struct rig r;

	rig_up(&r, &monitor_defaults);
	if (!begin()) {
		rig_down(&r);
		return fixture_skip("no tracefs, or no tracepoints");
	}
	touch("tree/f");
	append("tree/f", 2);
	must_nl(nl_wait_wake(&r.nl, NL_DEADLINE_MS));
	rig_drain(&r);
	end();
	rig_down(&r);
	return told("imon_event: dev=") && told("mask=create") &&
	       told("imon_queued: watch=") && told("mask=modify") &&
	       told("imon_merged: watch=") && told("imon_wake: monitor=") &&
	       told("imon_delivered: watch=");
}

static bool full_queue(void)
{
	const struct monitor_new small = { .queue_bytes = 4096 };
	char name[32];
	struct rig r;

	rig_up(&r, &small);
	if (!begin()) {
		rig_down(&r);
		return fixture_skip("no tracefs, or no tracepoints");
	}
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof(name), "tree/%d", i);
		touch(name);
	}
	end();
	rig_down(&r);
	return told("imon_degraded: watch=") && told("to=root");
}

static const struct test tests[] = {
	{ "a change can be followed to its reader", way_of_a_change },
	{ "a full queue can be seen", full_queue },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
