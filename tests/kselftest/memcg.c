// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "memcg.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

static char root[512];

static bool try_write(const char *name, const char *text)
{
	char path[600];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	good = fd >= 0 && write(fd, text, strlen(text)) > 0;
	close(fd);
	return good;
}

bool memcg_make(const char *dir)
{
	char path[600];

	must(realpath(dir, root) ? 0 : -1);
	if (mount("none", root, "cgroup2", 0, NULL))
		return false;
	snprintf(path, sizeof(path), "%s/imon", root);
	if (try_write("cgroup.subtree_control", "+memory") && !mkdir(path, 0755))
		return true;
	must(umount(root));
	return false;
}

void memcg_enter(void)
{
	must(try_write("imon/cgroup.procs", "0") ? 0 : -1);
}

void memcg_leave(void)
{
	must(try_write("cgroup.procs", "0") ? 0 : -1);
}

static unsigned long slab_now(void)
{
	char path[600], line[128];
	unsigned long bytes = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/imon/memory.stat", root);
	file = fopen(path, "re");
	must(file ? 0 : -1);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "slab_unreclaimable %lu", &bytes) == 1)
			break;
	fclose(file);
	return bytes;
}

/* The kernel sums up what its CPUs have counted every two seconds. */
unsigned long memcg_slab(unsigned long known)
{
	const struct timespec tick = { .tv_nsec = 100000000 };
	unsigned long bytes = slab_now();

	for (int i = 0; i < 100 && bytes < known; i++) {
		nanosleep(&tick, NULL);
		bytes = slab_now();
	}
	return bytes;
}

void memcg_remove(void)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/imon", root);
	must(rmdir(path));
	must(umount(root));
}
