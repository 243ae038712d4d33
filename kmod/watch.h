/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_WATCH_H
#define _IMON_WATCH_H

#include <linux/fs.h>
#include <linux/types.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "queue.h"

struct imon_monitor;
struct netlink_ext_ack;

/**
 * struct imon_watch - one monitor's interest in something
 * @slot: its place in the queue; also its id, scope and state
 * @monitor: whose queue it fills
 *
 * The head of a struct imon_tree or a struct imon_object, which the scope
 * tells apart.
 */
struct imon_watch {
	struct imon_slot slot;
	struct imon_monitor *monitor;
};

/**
 * struct imon_watch_wish - what a watch is made from
 * @inode: what to watch; the caller keeps it and its mount
 * @scope: IMON_SCOPE_*
 * @mask: IMON_EVENT_* wanted, of those that can be asked for
 * @label: of a tree, for listings
 */
struct imon_watch_wish {
	struct inode *inode;
	u32 scope;
	u32 mask;
	const char *label;
};

static inline u32 imon_watch_id(const struct imon_watch *watch)
{
	return watch->slot.root.watch;
}

/* What the user asked for. */
static inline u32 imon_watch_mask(const struct imon_watch *watch)
{
	return watch->slot.want & IMON_EVENT_ASKABLE;
}

/* Both kinds embed a watch; the scope does not change. */
static inline bool imon_watch_is_tree(const struct imon_watch *watch)
{
	return watch->slot.scope == IMON_SCOPE_TREE;
}

struct imon_watch *imon_watch_add(struct imon_monitor *monitor,
				  const struct imon_watch_wish *wish,
				  struct netlink_ext_ack *extack);
void imon_watch_del(struct imon_watch *watch);
void imon_watch_del_all(struct imon_monitor *monitor);
struct imon_watch *imon_watch_find(const struct imon_monitor *monitor, u32 id);
struct imon_watch *imon_watch_next(const struct imon_monitor *monitor,
				   unsigned long *id);
u32 imon_watch_count(void);
u32 imon_watch_dev(const struct imon_watch *watch);

#endif
