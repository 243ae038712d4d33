// SPDX-License-Identifier: GPL-2.0
/*
 * How an event gets into a queue.
 *
 * While a record is pending, events of the same name merge into it. When
 * there is no room for a new one, by the bound or because an allocation
 * failed, an event climbs a ladder instead of being dropped:
 *
 *	STEP_OBJECT	a record of its own
 *	STEP_DIR	"dirty" for the directory it is in
 *	STEP_TOP	"dirty, recursive" for the subtree right below the root
 *	the root	"dirty, recursive" for the tree, in the record that is
 *			part of the slot and so cannot fail
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
 * LOCKING: everything here but imon_queue_post() runs under q->lock.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "queue.h"

enum step { STEP_OBJECT, STEP_DIR, STEP_TOP, STEPS };

static bool same_dir(const struct imon_record *rec, const struct inode *dir)
{
	return dir && rec->dir == dir && rec->dir_ino == dir->i_ino &&
	       rec->dir_gen == dir->i_generation;
}

/*
 * The newest pending record of a name, or NULL; older ones are not in the
 * table. The key covers every name on the way but is only a hash: the
 * directory and the last name are compared as well. Whether its path is still
 * true, the slot's generation tells.
 */
static struct imon_record *find(struct imon_queue *q, const struct imon_slot *slot,
				const struct imon_place *place,
				const struct imon_hit *hit,
				const struct imon_view *view)
{
	const struct inode *dir = imon_place_parent(place);
	struct imon_record *rec;

	hlist_for_each_entry(rec, &q->table[hit->key >> q->shift], node) {
		if (rec->key == hit->key && rec->watch == slot->root.watch &&
		    rec->old_len == hit->len &&
		    same_dir(rec, dir) &&
		    (!hit->len ||
		     imon_place_ends(place, rec->names, rec->old_len, view)))
			return rec;
	}
	return NULL;
}

/* A record with room for the names, charged to the queue; NULL: no room. */
static struct imon_record *record_new(struct imon_queue *q,
				      const struct imon_slot *slot,
				      enum step step, size_t names)
{
	/* Three quarters for objects, an eighth for each coarser step. */
	u64 share = q->limit - q->limit / 8 * (STEP_TOP - step);
	struct mem_cgroup *memcg;
	struct imon_record *rec;

	if (names > IMON_NAMES_MAX || q->stats.bytes >= share)
		return NULL;
	/* Who asked for the records pays, not who makes the changes. */
	memcg = set_active_memcg(q->memcg);
	rec = kmalloc(sizeof(*rec) + names,
		      GFP_NOWAIT | __GFP_NOWARN | __GFP_ACCOUNT);
	set_active_memcg(memcg);
	if (!rec)
		return NULL;
	if (q->stats.bytes + ksize(rec) > share) {
		kfree(rec);
		return NULL;
	}
	memset(rec, 0, sizeof(*rec));
	INIT_HLIST_NODE(&rec->node);
	rec->watch = slot->root.watch;
	rec->gen = slot->gen;
	return rec;
}

static void record_add(struct imon_queue *q, struct imon_record *rec,
		       const struct imon_event *ev, u32 mask)
{
	rec->mask = mask;
	rec->type = ev->type;
	rec->ino = ev->ino;
	q->stats.bytes += ksize(rec);
	q->stats.bytes_high = max(q->stats.bytes_high, q->stats.bytes);
	imon_queue_add(q, rec);
}

/* One name, at one step. 0, -ESTALE, or -ENOBUFS when there is no room. */
static int post_name(struct imon_queue *q, struct imon_slot *slot,
		     const struct imon_event *ev, u32 mask, enum step step,
		     const struct imon_place *place, const struct imon_hit *hit,
		     const struct imon_view *view)
{
	struct imon_record *old = find(q, slot, place, hit, view), *rec;
	const struct inode *dir;
	int err;

	if (old && old->gen == slot->gen &&
	    (q->state || !(mask & ~old->mask))) {
		old->mask |= mask;
		if (step == STEP_OBJECT) {
			old->type = ev->type;
			old->ino = ev->ino;
		}
		q->stats.merged++;
		return 0;
	}
	rec = record_new(q, slot, step, hit->len);
	if (!rec)
		return -ENOBUFS;
	/* Only true if nothing has moved by the end of the copy. */
	dir = imon_place_parent(place);
	err = dir ? imon_path_copy(rec->names, hit, place, view) : -ESTALE;
	if (err) {
		kfree(rec);
		return err;
	}
	rec->dir = dir;
	rec->dir_ino = dir->i_ino;
	rec->dir_gen = dir->i_generation;
	rec->key = hit->key;
	rec->old_len = hit->len;
	rec->has_old = true;
	if (old)
		hlist_del_init(&old->node);
	hlist_add_head(&rec->node, &q->table[hit->key >> q->shift]);
	record_add(q, rec, ev, mask);
	if (step != STEP_OBJECT) {
		rec->type = S_IFDIR;
		rec->ino = 0;
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
	return imon_hit_make(&at->hit, &at->place, at->hit.root);
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
	return rung_move(at, imon_place_top(&at->place, at->hit.root),
			 IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE);
}

/* One name, on the first step of the ladder that bears it. */
static int post_ladder(struct imon_queue *q, struct imon_slot *slot,
		       const struct imon_event *ev, u32 mask,
		       struct imon_place place, const struct imon_hit *hit,
		       const struct imon_view *view)
{
	struct rung at = { .place = place, .hit = *hit, .mask = mask };
	enum step step = STEP_OBJECT;
	int err;

	for (;;) {
		err = post_name(q, slot, ev, at.mask, step, &at.place, &at.hit,
				view);
		if (err != -ENOBUFS)
			break;
		if (++step == STEPS || !at.hit.len) {
			at.mask = IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;
			goto root;
		}
		err = step == STEP_DIR ? rung_dir(&at) : rung_top(&at);
		if (err)
			return err;
		if (!at.hit.len)
			goto root;
	}
	if (!err && step != STEP_OBJECT)
		q->stats.degraded++;
	return err;
root:
	imon_queue_mark_root(q, slot, at.mask);
	q->stats.degraded++;
	return 0;
}

/* What waits under a name belongs to the object that had it until now. */
static void seal(struct imon_queue *q, const struct imon_slot *slot,
		 const struct imon_place *place, const struct imon_hit *hit,
		 const struct imon_view *view)
{
	struct imon_record *rec;

	rec = hit ? find(q, slot, place, hit, view) : NULL;
	if (rec)
		hlist_del_init(&rec->node);
}

/* The record of a rename; false when there is no room. */
static bool rename_record(struct imon_queue *q, struct imon_slot *slot,
			  const struct imon_event *ev, u32 mask,
			  const struct imon_hit *old, const struct imon_hit *new,
			  const struct imon_view *view)
{
	u32 old_len = old ? old->len : 0, new_len = new ? new->len : 0;
	struct imon_record *rec;

	rec = record_new(q, slot, STEP_OBJECT, old_len + new_len);
	if (!rec)
		return false;
	if ((old && imon_path_copy(rec->names, old, &ev->old, view)) ||
	    (new && imon_path_copy(rec->names + old_len, new, &ev->new, view))) {
		kfree(rec);
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
static int post_rename(struct imon_queue *q, struct imon_slot *slot,
		       const struct imon_event *ev, const struct imon_hit *old,
		       const struct imon_hit *new, const struct imon_view *view)
{
	u32 mask = ev->mask & slot->want, subtree = 0;

	if (S_ISDIR(ev->type)) {
		slot->gen++;
		subtree = IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;
	} else {
		seal(q, slot, &ev->old, old, view);
		seal(q, slot, &ev->new, new, view);
	}
	if (!old)
		mask |= subtree;
	if (rename_record(q, slot, ev, mask, old, new, view))
		return 0;

	q->stats.degraded++;
	if (old && post_ladder(q, slot, ev, IMON_EVENT_DELETE | subtree, ev->old,
			       old, view))
		goto all;
	if (new && post_ladder(q, slot, ev, IMON_EVENT_CREATE | subtree, ev->new,
			       new, view))
		goto all;
	return 0;
all:
	imon_queue_mark_root(q, slot, IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE);
	return 0;
}

/* The whole tree will be scanned after this moment: nothing can add to it. */
static bool all_dirty(const struct imon_queue *q, const struct imon_slot *slot)
{
	return !list_empty(&slot->root.list) && !imon_queue_in_flight(q, &slot->root) &&
	       slot->root.mask & IMON_EVENT_RECURSIVE;
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
 * Return: 0, or -ESTALE when something moved since the walk; then nothing
 * was done.
 */
int imon_queue_post(struct imon_queue *q, struct imon_slot *slot,
		    const struct imon_event *ev, const struct imon_hit *old,
		    const struct imon_hit *new, const struct imon_view *view,
		    bool *wake)
{
	int err = 0;

	spin_lock(&q->lock);
	if (slot->dead)
		goto out;
	if (all_dirty(q, slot))
		q->stats.degraded++;
	else if (imon_view_stale(view))
		err = -ESTALE;
	else if (ev->mask & IMON_EVENT_RENAME)
		err = post_rename(q, slot, ev, old, new, view);
	else
		err = post_ladder(q, slot, ev, ev->mask & slot->want,
				  ev->old, old, view);
	*wake = imon_queue_tell(q);
out:
	spin_unlock(&q->lock);
	return err;
}

