// SPDX-License-Identifier: GPL-2.0
/*
 * A hash table that grows and shrinks bucket by bucket (linear.h), in pages: so no
 * object takes more than its share, not even where other tables have just
 * doubled, and nothing larger than a page is allocated.
 *
 * Objects of the same number follow each other in their chain.
 *
 * LOCKING: The table's lock is held to insert and remove; what is to be
 * inserted is reserved first, and nobody else inserts between. Readers are
 * under RCU alone; on PREEMPT_RT they may wait for the lock, so nothing that
 * they hold (rename_lock) is taken inside of it. A split may lead one astray who
 * is on the chain, and a merge empty the bucket before one's eyes, so a miss is
 * true only if there was neither. What follows an object of the same number is
 * not changed by them, so who has found one finds the rest.
 *
 * LIFETIME: An object stays readable for a grace period after it was removed,
 * and so does a page. Half empty, the table gives back bucket by bucket; there
 * is one page more than the buckets fill if that has been reserved.
 */
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "linear.h"
#include "object.h"
#include "table.h"

#define PER_PAGE \
	((PAGE_SIZE - sizeof(struct rcu_head)) / sizeof(struct imon_object *))

/**
 * struct buckets - a page of them
 * @rcu: to free it
 * @head: of the chain of each
 */
struct buckets {
	struct rcu_head rcu;
	struct imon_object __rcu *head[PER_PAGE];
};

static struct imon_object *held(struct imon_table *table,
				struct imon_object __rcu *link)
{
	return rcu_dereference_protected(link, lockdep_is_held(table->lock));
}

static u64 number(const struct imon_object *object)
{
	return object->watch.slot.root.ino;
}

static u32 bucket_of(const struct imon_table *table, u64 ino, u32 buckets)
{
	return imon_linear_bucket(jhash_2words(ino, ino >> 32, table->seed), buckets);
}

/* Of a bucket that is there. */
static struct imon_object __rcu **head_of(struct imon_table *table, u32 bucket)
{
	struct buckets *page = xa_load(&table->pages, bucket / PER_PAGE);

	return &page->head[bucket % PER_PAGE];
}

/* For readers, whose bucket may have gone, and its page with it. */
static struct imon_object *first_in(struct imon_table *table, u32 bucket)
{
	struct buckets *page = xa_load(&table->pages, bucket / PER_PAGE);

	return page ? rcu_dereference(page->head[bucket % PER_PAGE]) : NULL;
}

/* Where an object of a number is, or the end of the chain. */
static struct imon_object __rcu **link_of(struct imon_table *table, u64 ino)
{
	struct imon_object __rcu **link =
		head_of(table, bucket_of(table, ino, table->buckets));
	struct imon_object *object;

	while ((object = held(table, *link)) && number(object) != ino)
		link = &object->next;
	return link;
}

/**
 * imon_table_reserve() - have room for one more object
 * @table: the table, into which nobody else inserts now
 */
int imon_table_reserve(struct imon_table *table)
{
	unsigned long index = READ_ONCE(table->buckets) / PER_PAGE;
	struct buckets *page;
	int err;

	if (xa_load(&table->pages, index))
		return 0;
	page = kzalloc(sizeof(*page), GFP_KERNEL_ACCOUNT);
	if (!page)
		return -ENOMEM;
	err = xa_err(xa_store(&table->pages, index, page, GFP_KERNEL_ACCOUNT));
	if (err)
		kfree(page);
	return err;
}

/**
 * imon_table_init() - an empty table
 * @table: the table
 * @lock: what will be held to change it
 */
int imon_table_init(struct imon_table *table, spinlock_t *lock)
{
	xa_init_flags(&table->pages, XA_FLAGS_ACCOUNT);
	table->lock = lock;
	seqcount_spinlock_init(&table->seq, lock);
	table->seed = get_random_u32();
	table->buckets = 1;
	table->nr = 0;
	return imon_table_reserve(table);
}

/** imon_table_free() - the end of a table that nobody reads any more */
void imon_table_free(struct imon_table *table)
{
	struct buckets *page;
	unsigned long index;

	xa_for_each(&table->pages, index, page)
		kfree(page);
	xa_destroy(&table->pages);
}

/* One bucket more. The order in both chains is that of the old one. */
static void split(struct imon_table *table)
{
	u32 last = table->buckets;
	struct imon_object __rcu **end[] = {
		head_of(table, imon_linear_other(last)), head_of(table, last)
	};
	struct imon_object *object = held(table, *end[0]);

	write_seqcount_begin(&table->seq);
	for (; object; object = held(table, object->next)) {
		bool moves = bucket_of(table, number(object), last + 1) == last;

		rcu_assign_pointer(*end[moves], object);
		end[moves] = &object->next;
	}
	RCU_INIT_POINTER(*end[false], NULL);
	RCU_INIT_POINTER(*end[true], NULL);
	/* Pairs with the acquire in imon_table_find(): its page is there. */
	smp_store_release(&table->buckets, last + 1);
	write_seqcount_end(&table->seq);
}

/* One bucket less. */
static void merge(struct imon_table *table)
{
	u32 last = table->buckets - 1;
	struct imon_object __rcu **end = head_of(table, imon_linear_other(last));
	struct imon_object __rcu **head = head_of(table, last);
	struct imon_object *object;
	struct buckets *page;

	while ((object = held(table, *end)))
		end = &object->next;
	write_seqcount_begin(&table->seq);
	rcu_assign_pointer(*end, held(table, *head));
	RCU_INIT_POINTER(*head, NULL);
	WRITE_ONCE(table->buckets, last);
	write_seqcount_end(&table->seq);
	if (last % PER_PAGE)
		return;
	/* Not the page of this very bucket: that may have been reserved. */
	page = xa_erase(&table->pages, last / PER_PAGE + 1);
	if (page)
		kfree_rcu(page, rcu);
}

/** imon_table_insert() - put an object in; there is room, and the lock is held */
void imon_table_insert(struct imon_table *table, struct imon_object *object)
{
	struct imon_object __rcu **link;

	if (table->nr >= table->buckets)
		split(table);
	link = link_of(table, number(object));
	RCU_INIT_POINTER(object->next, held(table, *link));
	rcu_assign_pointer(*link, object);
	table->nr++;
}

/** imon_table_remove() - take an object out; the lock is held */
void imon_table_remove(struct imon_table *table, struct imon_object *object)
{
	struct imon_object __rcu **link = link_of(table, number(object));
	struct imon_object *pos;

	while ((pos = held(table, *link)) != object)
		link = &pos->next;
	rcu_assign_pointer(*link, held(table, object->next));
	table->nr--;
	if (table->nr < table->buckets / 2)
		merge(table);
}

/**
 * imon_table_find() - the first object of an inode number, or NULL; under RCU
 * @table: the table
 * @ino: the number
 */
struct imon_object *imon_table_find(struct imon_table *table, u64 ino)
{
	struct imon_object *object;
	unsigned int seq;
	u32 buckets;

	do {
		seq = read_seqcount_begin(&table->seq);
		/* Pairs with the release in split(). */
		buckets = smp_load_acquire(&table->buckets);
		object = first_in(table, bucket_of(table, ino, buckets));
		while (object && number(object) != ino)
			object = rcu_dereference(object->next);
	} while (!object && read_seqcount_retry(&table->seq, seq));
	return object;
}

/** imon_table_next() - another object of the same number, or NULL; under RCU */
struct imon_object *imon_table_next(const struct imon_object *object)
{
	struct imon_object *next = rcu_dereference(object->next);

	return next && number(next) == number(object) ? next : NULL;
}

/**
 * imon_table_any() - an object, or NULL: there is none; under RCU
 * @table: the table, into which nothing is inserted any more
 * @bucket: those behind it are empty; U32_MAX at first
 *
 * From the last bucket to the first, because a merge moves objects that way.
 */
struct imon_object *imon_table_any(struct imon_table *table, u32 *bucket)
{
	struct imon_object *object;

	*bucket = min(*bucket, READ_ONCE(table->buckets) - 1);
	while (!(object = first_in(table, *bucket)) && *bucket)
		--*bucket;
	return object;
}
