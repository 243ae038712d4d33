/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_QUEUE_H
#define _IMON_QUEUE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct imon_event;
struct imon_hit;
struct imon_view;
struct mem_cgroup;
struct inode;

/**
 * struct imon_record - what a reader will get
 * @list: in the queue's pending or in-flight list
 * @node: in the queue's table while events may merge into it
 * @key: hash of the path below the root (struct imon_hit)
 * @seq: position; fixed when the record is made
 * @ino: inode number of the object
 * @dir: with @dir_ino and @dir_gen the identity of the directory that the
 *	name is in; only compared, never followed
 * @dir_ino: its inode number
 * @dir_gen: its i_generation
 * @watch: id of the watch
 * @gen: struct imon_slot.gen when it was made
 * @mask: IMON_EVENT_* bits
 * @type: S_IFMT bits
 * @old_len: bytes of the path; of a rename the old one
 * @new_len: bytes of a rename's new path
 * @has_old: there is a path
 * @has_new: there is a new path
 * @fixed: part of a slot: not counted in bytes and not freed
 * @names: the path, then the new path
 */
struct imon_record {
	struct list_head list;
	struct hlist_node node;
	u64 key;
	u64 seq;
	u64 ino;
	const struct inode *dir;
	u64 dir_ino;
	u32 dir_gen;
	u32 watch;
	u32 gen;
	u32 mask;
	u16 type;
	u16 old_len;
	u16 new_len;
	bool has_old : 1;
	bool has_new : 1;
	bool fixed : 1;
	char names[];
};

/**
 * struct imon_slot - a watch's place in its monitor's queue
 * @want: IMON_EVENT_* bits that its records may have
 * @gen: counts renames of directories; a record made before one has a path
 *	that may be stale, so nothing merges into it any more
 * @dead: the watch was removed; nothing is posted any more
 * @root: the record that needs no memory: what happened to the root itself,
 *	and "scan everything" when there was no room for more
 */
struct imon_slot {
	u32 want;
	u32 gen;
	bool dead;
	struct imon_record root;
};

/**
 * struct imon_queue_stats - counters, and the state at one moment
 */
struct imon_queue_stats {
	u64 head_seq;
	u64 acked_seq;
	u64 pending;
	u64 in_flight;
	u64 bytes;
	u64 bytes_high;
	u64 queued;
	u64 merged;
	u64 degraded;
	u64 delivered;
	u64 redelivered;
};

/**
 * struct imon_queue - the records of a monitor, bounded in bytes
 * @lock: guards everything below, and the slots
 * @pending: to be pulled, by seq
 * @in_flight: pulled and not acknowledged, by seq; all below @pending's
 * @table: pending records that events may merge into, by key
 * @shift: 64 - log2 of the buckets
 * @state: mode "state", else "log"
 * @told: the reader knows, or is about to, that records wait
 * @memcg: pays for the records
 * @limit: the bound, in bytes as the slab allocator rounds them
 * @sent_seq: highest pulled by the present reader
 * @sent_high: highest ever pulled
 * @stats: the rest
 */
struct imon_queue {
	spinlock_t lock; /* all of it, and the slots */
	struct list_head pending;
	struct list_head in_flight;
	struct hlist_head *table;
	unsigned int shift;
	bool state;
	bool told;
	struct mem_cgroup *memcg;
	u64 limit;
	u64 sent_seq;
	u64 sent_high;
	struct imon_queue_stats stats;
};

/* What is done with one record; false: no room, keep it. */
typedef bool (*imon_record_fn)(const struct imon_record *rec, void *arg);

int imon_queue_init(struct imon_queue *q, u32 mode, u64 limit);
void imon_queue_free(struct imon_queue *q);

void imon_slot_init(struct imon_slot *slot, u32 watch, u32 want);
void imon_queue_drop_slot(struct imon_queue *q, struct imon_slot *slot);

int imon_queue_post(struct imon_queue *q, struct imon_slot *slot,
		    const struct imon_event *ev, const struct imon_hit *old,
		    const struct imon_hit *new, const struct imon_view *view,
		    bool *wake);
void imon_queue_post_root(struct imon_queue *q, struct imon_slot *slot,
			  u32 mask, bool *wake);

/* For ladder.c, under the lock. */
static inline bool imon_queue_in_flight(const struct imon_queue *q,
					const struct imon_record *rec)
{
	return rec->seq <= q->sent_seq;
}

void imon_queue_add(struct imon_queue *q, struct imon_record *rec);
void imon_queue_mark_root(struct imon_queue *q, struct imon_slot *slot, u32 mask);
bool imon_queue_tell(struct imon_queue *q);

bool imon_queue_pull(struct imon_queue *q, imon_record_fn fn, void *arg);
int imon_queue_ack(struct imon_queue *q, u64 seq);
bool imon_queue_rewind(struct imon_queue *q);
bool imon_queue_waiting(struct imon_queue *q, u64 *head);
void imon_queue_stats(struct imon_queue *q, struct imon_queue_stats *stats);

#endif
