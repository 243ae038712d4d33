// SPDX-License-Identifier: GPL-2.0
/*
 * How an event gets into a queue.
 *
 * While a record is pending, events of the same name merge into it. When
 * there is no room for a new one, by the bound or because an allocation
 * failed, an event climbs a ladder instead of being dropped:
 *
 *	a record of its own
 *	"dirty" for the directory it is in
 *	"dirty, recursive" for the subtree right below the root
 *	"dirty, recursive" for the tree, in the record that is part of the slot
 *	and so cannot fail
 *
 * A watched directory has nothing between a name and itself. For a watched
 * inode the slot's record can say all there is to say, so it is never dirty,
 * and in mode "state" has no other record.
 *
 * Each step has its own share of the bound, so that the coarser records find
 * room when the finer ones do not. Merging needs no room, so it is tried at
 * every step whatever the pressure.
 *
 * A path goes in only while it is true: posting ends in -ESTALE when a rename
 * came in between. A rename is posted after the dentries have moved, so a
 * record never has a name that an earlier one took away; it may have the new
 * name of something just before the rename that gave it.
 *
 * LOCKING: what is for others takes q->lock; all else here runs under it.
 */
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "queue.h"
#include "repeat.h"
#include "stats.h"

static bool same_dir(const struct imon_named *rec, const struct inode *dir)
{
	return dir && rec->dir == dir && rec->dir_ino == dir->i_ino &&
	       rec->dir_gen == dir->i_generation;
}

/*
 * The newest pending record of a name, or NULL; older ones are not in the
 * index. The key covers every name on the way but is only a hash: the
 * directory and the last name are compared as well. Whether its path is still
 * true, the slot's generation tells.
 */
static struct imon_named *find(struct imon_queue *q, const struct imon_slot *slot,
			       const struct imon_place *place,
			       const struct imon_hit *hit,
			       const struct imon_view *view)
{
	const struct inode *dir = imon_place_parent(place);
	struct imon_named *rec;

	hlist_for_each_entry(rec, imon_index_chain(&q->index, hit->key), node) {
		if (rec->key == hit->key && rec->rec.watch == slot->root.watch &&
		    rec->old_len == hit->len &&
		    same_dir(rec, dir) &&
		    (!hit->len ||
		     imon_place_ends(place, rec->names, rec->old_len, view)))
			return rec;
	}
	return NULL;
}

/*
 * A record with room for the names, charged to the queue; NULL: no room.
 * Three quarters of it are for objects, an eighth for each coarser step.
 */
static struct imon_named *record_new(struct imon_queue *q,
				     const struct imon_slot *slot,
				     enum imon_step step, size_t names)
{
	u64 share = q->limit - q->limit / 8 * (IMON_STEP_TOP - step);
	size_t actor = q->actor ? sizeof(struct imon_actor) : 0;
	struct mem_cgroup *memcg;
	struct imon_named *rec;

	if (names > IMON_NAMES_MAX || q->stats.bytes >= share)
		return NULL;
	/* Who asked for the records pays, not who makes the changes. */
	memcg = set_active_memcg(q->memcg);
	rec = kzalloc(sizeof(*rec) + names + actor,
		      GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT);
	imon_index_grow(&q->index);
	set_active_memcg(memcg);
	if (!rec) {
		q->stats.memory_failures++;
		this_cpu_inc(imon_counters.memory_failures);
		return NULL;
	}
	INIT_HLIST_NODE(&rec->node);
	rec->size = ksize(rec);
	rec->rec.watch = slot->root.watch;
	rec->rec.gen = slot->root.gen;
	rec->rec.named = true;
	if (q->stats.bytes + rec->size > share) {
		imon_named_free(rec);
		return NULL;
	}
	return rec;
}

static void record_add(struct imon_queue *q, struct imon_named *named,
		       const struct imon_event *ev, u32 mask)
{
	struct imon_record *rec = &named->rec;

	rec->mask = mask;
	rec->type = ev->type;
	rec->ino = ev->ino;
	q->stats.bytes += named->size;
	q->stats.bytes_high = max(q->stats.bytes_high, q->stats.bytes);
	if (q->actor)
		imon_named_note_actor(named);
	imon_queue_add(q, rec);
}

/* Whether an event adds nothing to what a record says, or may add it. */
static bool mergeable(const struct imon_queue *q, const struct imon_slot *slot,
		      const struct imon_named *old, u32 mask)
{
	if (old->rec.gen != slot->root.gen)
		return false;
	if (q->state)
		return true;
	return !(mask & ~old->rec.mask) &&
	       (!q->actor || imon_named_by_current(old));
}

/*
 * Whether the next event like this one will find the same record as it is: all
 * this one had to say was there before.
 */
static bool repeats(const struct imon_queue *q, const struct imon_named *old,
		    u32 mask)
{
	return !(mask & ~(old->rec.mask & IMON_EVENT_REPEATS)) && !q->actor;
}

/* What comes next of the object may go straight into its record. */
static inline void carry(const struct imon_queue *q, const struct imon_slot *slot,
			 const struct imon_event *ev, struct imon_named *named)
{
	if (!ev->carrier || ev->carrier->nr_watches != 1 ||
	    slot->scope != IMON_SCOPE_TREE || !q->state || q->actor)
		return;
	ev->carrier->named = named;
	named->noted = true;
}

/* The path of a new record, which the newest of the name may have already. */
static int copy_path(struct imon_named *rec, const struct imon_named *old,
		     const struct imon_place *place, const struct imon_hit *hit,
		     const struct imon_view *view)
{
	if (!old || old->rec.gen != rec->rec.gen)
		return imon_path_copy(rec->names, hit, place, view);
	memcpy(rec->names, old->names, hit->len);
	return imon_view_stale(view) ? -ESTALE : 0;
}

/*
 * One name, at one step. 0, 1 when that repeats what waits, -ESTALE, or
 * -ENOBUFS when there is no room.
 */
static int post_name(struct imon_queue *q, struct imon_slot *slot,
		     const struct imon_event *ev, u32 mask, enum imon_step step,
		     const struct imon_place *place, const struct imon_hit *hit,
		     const struct imon_view *view)
{
	struct imon_named *old = find(q, slot, place, hit, view), *rec;
	const struct inode *dir;
	int err;

	if (old && mergeable(q, slot, old, mask)) {
		bool repeat = step == IMON_STEP_OBJECT && repeats(q, old, mask);

		old->noted |= repeat;
		old->rec.mask |= mask;
		if (step == IMON_STEP_OBJECT) {
			old->rec.type = ev->type;
			old->rec.ino = ev->ino;
			carry(q, slot, ev, old);
		}
		if (q->actor)
			imon_named_note_actor(old);
		imon_queue_merged(q, &old->rec);
		return repeat;
	}
	rec = record_new(q, slot, step, hit->len);
	if (!rec)
		return -ENOBUFS;
	/* Only true if nothing has moved by the end of the copy. */
	dir = imon_place_parent(place);
	err = dir ? copy_path(rec, old, place, hit, view) : -ESTALE;
	if (err) {
		imon_named_free(rec);
		return err;
	}
	rec->dir = dir;
	rec->dir_ino = dir->i_ino;
	rec->dir_gen = dir->i_generation;
	rec->key = hit->key;
	rec->old_len = hit->len;
	rec->has_old = true;
	if (old)
		imon_named_seal(q, old);
	imon_index_add(&q->index, rec);
	record_add(q, rec, ev, mask);
	if (step == IMON_STEP_OBJECT) {
		carry(q, slot, ev, rec);
	} else {
		rec->rec.type = S_IFDIR;
		rec->rec.ino = 0;
	}
	return 0;
}

/* A place in one tree, and what is said about it. */
struct rung {
	struct imon_place place;
	struct imon_hit hit;
	u32 mask;
};

static int rung_move(struct rung *at, struct imon_place place, u32 mask)
{
	at->place = place;
	at->mask = mask;
	return imon_hit_make(&at->hit, &at->place, at->hit.top);
}

/* From an object to its directory, or to the nearest whose path fits. */
static int rung_dir(struct rung *at)
{
	bool long_path = at->hit.len > IMON_NAMES_MAX;
	int err;

	/* The directory alone would not name what is below the object. */
	if (at->mask & IMON_EVENT_RECURSIVE && !long_path)
		return 0;
	err = rung_move(at, imon_place_dir(&at->place),
			IMON_EVENT_DIRTY | (at->mask & IMON_EVENT_RECURSIVE));
	while (!err && at->hit.len > IMON_NAMES_MAX)
		err = rung_move(at, imon_place_dir(&at->place),
				IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE);
	return err;
}

static int rung_top(struct rung *at)
{
	return rung_move(at, imon_place_top(&at->place, at->hit.top),
			 IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE);
}

/*
 * One step up. Whether a record of its own can say it there; else it is up to
 * the slot's.
 */
static int rung_up(struct rung *at, const struct imon_slot *slot,
		   enum imon_step *step)
{
	int err;

	if (slot->scope == IMON_SCOPE_TREE && at->hit.len &&
	    ++*step < IMON_STEP_ROOT) {
		err = *step == IMON_STEP_DIR ? rung_dir(at) : rung_top(at);
		if (err || at->hit.len)
			return err;
	} else if (slot->scope != IMON_SCOPE_INODE) {
		at->mask = imon_slot_dirty(slot);
	}
	*step = IMON_STEP_ROOT;
	return 0;
}

/*
 * One name, on the first step above its own record that bears it. The rung is
 * not for events to pay that need no ladder.
 */
static noinline int post_ladder(struct imon_queue *q, struct imon_slot *slot,
				const struct imon_event *ev, u32 mask,
				const struct imon_place *place,
				const struct imon_hit *hit,
				const struct imon_view *view)
{
	struct rung at = { .place = *place, .hit = *hit, .mask = mask };
	enum imon_step step = IMON_STEP_OBJECT;
	int err;

	do {
		err = rung_up(&at, slot, &step);
		if (err)
			return err;
		if (step == IMON_STEP_ROOT)
			imon_queue_mark_root(q, slot, at.mask);
		else
			err = post_name(q, slot, ev, at.mask, step, &at.place,
					&at.hit, view);
	} while (err == -ENOBUFS);
	if (!err)
		imon_queue_degraded(q, slot, step);
	return err;
}

/* One name, as well as it can be had. 0, 1 or -ESTALE. */
static int post_object(struct imon_queue *q, struct imon_slot *slot,
		       const struct imon_event *ev, u32 mask,
		       const struct imon_place *place, const struct imon_hit *hit,
		       const struct imon_view *view)
{
	int err = post_name(q, slot, ev, mask, IMON_STEP_OBJECT, place, hit, view);

	if (likely(err != -ENOBUFS))
		return err;
	return post_ladder(q, slot, ev, mask, place, hit, view);
}

/* What waits under a name belongs to the object that had it until now. */
static void seal(struct imon_queue *q, const struct imon_slot *slot,
		 const struct imon_place *place, const struct imon_hit *hit,
		 const struct imon_view *view)
{
	struct imon_named *rec;

	rec = hit ? find(q, slot, place, hit, view) : NULL;
	if (rec)
		imon_named_seal(q, rec);
}

/* The record of a rename; false when there is no room. */
static bool rename_record(struct imon_queue *q, struct imon_slot *slot,
			  const struct imon_event *ev, u32 mask,
			  const struct imon_hit *old, const struct imon_hit *new,
			  const struct imon_view *view)
{
	u32 old_len = old ? old->len : 0, new_len = new ? new->len : 0;
	struct imon_named *rec;

	rec = record_new(q, slot, IMON_STEP_OBJECT, old_len + new_len);
	if (!rec)
		return false;
	if ((old && imon_path_copy(rec->names, old, &ev->old, view)) ||
	    (new && imon_path_copy(rec->names + old_len, new, &ev->new, view))) {
		imon_named_free(rec);
		return false;
	}
	rec->old_len = old_len;
	rec->new_len = new_len;
	rec->has_old = !!old;
	rec->has_new = !!new;
	record_add(q, rec, ev, mask);
	return true;
}

/*
 * A rename, which the view has locked out others for. It splits the time line
 * of its names: nothing after it merges into what was said before. Without
 * room for it the old name went and the new one came; of a directory all that
 * was below the old name as well, which a new one of that name would hide.
 */
static noinline int post_rename(struct imon_queue *q, struct imon_slot *slot,
				const struct imon_event *ev,
				const struct imon_hit *old,
				const struct imon_hit *new,
				const struct imon_view *view)
{
	u32 mask = ev->mask & slot->want, subtree = 0;

	if (S_ISDIR(ev->type) && slot->scope == IMON_SCOPE_TREE) {
		slot->root.gen++;
		imon_repeat_forget();
		subtree = imon_slot_dirty(slot);
	} else {
		seal(q, slot, &ev->old, old, view);
		seal(q, slot, &ev->new, new, view);
	}
	if (!old)
		mask |= subtree;
	if (rename_record(q, slot, ev, mask, old, new, view))
		return 0;

	imon_queue_degraded(q, slot, IMON_STEP_OBJECT);
	if (old && post_object(q, slot, ev, IMON_EVENT_DELETE | subtree, &ev->old,
			       old, view))
		goto all;
	if (new && post_object(q, slot, ev, IMON_EVENT_CREATE | subtree, &ev->new,
			       new, view))
		goto all;
	return 0;
all:
	imon_queue_mark_root(q, slot, imon_slot_dirty(slot));
	imon_queue_degraded(q, slot, IMON_STEP_ROOT);
	return 0;
}

/* All of it will be scanned after this moment: nothing can add to it. */
static bool all_dirty(const struct imon_queue *q, const struct imon_slot *slot)
{
	u32 dirty = imon_slot_dirty(slot);

	return !list_empty(&slot->root.list) && !imon_queue_in_flight(q, &slot->root) &&
	       (slot->root.mask & dirty) == dirty;
}

/**
 * imon_queue_post() - put an event into the queue
 * @q: the queue
 * @slot: of the watch
 * @ev: the event; a rename only with a locked view
 * @old: where the tree holds ev->old, or NULL
 * @new: where the tree holds ev->new, or NULL
 * @view: the view of the walks that found @old and @new
 * @wake: set when the reader must be told
 *
 * Return: 0; 1 when that was nothing new, nor will its like be (repeat.c); or
 * -ESTALE when something moved since the walk, and nothing was done.
 */
int imon_queue_post(struct imon_queue *q, struct imon_slot *slot,
		    const struct imon_event *ev, const struct imon_hit *old,
		    const struct imon_hit *new, const struct imon_view *view,
		    bool *wake)
{
	int err = 0;

	spin_lock(&q->lock);
	if (!slot->want)
		goto out;
	if (all_dirty(q, slot))
		imon_queue_degraded(q, slot, IMON_STEP_ROOT);
	else if (imon_view_stale(view))
		err = -ESTALE;
	else if (ev->mask & IMON_EVENT_RENAME)
		err = post_rename(q, slot, ev, old, new, view);
	else
		err = post_object(q, slot, ev, ev->mask & slot->want, &ev->old,
				  old, view);
	*wake = imon_queue_tell(q);
out:
	spin_unlock(&q->lock);
	return err;
}

/**
 * imon_queue_carry() - put an event into the record that waits for its like
 * @q: the queue
 * @slot: of the watch
 * @carrier: from imon_repeat_carrier(), in this section of RCU
 * @mask: one bit of IMON_EVENT_REPEATS
 * @wake: set when the reader must be told
 *
 * Return: false, and nothing is done, if it has to be posted.
 */
bool imon_queue_carry(struct imon_queue *q, const struct imon_slot *slot,
		      const struct imon_carrier *carrier, u32 mask, bool *wake)
{
	struct imon_named *named = carrier->named;
	bool waits;

	spin_lock(&q->lock);
	/* It is in the index while the epoch is the same, so it is there. */
	waits = imon_repeat_epoch() == carrier->epoch &&
		!read_seqretry(&rename_lock, carrier->seq) &&
		slot->want & mask && !all_dirty(q, slot);
	if (waits) {
		named->rec.mask |= mask;
		imon_queue_merged(q, &named->rec);
		*wake = imon_queue_tell(q);
	}
	spin_unlock(&q->lock);
	return waits;
}

/* In mode "log", where the order counts. Whether there was room. */
static bool log_self(struct imon_queue *q, const struct imon_slot *slot,
		     const struct imon_event *ev, u32 mask)
{
	u64 key = slot->root.watch * GOLDEN_RATIO_64;
	struct imon_named *rec;

	hlist_for_each_entry(rec, imon_index_chain(&q->index, key), node)
		if (rec->rec.watch == slot->root.watch && !rec->dir)
			break;
	if (rec && mergeable(q, slot, rec, mask)) {
		if (q->actor)
			imon_named_note_actor(rec);
		imon_queue_merged(q, &rec->rec);
		return true;
	}
	if (rec)
		imon_named_seal(q, rec);
	rec = record_new(q, slot, IMON_STEP_OBJECT, 0);
	if (!rec)
		return false;
	rec->key = key;
	rec->has_old = true;
	imon_index_add(&q->index, rec);
	record_add(q, rec, ev, mask);
	return true;
}

/**
 * imon_queue_post_self() - what happened to a watched object, without a name
 * @q: the queue
 * @slot: of the watch of a directory or an inode
 * @ev: the event; its places are not looked at
 * @wake: set when the reader must be told
 *
 * Cannot fail: the slot's own record says it when there is no other.
 */
void imon_queue_post_self(struct imon_queue *q, struct imon_slot *slot,
			  const struct imon_event *ev, bool *wake)
{
	u32 mask;

	spin_lock(&q->lock);
	mask = ev->mask & slot->want;
	if (slot->state == IMON_WATCH_STATE_ACTIVE && mask && !all_dirty(q, slot)) {
		if (q->state || !log_self(q, slot, ev, mask)) {
			imon_queue_mark_root(q, slot, mask);
			if (!q->state)
				imon_queue_degraded(q, slot, IMON_STEP_ROOT);
		}
		*wake = imon_queue_tell(q);
	}
	spin_unlock(&q->lock);
}
