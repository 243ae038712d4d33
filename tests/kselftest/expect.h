/* SPDX-License-Identifier: GPL-2.0 */
/* A table of operations and the records that each must make. */
#ifndef IMON_EXPECT_H
#define IMON_EXPECT_H

#include "fixture.h"

#define EXPECT_MAX 8

struct expected {
	uint32_t mask;
	const char *path, *new_path;
};

struct operation {
	const char *name;
	/* Makes what the operation works on, before the tree is watched. */
	void (*prepare)(void);
	void (*run)(void);
	uint32_t mode;
	/* What is watched: NULL and 0 are the tree "tree" and all of it. */
	const char *root;
	uint32_t scope, mask;
	/* A directory that is left out. */
	const char *exclude;
	/* These records, in this order and no others, but ... */
	struct expected want[EXPECT_MAX];
	/* ... these, which Linux may or may not add. */
	struct expected may[EXPECT_MAX];
};

/* One test on one filesystem. */
void test_operation(const struct place *p, const struct operation *op);

/*
 * Whether the records of @watch lead a reader to @path: one names it, or one
 * declares a directory dirty that has it in its reach.
 */
bool records_cover(const struct records *r, uint32_t watch, const char *path);

/* The first record that has all of @mask and names @path (either one). */
const struct record *records_find(const struct records *r, uint32_t watch,
				  uint32_t mask, const char *path);

#endif
