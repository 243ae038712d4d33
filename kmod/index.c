// SPDX-License-Identifier: GPL-2.0
/*
 * Which record waits under a name.
 *
 * A hash table that grows by one bucket at a time (linear.h), to one for two
 * records: that is a 32nd of what they take at most. Its buckets are in pages, of
 * memory that can be had without waiting; when there is none, chains are longer.
 * When the last record has gone, so do all but a page of them.
 *
 * LOCKING: All but init and free is under the lock of the queue.
 */
#include <linux/mm.h>

#include "index.h"
#include "queue.h"

/* Records for each bucket when one more is made. */
#define LOAD 2

/* As many as are kept, and what a page has room for. */
#define KEPT (PAGE_SIZE / sizeof(struct hlist_head))

/** imon_index_init() - begin an index, which is zeroed */
void imon_index_init(struct imon_index *index)
{
	genradix_init(&index->more);
	index->buckets = IMON_INDEX_FIRST;
}

/** imon_index_free() - end an index; its records are not looked at */
void imon_index_free(struct imon_index *index)
{
	genradix_free(&index->more);
}

/* Moves the records of a bucket to where they belong by now. */
static void rehash(struct imon_index *index, struct hlist_head *from)
{
	struct imon_named *named;
	struct hlist_node *next;

	hlist_for_each_entry_safe(named, next, from, node) {
		hlist_del(&named->node);
		hlist_add_head(&named->node, imon_index_chain(index, named->key));
	}
}

/** imon_index_grow() - have room for one record more, if there is memory */
void imon_index_grow(struct imon_index *index)
{
	u32 last = index->buckets;

	if (index->nr < LOAD * last ||
	    !genradix_ptr_alloc(&index->more, last,
				GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT))
		return;
	index->buckets++;
	rehash(index, imon_index_bucket(index, imon_linear_other(last)));
}

/** imon_index_add() - a record can be merged into, by its key */
void imon_index_add(struct imon_index *index, struct imon_named *named)
{
	hlist_add_head(&named->node, imon_index_chain(index, named->key));
	index->nr++;
}

/** imon_index_del() - a record that was added cannot be merged into any more */
void imon_index_del(struct imon_index *index, struct imon_named *named)
{
	hlist_del_init(&named->node);
	if (--index->nr || index->buckets <= KEPT)
		return;
	imon_index_free(index);
	imon_index_init(index);
}
