// SPDX-License-Identifier: GPL-2.0
/*
 * No memory: allocations of the module are made to fail, by a kernel that has
 * fault injection. Whatever fails while files change, scanning what the
 * records name must restore the truth; a command that fails changes nothing.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"
#include "model.h"

#define THREADS 2
#define CHANGES 1000
#define COMMANDS 200

static unsigned int seed;

static bool set_fault(const char *file, const char *value)
{
	char path[64];
	ssize_t len = strlen(value);
	bool good;
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/failslab/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	good = write(fd, value, len) == len;
	close(fd);
	return good;
}

static unsigned long read_number(const char *path)
{
	char text[24] = "";
	FILE *f = fopen(path, "re");

	if (!f)
		return 0;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	return strtoul(text, NULL, 0);
}

/* Only allocations with the module on the stack fail. */
static bool choose_module(void)
{
	unsigned long start = read_number("/sys/module/imon/sections/.text");
	unsigned long size = read_number("/sys/module/imon/coresize");
	char begin[24], end[24];

	snprintf(begin, sizeof(begin), "%#lx", start);
	snprintf(end, sizeof(end), "%#lx", start + size);
	return start && size && set_fault("require-start", begin) &&
	       set_fault("require-end", end) &&
	       set_fault("stacktrace-depth", "32") &&
	       set_fault("verbose", "0") && set_fault("times", "-1");
}

/*
 * From here on so many of a hundred fail: of those that cannot wait, which
 * are the ones that events make, or of all.
 */
static void arm(const char *percent, bool all)
{
	must(set_fault("ignore-gfp-wait", all ? "N" : "Y") ? 0 : -1);
	must(set_fault("probability", percent) ? 0 : -1);
}

static void disarm(void)
{
	must(set_fault("probability", "0") ? 0 : -1);
}

static void change_tree(void)
{
	struct change_thread threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		threads[i].changer.seed = seed++;
		threads[i].changer.ops = CHANGE_NAMES | CHANGE_FILES |
					 CHANGE_DIRS | CHANGE_BORDER;
		threads[i].count = fixture_times(CHANGES);
		change_start(&threads[i]);
	}
	for (int i = 0; i < THREADS; i++)
		change_join(&threads[i]);
}

static bool storm(uint32_t mode, const char *percent)
{
	struct monitor_new in = { .mode = mode };
	struct monitor_info info;
	struct model m;
	struct rig r;
	bool good;

	model_take(&m, "tree");
	rig_up(&r, &in);
	arm(percent, false);
	change_tree();
	disarm();
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	good = info.memory_failures && r.got.n && !model_differs(&m);
	ksft_print_msg("%zu records, %llu allocations failed\n", r.got.n,
		       (unsigned long long)info.memory_failures);
	model_free(&m);
	rig_down(&r);
	return good;
}

static bool log_all_fail(void)
{
	return storm(IMON_MODE_LOG, "100");
}

static bool log_some_fail(void)
{
	return storm(IMON_MODE_LOG, "20");
}

static bool state_some_fail(void)
{
	return storm(IMON_MODE_STATE, "20");
}

/* Counts refusals for want of memory; false when it is any other. */
static bool refused(int rc, unsigned int *refusals)
{
	if (rc == -ENOMEM || rc == -ENOBUFS)
		++*refusals;
	return !rc || rc == -ENOMEM || rc == -ENOBUFS;
}

/* A monitor and a watch are made and deleted, as far as memory goes. */
static bool make_and_delete(struct nl_sock *nl, int fd, uint32_t scope,
			    unsigned int *refusals)
{
	struct monitor_info monitor;
	struct watch_info watch;
	int rc;

	rc = imon_monitor_create(nl, &monitor_defaults, &monitor);
	if (rc)
		return refused(rc, refusals);
	rc = imon_watch_add_scope(nl, monitor.id, fd, scope, 0, &watch);
	if (!refused(rc, refusals))
		return false;
	do
		rc = imon_monitor_delete(nl, monitor.id);
	while (rc && refused(rc, refusals));
	return !rc;
}

static bool commands_fail(void)
{
	struct module_info before, after;
	unsigned int refusals = 0;
	struct nl_sock nl;
	bool good = true;
	int fd;

	must_nl(nl_open(&nl));
	must_nl(imon_module_get(&nl, &before));
	fd = must(open("tree", O_PATH | O_DIRECTORY | O_CLOEXEC));
	arm("20", true);
	for (int i = fixture_times(COMMANDS); i && good; i--)
		good = make_and_delete(&nl, fd, i % (IMON_SCOPE_INODE + 1),
				       &refusals);
	disarm();
	close(fd);
	must_nl(imon_module_get(&nl, &after));
	ksft_print_msg("%u refusals, the last: %s\n", refusals, nl.sentence);
	good = good && refusals && after.monitors == before.monitors &&
	       after.watches == before.watches;
	nl_close(&nl);
	return good;
}

static const struct test tests[] = {
	{ "log: scanning is enough when every allocation fails", log_all_fail },
	{ "log: scanning is enough when some allocations fail", log_some_fail },
	{ "state: scanning is enough when some allocations fail",
	  state_some_fail },
	{ "a command without memory changes nothing", commands_fail },
};

int main(void)
{
	if (access("/sys/kernel/debug/failslab/require-start", W_OK))
		ksft_exit_skip("the kernel cannot make allocations fail\n");
	if (read_number("/sys/kernel/debug/failslab/probability"))
		ksft_exit_skip("somebody else makes allocations fail\n");
	fixture_begin_long(ARRAY_LEN(tests), 0);
	if (!choose_module())
		ksft_exit_fail_msg("fault injection cannot be set up\n");
	seed = fixture_seed();
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
