/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_INDEX_H
#define _IMON_INDEX_H

#include <linux/generic-radix-tree.h>
#include <linux/list.h>
#include <linux/types.h>

#include "linear.h"

struct imon_named;

/* Buckets that are part of the index, so that a few records need no more. */
#define IMON_INDEX_FIRST 16

/**
 * struct imon_index - the records that events may merge into, by key
 * @more: further buckets; those that @first has are not used
 * @buckets: how many are in use
 * @nr: how many records there are
 * @first: the first buckets
 */
struct imon_index {
	GENRADIX(struct hlist_head)
		more;
	u32 buckets;
	u32 nr;
	struct hlist_head first[IMON_INDEX_FIRST];
};

void imon_index_init(struct imon_index *index);
void imon_index_free(struct imon_index *index);
void imon_index_grow(struct imon_index *index);
void imon_index_add(struct imon_index *index, struct imon_named *named);
void imon_index_del(struct imon_index *index, struct imon_named *named);

/* A bucket that is there. */
static inline struct hlist_head *imon_index_bucket(struct imon_index *index, u32 n)
{
	return n < IMON_INDEX_FIRST ? &index->first[n] :
				      genradix_ptr(&index->more, n);
}

/* The records of a key, among others. */
static inline struct hlist_head *imon_index_chain(struct imon_index *index, u64 key)
{
	/* A key is a sum of products, so its upper half is mixed best. */
	return imon_index_bucket(index,
				 imon_linear_bucket(key >> 32, index->buckets));
}

#endif
