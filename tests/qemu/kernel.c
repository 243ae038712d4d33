// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"

/* Loading a module that is not the kernel's own and not signed sets these. */
#define TAINT_OUT_OF_TREE (1UL << 12)
#define TAINT_UNSIGNED (1UL << 13)

/* Each of these in the kernel's log is a bug, whatever the tests say. */
static const char *const reports[] = {
	"BUG:", "kernel BUG at", "WARNING:", "Oops:", "KASAN:", "KFENCE:",
	"UBSAN:", "KCSAN:", "INFO: possible", "INFO: task", "INFO: rcu",
	"possible recursive locking", "suspicious RCU usage",
	"inconsistent lock state", "refcount_t:", "unregister_netdevice:",
	"list_add corruption", "list_del corruption", "Objects remaining",
	"general protection fault", "unable to handle", "soft lockup",
	"ODEBUG:", "sleeping function called", "scheduling while atomic",
	"still in use", "bad unlock balance", "hung_task",
};

static int kmsg = -1;
static unsigned long taint_seen = TAINT_OUT_OF_TREE | TAINT_UNSIGNED;
static char complaint[256];

void kernel_watch(void)
{
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0) {
		perror("init: /dev/kmsg");
		exit(1);
	}
}

static bool is_report(const char *line)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++)
		if (strstr(line, reports[i]))
			return true;
	return false;
}

/* Reads all that is new in the log, so that the next test starts clean. */
static bool log_complaint(void)
{
	char record[8192];
	bool found = false;

	for (;;) {
		ssize_t len = read(kmsg, record, sizeof(record) - 1);

		if (len < 0 && errno != EPIPE)
			return found;
		if (len < 0) {
			/* A report may have been in what was overwritten. */
			snprintf(complaint, sizeof(complaint),
				 "the kernel's log overran");
			found = true;
			continue;
		}
		record[len] = '\0';
		record[strcspn(record, "\n")] = '\0';
		if (found || !is_report(record))
			continue;
		/* "priority,sequence,time,flags;text" */
		char *text = strchr(record, ';');

		snprintf(complaint, sizeof(complaint), "kernel log: %.200s",
			 text ? text + 1 : record);
		found = true;
	}
}

static bool taint_complaint(void)
{
	unsigned long taint = 0;
	FILE *file = fopen("/proc/sys/kernel/tainted", "re");

	if (!file || fscanf(file, "%lu", &taint) != 1)
		taint = ~0UL;
	if (file)
		fclose(file);
	if (!(taint & ~taint_seen))
		return false;
	snprintf(complaint, sizeof(complaint), "kernel tainted: %#lx", taint);
	taint_seen |= taint;
	return true;
}

/* One report of lockdep switches it off: it would miss the next. */
static bool lockdep_complaint(void)
{
	static bool said;
	char line[128];
	int on = 1;
	FILE *file = fopen("/proc/lockdep_stats", "re");

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		sscanf(line, " debug_locks: %d", &on);
	fclose(file);
	if (on || said)
		return false;
	said = true;
	snprintf(complaint, sizeof(complaint), "lockdep has been switched off");
	return true;
}

const char *kernel_complaint(void)
{
	if (log_complaint() || taint_complaint() || lockdep_complaint())
		return complaint;
	return NULL;
}

/*
 * Where 6.1 itself forgets memory when it runs out of it: the name of a slab cache,
 * and of a class of devices, that it then cannot register.
 */
static const char *const forgetful[] = { "sysfs_slab_add+", "__class_register+" };

static bool is_forgetful(const char *frame)
{
	for (size_t i = 0; i < sizeof(forgetful) / sizeof(*forgetful); i++)
		if (strstr(frame, forgetful[i]))
			return true;
	return false;
}

/* Shows on the console what kmemleak found, and complains of the first. */
static bool leak_complaint(FILE *file, bool starved)
{
	char line[256], head[128] = "";
	bool found = false, more = true;

	while (more) {
		more = fgets(line, sizeof(line), file);
		if (!more || !strncmp(line, "unreferenced ", 13)) {
			if (*head && !found)
				snprintf(complaint, sizeof(complaint), "leak: %s", head);
			found |= *head;
			snprintf(head, sizeof(head), "%.*s",
				 (int)strcspn(line, "\n"), line);
		} else if (starved && is_forgetful(line)) {
			*head = '\0';
		}
		if (more)
			fputs(line, stdout);
	}
	fflush(stdout);
	return found;
}

const char *kernel_leak(bool starved)
{
	FILE *file = fopen("/sys/kernel/debug/kmemleak", "r+e");
	bool found = false;

	if (!file)
		return NULL;
	/* What a second scan, when it has some age, cannot find either. */
	for (int i = 0; i < 2 && !found; i++) {
		if (i)
			sleep(6);
		if (write(fileno(file), "scan", 4) == 4)
			continue;
		snprintf(complaint, sizeof(complaint),
			 "kmemleak has been switched off");
		found = true;
	}
	/* Writing has moved the place where reading begins. */
	rewind(file);
	if (!found)
		found = leak_complaint(file, starved);
	fclose(file);
	return found ? complaint : NULL;
}
