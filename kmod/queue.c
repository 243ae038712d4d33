// SPDX-License-Identifier: GPL-2.0
/*
 * A monitor's queue: records that wait, and records that were pulled.
 *
 * A record waits in the pending list, is pulled into the in-flight list and
 * freed when it is acknowledged. How events become records, and what happens
 * when there is no room for them, is in ladder.c.
 *
 * LOCKING: q->lock is the innermost lock. A writer may hold any lock of the
 * VFS when it comes here, so nothing sleeps under it, and allocations do not
 * reclaim.
 */
#include <linux/cred.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/string.h>

#include <uapi/linux/imon.h>

#include "queue.h"
#include "repeat.h"
#include "trace.h"

/* Records freed while the lock is held once. */
#define FREE_BATCH 64

/** imon_queue_init() - begin a queue, which is zeroed */
void imon_queue_init(struct imon_queue *q, u32 mode, u64 limit, bool actor)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->pending);
	INIT_LIST_HEAD(&q->in_flight);
	imon_index_init(&q->index);
	q->state = mode == IMON_MODE_STATE;
	q->actor = actor;
	q->limit = limit;
	q->memcg = get_mem_cgroup_from_mm(current->mm);
}

/** imon_named_free() - free a record that is in no list; NULL is fine */
void imon_named_free(struct imon_named *named)
{
	kfree(named);
}

static void free_list(struct list_head *list)
{
	struct imon_record *rec, *next;

	list_for_each_entry_safe(rec, next, list, list) {
		imon_named_free(imon_named(rec));
		cond_resched();
	}
}

/** imon_queue_free() - free every record; nobody else knows the queue */
void imon_queue_free(struct imon_queue *q)
{
	free_list(&q->pending);
	free_list(&q->in_flight);
	imon_index_free(&q->index);
	mem_cgroup_put(q->memcg);
}

/**
 * imon_slot_init() - begin a slot; its id is set when it has one
 * @slot: zeroed
 * @want: IMON_EVENT_* bits that its records may have
 * @scope: IMON_SCOPE_*
 * @inode: what is watched
 */
void imon_slot_init(struct imon_slot *slot, u32 want, u8 scope,
		    const struct inode *inode)
{
	slot->want = want;
	slot->scope = scope;
	slot->state = IMON_WATCH_STATE_ACTIVE;
	INIT_LIST_HEAD(&slot->root.list);
	slot->root.type = inode->i_mode & S_IFMT;
	slot->root.ino = inode->i_ino;
}

/** imon_named_actor() - who made the change; only if the queue wants that */
void imon_named_actor(const struct imon_named *named, struct imon_actor *actor)
{
	memcpy(actor, named->names + named->old_len + named->new_len,
	       sizeof(*actor));
}

/** imon_named_note_actor() - who makes the change is behind a record's names */
void imon_named_note_actor(struct imon_named *named)
{
	struct imon_actor actor;

	actor.pid = task_tgid_nr(current);
	actor.uid = from_kuid(&init_user_ns, current_euid());
	strscpy_pad(actor.comm, current->comm, sizeof(actor.comm));
	memcpy(named->names + named->old_len + named->new_len, &actor,
	       sizeof(actor));
}

/** imon_named_by_current() - whether the same process made the last change */
bool imon_named_by_current(const struct imon_named *named)
{
	struct imon_actor actor;

	imon_named_actor(named, &actor);
	return actor.pid == task_tgid_nr(current);
}

/** imon_named_seal() - nothing merges into a record any more */
void imon_named_seal(struct imon_queue *q, struct imon_named *named)
{
	if (hlist_unhashed(&named->node))
		return;
	imon_index_del(&q->index, named);
	if (named->noted)
		imon_repeat_forget();
	named->noted = false;
}

/* Takes a record off its list; what it held is room again. */
static void unqueue(struct imon_queue *q, struct imon_record *rec)
{
	struct imon_named *named = imon_named(rec);

	if (imon_queue_in_flight(q, rec))
		q->stats.in_flight--;
	else
		q->stats.pending--;
	if (named) {
		q->stats.bytes -= named->size;
		imon_named_seal(q, named);
	}
	list_del_init(&rec->list);
}

/** imon_queue_drop_slot() - a watch goes; its other records stay */
void imon_queue_drop_slot(struct imon_queue *q, struct imon_slot *slot)
{
	spin_lock(&q->lock);
	slot->want = 0;
	if (!list_empty(&slot->root.list))
		unqueue(q, &slot->root);
	spin_unlock(&q->lock);
}

/* Puts a new record at the end. */
void imon_queue_add(struct imon_queue *q, struct imon_record *rec)
{
	rec->seq = ++q->stats.head_seq;
	list_add_tail(&rec->list, &q->pending);
	q->stats.pending++;
	q->stats.queued++;
	trace_imon_queued(rec);
}

/* An event has gone into a record that waits. */
void imon_queue_merged(struct imon_queue *q, const struct imon_record *rec)
{
	q->stats.merged++;
	trace_imon_merged(rec);
}

/* An event has climbed the ladder for want of room. */
void imon_queue_degraded(struct imon_queue *q, const struct imon_slot *slot,
			 enum imon_step step)
{
	q->stats.degraded[step]++;
	trace_imon_degraded(slot, step);
}

/*
 * Puts @mask on the slot's own record and that at the end of the pending list,
 * unless it waits there and says as much. When it is in flight it is sent once
 * more, with all it said so far: whoever did not live to acknowledge the first
 * gets the second.
 */
void imon_queue_mark_root(struct imon_queue *q, struct imon_slot *slot, u32 mask)
{
	struct imon_record *rec = &slot->root;

	if (!list_empty(&rec->list)) {
		if (!imon_queue_in_flight(q, rec) && !(mask & ~rec->mask)) {
			imon_queue_merged(q, rec);
			return;
		}
		unqueue(q, rec);
	}
	rec->mask |= mask;
	imon_queue_add(q, rec);
}

/**
 * imon_queue_post_root() - report what is true of what is watched as a whole
 * @q: the queue
 * @slot: of the watch
 * @mask: IMON_EVENT_* bits
 * @wake: set when the reader must be told
 *
 * Cannot fail. A watch that has ended gets nothing any more.
 */
void imon_queue_post_root(struct imon_queue *q, struct imon_slot *slot,
			  u32 mask, bool *wake)
{
	spin_lock(&q->lock);
	if (slot->want && slot->state == IMON_WATCH_STATE_ACTIVE) {
		imon_queue_mark_root(q, slot, mask);
		if (mask & IMON_EVENT_DIRTY)
			imon_queue_degraded(q, slot, IMON_STEP_ROOT);
		*wake = imon_queue_tell(q);
	}
	spin_unlock(&q->lock);
}

/**
 * imon_queue_end_slot() - what is watched has gone
 * @q: the queue
 * @slot: of the watch
 * @state: what it is from now on
 * @mask: how that is told; once, however often it is heard of
 * @wake: set when the reader must be told
 */
void imon_queue_end_slot(struct imon_queue *q, struct imon_slot *slot,
			 u8 state, u32 mask, bool *wake)
{
	spin_lock(&q->lock);
	if (slot->want && slot->state == IMON_WATCH_STATE_ACTIVE) {
		WRITE_ONCE(slot->state, state);
		imon_queue_mark_root(q, slot, mask);
		*wake = imon_queue_tell(q);
	}
	spin_unlock(&q->lock);
}

/**
 * imon_queue_pull() - hand out the next pending record
 * @q: the queue
 * @fn: gets it, with the queue locked
 * @arg: for @fn
 *
 * When nothing waits any more, the next event will tell the reader again.
 *
 * Return: whether a record was handed out and there may be more.
 */
bool imon_queue_pull(struct imon_queue *q, imon_record_fn fn, void *arg)
{
	struct imon_record *rec;
	struct imon_named *named;
	bool more = false;

	spin_lock(&q->lock);
	rec = list_first_entry_or_null(&q->pending, struct imon_record, list);
	if (!rec) {
		q->told = false;
	} else if (fn(rec, arg)) {
		more = true;
		named = imon_named(rec);
		if (named)
			imon_named_seal(q, named);
		list_move_tail(&rec->list, &q->in_flight);
		q->stats.pending--;
		q->stats.in_flight++;
		if (rec->seq > q->sent_high) {
			q->sent_high = rec->seq;
			q->stats.delivered++;
		} else {
			q->stats.redelivered++;
		}
		q->sent_seq = rec->seq;
		trace_imon_delivered(rec);
	}
	spin_unlock(&q->lock);
	return more;
}

/* Acknowledges up to FREE_BATCH records; whether there may be more. */
static bool ack_some(struct imon_queue *q, u64 seq)
{
	struct imon_record *rec, *next;
	unsigned int n = 0, named = 0;
	void *done[FREE_BATCH];

	spin_lock(&q->lock);
	list_for_each_entry_safe(rec, next, &q->in_flight, list) {
		if (rec->seq > seq || n++ == FREE_BATCH)
			break;
		unqueue(q, rec);
		if (rec->named)
			done[named++] = imon_named(rec);
		else
			rec->mask = 0;
	}
	spin_unlock(&q->lock);
	/* As imon_named_free(), but at once: they lie side by side. */
	kfree_bulk(named, done);
	return n > FREE_BATCH;
}

/**
 * imon_queue_ack() - the reader has dealt with everything up to a number
 * @q: the queue
 * @seq: the number
 *
 * Return: 0, or -ERANGE when that was not handed out to it yet.
 */
int imon_queue_ack(struct imon_queue *q, u64 seq)
{
	spin_lock(&q->lock);
	if (seq > q->sent_seq) {
		spin_unlock(&q->lock);
		return -ERANGE;
	}
	q->stats.acked_seq = max(q->stats.acked_seq, seq);
	spin_unlock(&q->lock);

	while (ack_some(q, seq))
		cond_resched();
	return 0;
}

/**
 * imon_queue_rewind() - a new reader: what is in flight is pending again
 * @q: the queue
 *
 * Return: whether the reader must be told.
 */
bool imon_queue_rewind(struct imon_queue *q)
{
	bool wake;

	spin_lock(&q->lock);
	list_splice_init(&q->in_flight, &q->pending);
	q->stats.pending += q->stats.in_flight;
	q->stats.in_flight = 0;
	q->sent_seq = q->stats.acked_seq;
	q->told = false;
	wake = imon_queue_tell(q);
	spin_unlock(&q->lock);
	return wake;
}

/* A slot's own record goes to the end with all it says, where it is merged. */
static void fold_one(struct imon_queue *q, struct imon_record *rec,
		     struct imon_slot *slot, struct list_head *done)
{
	unqueue(q, rec);
	if (!rec->named) {
		imon_queue_add(q, rec);
		return;
	}
	list_add(&rec->list, done);
	if (!slot || !slot->want)
		return;
	/* Of an inode, the slot's record can say the same. */
	imon_queue_mark_root(q, slot, slot->scope == IMON_SCOPE_INODE ?
				      rec->mask : imon_slot_dirty(slot));
	imon_queue_degraded(q, slot, IMON_STEP_ROOT);
}

/**
 * imon_queue_fold() - give up some records for dirty roots
 * @q: the queue, which has no reader
 * @end: the newest to be given up
 * @find: gets the slot of a watch
 * @arg: for @find
 *
 * Return: whether there may be more.
 */
bool imon_queue_fold(struct imon_queue *q, u64 end, imon_slot_fn find, void *arg)
{
	unsigned int n;
	LIST_HEAD(done);

	spin_lock(&q->lock);
	for (n = 0; n < FREE_BATCH; n++) {
		struct list_head *from = list_empty(&q->in_flight) ?
					 &q->pending : &q->in_flight;
		struct imon_record *rec =
			list_first_entry_or_null(from, struct imon_record, list);

		if (!rec || rec->seq > end)
			break;
		fold_one(q, rec, find(rec->watch, arg), &done);
	}
	spin_unlock(&q->lock);
	free_list(&done);
	return n == FREE_BATCH;
}

/** imon_queue_waiting() - whether records wait, and the newest's number */
bool imon_queue_waiting(struct imon_queue *q, u64 *head)
{
	bool waiting;

	spin_lock(&q->lock);
	waiting = !list_empty(&q->pending);
	q->told = waiting;
	*head = q->stats.head_seq;
	spin_unlock(&q->lock);
	return waiting;
}

void imon_queue_stats(struct imon_queue *q, struct imon_queue_stats *stats)
{
	spin_lock(&q->lock);
	*stats = q->stats;
	spin_unlock(&q->lock);
}
