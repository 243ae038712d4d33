// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel pays: for a monitor and its tree, and for a watch of an inode, of
 * which there may be millions. It is all of its memory, the tables' as well. The
 * count is one at which a hash table that doubles when it is three quarters full has
 * just done so. The million of LOAD=1000 wants a guest of MEM=6G.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"
#include "meminfo.h"

#define WATCHES 100000
/* Watched before it is measured, for what only the first ones cost. */
#define FIRST 2000
#define FILES_PER_DIR 1000
#define BYTES_EACH 128
#define MONITORS 64
#define BYTES_MONITOR 8192L

static const char *file_path(unsigned int i)
{
	static char path[64];

	snprintf(path, sizeof(path), "out/d%u/f%u", i / FILES_PER_DIR, i);
	return path;
}

static void make_files(unsigned int n)
{
	char path[64];

	for (unsigned int i = 0; i < n; i++) {
		if (i % FILES_PER_DIR == 0) {
			snprintf(path, sizeof(path), "out/d%u",
				 i / FILES_PER_DIR);
			make_dir(path);
		}
		touch(file_path(i));
	}
}

static void watch_files(struct rig *r, unsigned int from, unsigned int to)
{
	for (unsigned int i = from; i < to; i++)
		rig_watch_scope(r, file_path(i), IMON_SCOPE_INODE, 0);
}

static bool many_inodes(void)
{
	const unsigned int n = FIRST + fixture_times(WATCHES);
	const long most = (long)(n - FIRST) * BYTES_EACH;
	struct rig r;
	long before;
	bool good;

	if (!access("/sys/kernel/debug/kmemleak", F_OK))
		return fixture_skip("this kernel adds to all memory, to check it");
	must(mount("none", "out", "tmpfs", 0, "nr_inodes=0"));
	make_files(n);
	rig_begin(&r, &monitor_defaults);
	watch_files(&r, 0, FIRST);
	before = meminfo_kernel();
	watch_files(&r, FIRST, n);
	good = meminfo_falls_to(before + most);
	ksft_print_msg("%u watches, %ld bytes each\n", n - FIRST,
		       (meminfo_kernel() - before) / (n - FIRST));
	append(file_path(n - 1), 1);
	rig_drain(&r);
	good = good && r.got.n == 2;
	rig_down(&r);
	good &= meminfo_falls_to(before + most / 10);
	must(umount("out"));
	return good;
}

/* Their sockets are in it. Counted in pages, so a few of them. */
static bool monitors(void)
{
	static struct rig rigs[MONITORS];
	long before;
	bool good;

	if (!access("/sys/kernel/debug/kmemleak", F_OK))
		return fixture_skip("this kernel adds to all memory, to check it");
	before = meminfo_kernel();
	for (int i = 0; i < MONITORS; i++)
		rig_up(&rigs[i], &monitor_defaults);
	good = meminfo_falls_to(before + MONITORS * BYTES_MONITOR);
	ksft_print_msg("%d monitors, %ld bytes each\n", MONITORS,
		       (meminfo_kernel() - before) / MONITORS);
	for (int i = 0; i < MONITORS; i++)
		rig_down(&rigs[i]);
	return good;
}

static const struct test tests[] = {
	{ "a monitor and its tree take 8 KiB", monitors },
	{ "many watched inodes take 128 bytes each, and give them back",
	  many_inodes },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
