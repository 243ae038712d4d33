// SPDX-License-Identifier: GPL-2.0
/*
 * inotify as whoever watches a tree with it has to use it: a watch for each
 * folder, for new ones too, and a list of what each watch stands for.
 */
#define _GNU_SOURCE
#include "subject.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "../kselftest/fixture.h"

#define MASK (IN_MODIFY | IN_ATTRIB | IN_MOVE | IN_CLOSE_WRITE | IN_CREATE | \
	      IN_DELETE | IN_DELETE_SELF)

static char buffer[1 << 16] __attribute__((aligned(8)));
static int in = -1;

/* By watch descriptor. */
static struct {
	char **paths;
	int n;
} watched;

static void remember(int wd, const char *path)
{
	if (wd >= watched.n) {
		int more = 2 * wd + 1024;

		watched.paths = reallocarray(watched.paths, more,
					     sizeof(*watched.paths));
		if (!watched.paths)
			exit(1);
		memset(watched.paths + watched.n, 0,
		       (more - watched.n) * sizeof(*watched.paths));
		watched.n = more;
	}
	free(watched.paths[wd]);
	watched.paths[wd] = strdup(path);
}

static int watch_dir(const char *path, const struct stat *st, int type,
		     struct FTW *ftw)
{
	int wd;

	(void)st;
	(void)ftw;
	if (type != FTW_D)
		return 0;
	wd = inotify_add_watch(in, path, MASK);
	if (wd < 0)
		return -1;
	remember(wd, path);
	return 0;
}

static bool watch_more(const char *path)
{
	return !nftw(path, watch_dir, 32, FTW_PHYS);
}

static bool watch_inodes(unsigned int n, const char *(*path)(unsigned int))
{
	bool good = true;

	for (unsigned int i = 0; i < n; i++)
		good &= inotify_add_watch(in, path(i), MASK) >= 0;
	return good;
}

static bool watch(void)
{
	in = inotify_init1(IN_CLOEXEC);
	return in >= 0 && watch_more("tree");
}

/* It may be gone again. */
static void watch_new(const struct inotify_event *ev)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", watched.paths[ev->wd], ev->name);
	watch_more(path);
}

static bool drain(void)
{
	ssize_t n = must(read(in, buffer, sizeof(buffer)));
	bool end = false;

	for (char *at = buffer; at < buffer + n;) {
		const struct inotify_event *ev = (void *)at;

		if (ev->mask & IN_ISDIR && ev->mask & (IN_CREATE | IN_MOVED_TO))
			watch_new(ev);
		end |= ev->len && subject_is_end(ev->name, strlen(ev->name));
		at += sizeof(*ev) + ev->len;
	}
	return end;
}

static void leave(void)
{
	close(in);
	for (int i = 0; i < watched.n; i++)
		free(watched.paths[i]);
	free(watched.paths);
	watched.paths = NULL;
	watched.n = 0;
}

const struct subject subject_inotify = {
	.name = "inotify", .watch = watch, .watch_more = watch_more,
	.watch_inodes = watch_inodes, .drain = drain, .leave = leave,
};
