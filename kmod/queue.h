/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_QUEUE_H
#define _IMON_QUEUE_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <uapi/linux/imon.h>

#include "index.h"

struct imon_carrier;
struct imon_event;
struct imon_hit;
struct imon_view;
struct mem_cgroup;
struct inode;

/**
 * struct imon_record - what a reader will get
 * @list: in the queue's pending or in-flight list
 * @rcu: frees the watch that it was part of, when that is in no queue any more
 * @seq: position; fixed when the record is made
 * @ino: inode number of the object
 * @watch: id of the watch
 * @mask: IMON_EVENT_* bits
 * @gen: struct imon_slot.root.gen when it was made
 * @type: S_IFMT bits
 * @named: the head of a struct imon_named; else it is part of a slot, has an
 *	empty path, is not counted in bytes and not freed
 */
struct imon_record {
	union {
		struct list_head list;
		struct rcu_head rcu;
	};
	u64 seq;
	u64 ino;
	u32 watch;
	u32 mask;
	u32 gen;
	u16 type;
	bool named;
};

/**
 * struct imon_named - a record with memory of its own
 * @rec: what all records have
 * @node: in the queue's index while events may merge into it
 * @key: hash of the path below the root (struct imon_hit)
 * @dir: with @dir_ino and @dir_gen the identity of the directory that the
 *	name is in; only compared, never followed
 * @dir_ino: its inode number
 * @dir_gen: its i_generation
 * @old_len: bytes of the path; of a rename the old one
 * @new_len: bytes of a rename's new path
 * @size: what it takes, as the slab allocator rounds it
 * @has_old: there is a path
 * @has_new: there is a new path
 * @noted: repeat.c may know that it waits, and where it is
 * @names: the path, then the new path, then, if the queue wants that, a
 *	struct imon_actor, not aligned
 */
struct imon_named {
	struct imon_record rec;
	struct hlist_node node;
	u64 key;
	const struct inode *dir;
	u64 dir_ino;
	u32 dir_gen;
	u16 old_len;
	u16 new_len;
	u16 size;
	bool has_old;
	bool has_new;
	bool noted;
	char names[];
};

/**
 * struct imon_actor - who made a change
 * @pid: the process, in the initial pid namespace
 * @uid: its effective user, in the initial user namespace
 * @comm: its name
 */
struct imon_actor {
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN];
};

/**
 * struct imon_slot - a watch's place in its monitor's queue
 * @root: the record that needs no memory: what happened to the root itself,
 *	and "scan everything" when there was no room for more. Its @gen counts
 *	renames of directories; a record made before one has a path that may
 *	be stale, so nothing merges into it any more
 * @want: IMON_EVENT_* bits that its records may have; 0: the watch was
 *	removed, and nothing is posted any more
 * @scope: IMON_SCOPE_*; does not change
 * @state: IMON_WATCH_STATE_*
 * @owner_flag: nothing to the queue
 *
 * There may be millions: no member without need.
 */
struct imon_slot {
	struct imon_record root;
	u32 want;
	u8 scope;
	u8 state;
	bool owner_flag;
};

/**
 * enum imon_step - the ladder that an event climbs for want of room
 * @IMON_STEP_OBJECT: a record of its own
 * @IMON_STEP_DIR: "dirty" for the directory it is in
 * @IMON_STEP_TOP: "dirty, recursive" for the subtree right below the root
 * @IMON_STEP_ROOT: the record of the slot, which cannot fail
 */
enum imon_step {
	IMON_STEP_OBJECT,
	IMON_STEP_DIR,
	IMON_STEP_TOP,
	IMON_STEP_ROOT,
	IMON_STEPS
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
	u64 degraded[IMON_STEPS];
	u64 memory_failures;
	u64 delivered;
	u64 redelivered;
};

/**
 * struct imon_queue - the records of a monitor, bounded in bytes
 * @lock: guards everything below, and the slots
 * @pending: to be pulled, by seq
 * @in_flight: pulled and not acknowledged, by seq; all below @pending's
 * @index: the pending records that events may merge into
 * @state: mode "state", else "log"
 * @actor: records say who made the change
 * @told: the reader knows, or is about to, that records wait
 * @memcg: pays for the records and the index
 * @limit: the bound, in bytes as the slab allocator rounds them
 * @sent_seq: highest pulled by the present reader
 * @sent_high: highest ever pulled
 * @stats: the rest
 */
struct imon_queue {
	spinlock_t lock; /* all of it, and the slots */
	struct list_head pending;
	struct list_head in_flight;
	struct imon_index index;
	bool state;
	bool actor;
	bool told;
	struct mem_cgroup *memcg;
	u64 limit;
	u64 sent_seq;
	u64 sent_high;
	struct imon_queue_stats stats;
};

/* What is done with one record; false: no room, keep it. */
typedef bool (*imon_record_fn)(const struct imon_record *rec, void *arg);

/* The slot of a watch by id, or NULL. */
typedef struct imon_slot *(*imon_slot_fn)(u32 watch, void *arg);

void imon_queue_init(struct imon_queue *q, u32 mode, u64 limit, bool actor);
void imon_queue_free(struct imon_queue *q);

void imon_slot_init(struct imon_slot *slot, u32 want, u8 scope,
		    const struct inode *inode);
void imon_queue_drop_slot(struct imon_queue *q, struct imon_slot *slot);

int imon_queue_post(struct imon_queue *q, struct imon_slot *slot,
		    const struct imon_event *ev, const struct imon_hit *old,
		    const struct imon_hit *new, const struct imon_view *view,
		    bool *wake);
bool imon_queue_carry(struct imon_queue *q, const struct imon_slot *slot,
		      const struct imon_carrier *carrier, u32 mask, bool *wake);
void imon_queue_post_self(struct imon_queue *q, struct imon_slot *slot,
			  const struct imon_event *ev, bool *wake);
void imon_queue_post_root(struct imon_queue *q, struct imon_slot *slot,
			  u32 mask, bool *wake);
void imon_queue_end_slot(struct imon_queue *q, struct imon_slot *slot,
			 u8 state, u32 mask, bool *wake);

/* What says that all a watch covers is to be scanned. */
static inline u32 imon_slot_dirty(const struct imon_slot *slot)
{
	if (slot->scope == IMON_SCOPE_TREE)
		return IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;
	return IMON_EVENT_DIRTY;
}

/* The record with memory of its own, or NULL. */
static inline struct imon_named *imon_named(const struct imon_record *rec)
{
	return rec->named ? container_of(rec, struct imon_named, rec) : NULL;
}

/* For ladder.c, under the lock. */
static inline bool imon_queue_in_flight(const struct imon_queue *q,
					const struct imon_record *rec)
{
	return rec->seq <= q->sent_seq;
}

/* Whether the reader must be told, now that something may wait. */
static inline bool imon_queue_tell(struct imon_queue *q)
{
	if (q->told || list_empty(&q->pending))
		return false;
	q->told = true;
	return true;
}

void imon_queue_add(struct imon_queue *q, struct imon_record *rec);
void imon_named_seal(struct imon_queue *q, struct imon_named *named);
void imon_named_free(struct imon_named *named);
void imon_named_actor(const struct imon_named *named, struct imon_actor *actor);
void imon_named_note_actor(struct imon_named *named);
bool imon_named_by_current(const struct imon_named *named);
void imon_queue_mark_root(struct imon_queue *q, struct imon_slot *slot, u32 mask);
void imon_queue_merged(struct imon_queue *q, const struct imon_record *rec);
void imon_queue_degraded(struct imon_queue *q, const struct imon_slot *slot,
			 enum imon_step step);

bool imon_queue_pull(struct imon_queue *q, imon_record_fn fn, void *arg);
int imon_queue_ack(struct imon_queue *q, u64 seq);
bool imon_queue_rewind(struct imon_queue *q);
bool imon_queue_fold(struct imon_queue *q, u64 end, imon_slot_fn find, void *arg);
bool imon_queue_waiting(struct imon_queue *q, u64 *head);
void imon_queue_stats(struct imon_queue *q, struct imon_queue_stats *stats);

#endif
