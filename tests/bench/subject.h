/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who watches while something is measured. A subject watches the folder
 * "tree" in the working directory, all of it, in a process of its own.
 */
#ifndef IMON_BENCH_SUBJECT_H
#define IMON_BENCH_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

struct subject {
	const char *name;
	/* Watches; false: it cannot be had here. */
	bool (*watch)(void);
	/* Watches another folder; NULL: it is watched already. */
	bool (*watch_more)(const char *path);
	/* Watches each of @n inodes by itself; NULL: it does no such thing. */
	bool (*watch_inodes)(unsigned int n, const char *(*path)(unsigned int));
	/*
	 * Takes what waits, or waits until something does. True when it was
	 * told of a name that subject_is_end().
	 */
	bool (*drain)(void);
	/* After all of it. */
	void (*leave)(void);
};

extern const struct subject subject_none, subject_floor, subject_inotify,
	subject_fanotify, subject_fanotify_path, subject_imon_log,
	subject_imon_state;

/*
 * Starts a subject in a process that reads, or, when not @reading, only
 * watches; and so many other @trees too. False: it cannot be had here.
 */
bool subject_start(const struct subject *s, bool reading, int trees);

/* Whether the path, or name, of @len bytes is that of the last change. */
bool subject_is_end(const char *path, size_t len);

/*
 * Makes a last change, waits until the subject was told of it, and returns when
 * that was, by clock_now(); 0 when it does not read.
 */
unsigned long long subject_settle(void);
void subject_stop(void);

#endif
