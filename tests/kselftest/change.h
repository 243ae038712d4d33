/* SPDX-License-Identifier: GPL-2.0 */
/* Ways to change files, single and at random. Paths as given, no errors. */
#ifndef IMON_CHANGE_H
#define IMON_CHANGE_H

#include <pthread.h>

/* An empty regular file by mknod(), so that nothing is opened or closed. */
void touch(const char *path);

/* What creat(2), write(2) and close(2) make of it. */
void put(const char *path, const char *text);

/* Open, @times one byte more, close. */
void append(const char *path, unsigned int times);

/* This program, there: 0 or -1. */
int copy_self(const char *to);

void make_dir(const char *path);
void exchange(const char *a, const char *b);

/* What random changes may do. */
enum change_ops {
	/* Files: made, deleted, renamed and exchanged. */
	CHANGE_NAMES = 1 << 0,
	/* Files: written, chmod()ed and given further names. */
	CHANGE_FILES = 1 << 1,
	/* Directories: made, deleted, renamed and exchanged. */
	CHANGE_DIRS = 1 << 2,
	/* Things move from "tree" to "out" and back. */
	CHANGE_BORDER = 1 << 3,
};

/* A stream of random changes; every thread has its own. */
struct changer {
	unsigned int seed;
	unsigned int ops;
};

/* One change that succeeded. */
void change_once(struct changer *c);

/* Changes from a thread of its own until @count were made. */
struct change_thread {
	struct changer changer;
	unsigned int count;
	pthread_t id;
};

void change_start(struct change_thread *t);
void change_join(struct change_thread *t);

#endif
