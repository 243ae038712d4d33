// SPDX-License-Identifier: GPL-2.0
/*
 * What it takes until all of a tree is watched, in instructions and in kernel
 * memory: imon once for the tree, inotify for each directory of it. Then both
 * for each of many inodes by itself, on a filesystem that can forget them.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../kselftest/change.h"
#include "../kselftest/fixture.h"
#include "../kselftest/meminfo.h"
#include "amount.h"
#include "clock.h"
#include "result.h"
#include "subject.h"

/* One directory holds so many. */
#define FAN_OUT 100
/* Memory is counted in pages, so a small thing is counted so many times. */
#define TIMES_SMALL 64
#define ATTEMPTS 5
#define ON_DISK 100000

#define TREE "a tree of %u directories"
#define FURTHER_TREE TREE ", on a monitor that is there"
#define BYTES "bytes of kernel memory"

static const unsigned int sizes[] = { 1000, 10000, 100000, 1000000 };

/* The @i-th directory is below the one whose number is without the last two digits. */
static const char *dir_below(const char *top, unsigned int i)
{
	static char path[64];
	unsigned int parts[4], n = 0;
	int len;

	for (; i >= FAN_OUT; i /= FAN_OUT)
		parts[n++] = i % FAN_OUT;
	len = snprintf(path, sizeof(path), "%s/%u", top, i);
	while (n)
		len += snprintf(path + len, sizeof(path) - len, "/%u", parts[--n]);
	return path;
}

static const char *dir_of(unsigned int i)
{
	return dir_below("out", i);
}

static const char *file_of(unsigned int i)
{
	static char path[64];

	snprintf(path, sizeof(path), "out/%u/%u", i / FAN_OUT, i);
	return path;
}

static void tell(const char *format, unsigned int n, const char *subject,
		 long long value, const char *unit)
{
	char operation[96];

	snprintf(operation, sizeof(operation), format, n);
	result("arming", operation, subject, value, unit);
}

/* The kernel's memory, when no more of what was freed before is on its way. */
static long settled(void)
{
	const struct timespec pause = { .tv_nsec = 200000000 };
	long was, is = meminfo_kernel();

	do {
		was = is;
		nanosleep(&pause, NULL);
		is = meminfo_kernel();
	} while (is < was);
	return is;
}

static void grow(unsigned int to)
{
	static unsigned int from;

	for (; from < to; from++)
		make_dir(dir_below("tree", from));
}

static void await_nothing_left(const struct rig *r)
{
	if (!fixture_nothing_left(r->instance))
		ksft_exit_fail_msg("something of it stays\n");
}

/* A monitor and its first tree, and one tree more. */
static void arm_in_instructions(unsigned int size)
{
	unsigned long long begin, first = ~0ULL, more = ~0ULL;
	struct rig r;

	for (int i = 0; i < ATTEMPTS; i++) {
		begin = clock_work();
		rig_up(&r, &monitor_defaults);
		first = clock_least(first, clock_work() - begin);
		begin = clock_work();
		rig_watch(&r, "tree/1");
		more = clock_least(more, clock_work() - begin);
		rig_down(&r);
		await_nothing_left(&r);
	}
	tell(TREE, size, "imon-state", first, "instructions");
	tell(FURTHER_TREE, size, "imon-state", more, "instructions");
}

static void arm_in_bytes(unsigned int size)
{
	static struct rig rigs[TIMES_SMALL];
	long before = settled(), first;

	for (int i = 0; i < TIMES_SMALL; i++)
		rig_up(&rigs[i], &monitor_defaults);
	first = meminfo_kernel();
	for (int i = 0; i < TIMES_SMALL; i++)
		rig_watch(&rigs[i], "tree/1");
	tell(TREE, size, "imon-state", (first - before) / TIMES_SMALL, BYTES);
	tell(FURTHER_TREE, size, "imon-state",
	     (meminfo_kernel() - first) / TIMES_SMALL, BYTES);
	for (int i = 0; i < TIMES_SMALL; i++)
		rig_down(&rigs[i]);
	await_nothing_left(&rigs[0]);
}

static bool arm_imon(unsigned int size)
{
	arm_in_instructions(size);
	arm_in_bytes(size);
	return true;
}

static bool arm_inotify(unsigned int size)
{
	long before = settled();
	unsigned long long begin = clock_work();
	bool good = subject_inotify.watch();

	tell(TREE, size, "inotify", clock_work() - begin, "instructions");
	tell(TREE, size, "inotify", meminfo_kernel() - before, BYTES);
	subject_inotify.leave();
	return good;
}

static void make_files(unsigned int n)
{
	char dir[32];

	for (unsigned int i = 0; i < n; i++) {
		snprintf(dir, sizeof(dir), "out/%u", i / FAN_OUT);
		if (i % FAN_OUT == 0)
			make_dir(dir);
		touch(file_of(i));
	}
}

/* Those of all filesystems that are in memory and in use. */
static long inodes_kept(void)
{
	long all, unused;
	FILE *f = fopen("/proc/sys/fs/inode-nr", "re");

	if (!f || fscanf(f, "%ld %ld", &all, &unused) != 2)
		ksft_exit_fail_msg("cannot count inodes\n");
	fclose(f);
	return all - unused;
}

static bool arm_inodes(const struct subject *s, unsigned int n,
		       const char *(*path)(unsigned int), const char *what)
{
	unsigned long long begin;
	bool good = s->watch();
	long memory, kept;
	struct stat st;

	drop_caches();
	memory = settled();
	kept = inodes_kept();
	for (unsigned int i = 0; i < n; i++)
		must(stat(path(i), &st));
	begin = clock_work();
	good &= s->watch_inodes(n, path);
	result("arming", what, s->name, (clock_work() - begin) / n, "instructions");
	drop_caches();
	result("arming", what, s->name, (settled() - memory) / n, BYTES);
	result("arming", what, s->name, inodes_kept() - kept, "inodes pinned, of all");
	s->leave();
	return good;
}

static void arm_inodes_of_both(unsigned int n, const char *(*path)(unsigned int),
			       const char *what)
{
	fixture_result(arm_inodes(&subject_imon_state, n, path, what),
		       "imon-state", "inodes");
	fixture_result(arm_inodes(&subject_inotify, n, path, what),
		       "inotify", "inodes");
}

/* Each size of tree, and then each directory of the last by itself. */
static void arm_in_memory(size_t n)
{
	scratch_enter(&places[0]);
	must(mount("none", "out", "tmpfs", 0, "nr_inodes=0,size=100%"));
	must(chdir("out"));
	make_dir("tree");
	for (size_t i = 0; i < n; i++) {
		grow(sizes[i]);
		fixture_result(arm_imon(sizes[i]), "imon-state", "a tree");
		fixture_result(arm_inotify(sizes[i]), "inotify", "a tree");
	}
	must(rename("tree", "out"));
	make_dir("tree");
	arm_inodes_of_both(sizes[n - 1], dir_of, "an inode by itself, on tmpfs");
	must(chdir(".."));
	must(umount2("out", MNT_DETACH));
}

static void arm_on_disk(unsigned int n)
{
	scratch_enter(&places[1]);
	make_files(n);
	arm_inodes_of_both(n, file_of, "an inode by itself, on ext4");
}

static void lift_limits(void)
{
	FILE *f = fopen("/proc/sys/fs/inotify/max_user_watches", "we");

	if (!f || fprintf(f, "4000000\n") < 0 || fclose(f))
		ksft_exit_fail_msg("cannot let inotify have more watches\n");
}

int main(void)
{
	const unsigned int most = amount(sizes[ARRAY_LEN(sizes) - 1]);
	size_t n = 1;

	while (n < ARRAY_LEN(sizes) && sizes[n] <= most)
		n++;
	setenv("IMON_TEST_DIRS", "/mnt/tmpfs:/mnt/ext4", 0);
	fixture_begin(0, 2 * n + 4);
	lift_limits();
	clock_start();
	arm_in_memory(n);
	arm_on_disk(amount(ON_DISK));
	fixture_end();
}
