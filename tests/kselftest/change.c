// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "change.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

void touch(const char *path)
{
	must(mknod(path, S_IFREG | 0644, 0));
}

void put(const char *path, const char *text)
{
	int fd = must(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644));

	must(write(fd, text, strlen(text)));
	close(fd);
}

static bool try_append(const char *path, unsigned int times)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0)
		return false;
	while (times--)
		must(write(fd, "x", 1));
	close(fd);
	return true;
}

void append(const char *path, unsigned int times)
{
	must(try_append(path, times) ? 0 : -1);
}

static int copy_to(int in, int out)
{
	ssize_t n;

	do
		n = sendfile(out, in, NULL, 1 << 20);
	while (n > 0);
	return n;
}

int copy_self(const char *to)
{
	int in = must(open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	int rc = -1;

	if (out >= 0) {
		rc = copy_to(in, out);
		close(out);
	}
	close(in);
	return rc;
}

void make_dir(const char *path)
{
	must(mkdir(path, 0755));
}

void exchange(const char *a, const char *b)
{
	must(renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE));
}

/*
 * A path out of few, so that changes meet: up to three folders d0..d2 deep,
 * and of files f0..f7. Most of them do not exist at any one time.
 */
static void random_path(struct changer *c, char *path, size_t size, bool dir)
{
	const char *top = "tree";
	int depth, n;

	if (c->ops & CHANGE_BORDER && rand_r(&c->seed) % 8 == 0)
		top = "out";
	n = snprintf(path, size, "%s", top);
	depth = rand_r(&c->seed) % 3 + (dir ? 1 : 0);
	while (depth--)
		n += snprintf(path + n, size - n, "/d%d",
			      rand_r(&c->seed) % 3);
	if (!dir)
		snprintf(path + n, size - n, "/f%d", rand_r(&c->seed) % 8);
}

static bool inside(const char *path)
{
	return !strncmp(path, "tree/", 5);
}

static bool change_name(struct changer *c)
{
	char a[128], b[128];

	random_path(c, a, sizeof(a), false);
	random_path(c, b, sizeof(b), false);
	switch (rand_r(&c->seed) % 8) {
	case 0: case 1: case 2:
		return !mknod(a, S_IFREG | 0644, 0);
	case 3: case 4:
		return !unlink(a);
	case 5: case 6:
		/* Of two names of one inode rename() does nothing: no change. */
		return strcmp(a, b) && !rename(a, b);
	default:
		return strcmp(a, b) &&
		       !renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
	}
}

static bool change_file(struct changer *c)
{
	char a[128], b[128];

	random_path(c, a, sizeof(a), false);
	random_path(c, b, sizeof(b), false);
	/* What happens through a name outside the tree is not seen in it. */
	if (!inside(a) || !inside(b))
		return false;
	switch (rand_r(&c->seed) % 4) {
	case 0: case 1:
		return try_append(a, 1 + rand_r(&c->seed) % 3);
	case 2:
		return !chmod(a, 0600 | rand_r(&c->seed) % 0100);
	default:
		return !link(a, b);
	}
}

static unsigned int depth(const char *path)
{
	unsigned int n = 0;

	while ((path = strchr(path, '/'))) {
		path++;
		n++;
	}
	return n;
}

/* Folders move only along their own level, so that none sinks out of reach. */
static bool change_dir(struct changer *c)
{
	char a[128], b[128];

	random_path(c, a, sizeof(a), true);
	do {
		random_path(c, b, sizeof(b), true);
	} while (depth(a) != depth(b));
	switch (rand_r(&c->seed) % 8) {
	case 0: case 1: case 2:
		return !mkdir(a, 0755);
	case 3:
		return !rmdir(a);
	case 4: case 5: case 6:
		return strcmp(a, b) && !rename(a, b);
	default:
		return strcmp(a, b) &&
		       !renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
	}
}

void change_once(struct changer *c)
{
	for (;;) {
		unsigned int kind = rand_r(&c->seed) % 8;

		if (kind < 4 && c->ops & CHANGE_NAMES) {
			if (change_name(c))
				return;
		} else if (kind < 6 && c->ops & CHANGE_FILES) {
			if (change_file(c))
				return;
		} else if (kind >= 6 && c->ops & CHANGE_DIRS) {
			if (change_dir(c))
				return;
		}
	}
}

static void *change_many(void *arg)
{
	struct change_thread *t = arg;

	for (unsigned int i = 0; i < t->count; i++)
		change_once(&t->changer);
	return NULL;
}

void change_start(struct change_thread *t)
{
	if (pthread_create(&t->id, NULL, change_many, t))
		ksft_exit_fail_msg("cannot start a thread\n");
}

void change_join(struct change_thread *t)
{
	pthread_join(t->id, NULL);
}
