/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_TABLE_H
#define _IMON_TABLE_H

#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>

struct imon_object;

/**
 * struct imon_table - the objects of a filesystem, by inode number
 * @pages: struct buckets, each with the heads of some chains
 * @seq: moves when a bucket is split or merged
 * @buckets: how many are in use
 * @nr: how many objects there are
 * @seed: of the hash, so that nobody can choose what meets in a bucket
 */
struct imon_table {
	struct xarray pages;
	/** @lock: guards all of it; but a page may be added without it */
	spinlock_t *lock;
	seqcount_spinlock_t seq;
	u32 buckets;
	u32 nr;
	u32 seed;
};

int imon_table_init(struct imon_table *table, spinlock_t *lock);
void imon_table_free(struct imon_table *table);

int imon_table_reserve(struct imon_table *table);
void imon_table_insert(struct imon_table *table, struct imon_object *object);
void imon_table_remove(struct imon_table *table, struct imon_object *object);

struct imon_object *imon_table_find(struct imon_table *table, u64 ino);
struct imon_object *imon_table_next(const struct imon_object *object);
struct imon_object *imon_table_any(struct imon_table *table, u32 *bucket);

#endif
