// SPDX-License-Identifier: GPL-2.0
/*
 * Where the way up from a directory leads: who makes a file there names it, fills
 * it and makes the next, and for each event the way is the same.
 *
 * A route says: "from this directory up there is this root and no other", or
 * none. It is made of a climb that went all the way; each processor has a few of
 * its own. It holds as long as all of this does:
 *
 * THE DIRECTORY IS THE SAME. Nobody holds its dentry, so another may have the
 * address by now; but not before a grace period of RCU has passed since the
 * route was made, by somebody who had the dentry in use (as in repeat.c).
 *
 * IT IS WHERE IT WAS, and so is all above it: rename_lock's sequence in the view
 * is the one of the climb.
 *
 * NO ROOT HAS COME OR GONE, nor has a directory become excluded: imon_roots in
 * the view is what it was. A root that goes leaves the table first, changes
 * imon_roots next, and is freed only after all who may have seen the old value
 * have left fsnotify's SRCU section. A root that comes changes it when its mark
 * is there for climbs to see.
 *
 * A place that is a root itself has no route, nor has one in several trees, or
 * below an excluded directory.
 *
 * LOCKING: Called within a view. A processor's routes are for whoever runs on it
 * with preemption off; nothing here sleeps or waits.
 */
#include <linux/fsnotify_backend.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/stringhash.h>

#include "path.h"
#include "route.h"

#define ROUTES_BITS 4

/**
 * struct route - the way up from a directory
 * @dir: only compared. NULL: there is no route
 * @above: what it leads to, with the directory's part of key and length
 * @seq: rename_lock's sequence
 * @roots: imon_roots
 * @grace: a point in time when @dir was in use
 */
struct route {
	const struct dentry *dir;
	struct imon_hit above;
	unsigned int seq;
	int roots;
	struct rcu_gp_seq grace;
};

static DEFINE_PER_CPU(struct route[1 << ROUTES_BITS], routes);

/* With preemption off. */
static struct route *route_of(const struct dentry *dir)
{
	return this_cpu_ptr(&routes[hash_ptr(dir, ROUTES_BITS)]);
}

static const struct dentry *dir_of(const struct imon_place *place)
{
	return place->name ? place->dentry : READ_ONCE(place->dentry->d_parent);
}

static u64 last_name(const struct imon_place *place)
{
	const struct qstr *name = place->name ?: &place->dentry->d_name;

	return READ_ONCE(name->hash_len);
}

/* What a place itself is; NULL: it is a name. */
static const struct inode *inode_of(const struct imon_place *place)
{
	return place->name ? NULL : READ_ONCE(place->dentry->d_inode);
}

static bool is_root(const struct inode *inode)
{
	return inode && READ_ONCE(inode->i_fsnotify_mask) & IMON_ROOT_BIT;
}

/**
 * imon_route_find() - what a climb would find, if that is known
 * @hit: the only root; its @root is NULL if there is none
 * @place: the place
 * @view: the view
 */
bool imon_route_find(struct imon_hit *hit, const struct imon_place *place,
		     const struct imon_view *view)
{
	const struct dentry *dir = dir_of(place);
	u64 name = last_name(place);
	struct route *route;
	bool known;

	if (view->locked || is_root(inode_of(place)))
		return false;
	preempt_disable();
	route = route_of(dir);
	known = route->dir == dir && route->seq == view->seq &&
		route->roots == view->roots &&
		!poll_state_synchronize_rcu_full(&route->grace);
	if (known)
		*hit = route->above;
	preempt_enable();
	if (known) {
		hit->key += imon_name_key(name);
		hit->len += hashlen_len(name);
	}
	return known;
}

/**
 * imon_route_note() - a climb is over
 * @place: where it began
 * @hit: the only root it has found; its @root is NULL if there is none
 * @view: the view
 */
void imon_route_note(const struct imon_place *place, const struct imon_hit *hit,
		     const struct imon_view *view)
{
	u64 name = last_name(place);
	struct route *route;

	if (view->locked || (hit->root && hit->top == inode_of(place)))
		return;
	preempt_disable();
	route = route_of(dir_of(place));
	route->dir = dir_of(place);
	route->above = *hit;
	route->above.key -= imon_name_key(name);
	route->above.len -= hashlen_len(name);
	route->seq = view->seq;
	route->roots = view->roots;
	get_state_synchronize_rcu_full(&route->grace);
	preempt_enable();
}
