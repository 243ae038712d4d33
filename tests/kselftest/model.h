/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A reader's idea of a tree, kept up to date by nothing but records: the
 * oracle that tells whether anything was lost.
 */
#ifndef IMON_MODEL_H
#define IMON_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "imon_cmd.h"

/* How far a path has to be looked at again. */
enum model_scan {
	SCAN_NOTHING,
	SCAN_NAME,
	SCAN_DIR,
	SCAN_TREE,
};

struct model_node {
	char *path;
	bool known;
	enum model_scan scan;
	uint64_t ino;
	mode_t mode;
	int64_t size;
	int64_t mtime;
};

struct model {
	const char *root;
	struct model_node *v;
	size_t n, cap;
};

/* Takes the tree below @root as it is now. */
void model_take(struct model *m, const char *root);
void model_free(struct model *m);

/*
 * Notes what the records of @watch ask to scan; a rename takes what is known
 * and what is noted along. Then model_scan() looks at exactly that.
 */
void model_note(struct model *m, const struct records *r, uint32_t watch);
void model_scan(struct model *m);

/*
 * Replays creations, deletions and renames without a look at the tree: the
 * number of records that cannot have happened in this order.
 */
unsigned int model_replay(struct model *m, const struct records *r,
			  uint32_t watch);

/* The number of paths at which model and tree differ; the first are shown. */
unsigned int model_differs(const struct model *m);

/* The same, of names and inodes only. */
unsigned int model_names_differ(const struct model *m);

#endif
