/* SPDX-License-Identifier: GPL-2.0 */
/* What somebody does, in the working directory, while somebody watches. */
#ifndef IMON_BENCH_OPERATION_H
#define IMON_BENCH_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

/* Where most of it is done: so many folders below "tree". */
#define USUAL_DEPTH 4

struct operation {
	const char *name;
	/* Of the folder it is done in; 0: not below "tree", in "out". */
	int depth;
	/* Makes what @times of it take; may be NULL. False: it cannot be had here. */
	bool (*prepare)(int times);
	/* The @i-th time, from 0. */
	void (*run)(int i);
	int times;
	/* Whether it is done while the subject reads, and while it does not. */
	enum { DRAINING = 1, STOPPED = 2, BOTH = 3 } readers;
	/* Further trees on the same filesystem. */
	int trees;
	/* The guard looks at it, too. */
	bool guarded;
};

extern const struct operation operations[];
extern const size_t n_operations;

/* In a fresh scratch folder; false: it cannot be had here. */
bool operation_prepare(const struct operation *op, int times);
void operation_finish(void);

#endif
