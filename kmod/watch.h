/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_WATCH_H
#define _IMON_WATCH_H

#include <linux/fsnotify_backend.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include "path.h"
#include "queue.h"

struct imon_monitor;
struct imon_source;
struct netlink_ext_ack;

/**
 * struct imon_root - a directory that is the root of one or more trees
 * @mark: on the inode; pins it, and brings the news of its end
 * @node: in the table of roots, by inode; roots_lock, RCU
 * @inode: the directory; good while @mark is attached
 * @source: its filesystem; roots_lock
 * @watches: struct imon_watch.root_node; roots_lock, RCU
 * @rcu: frees it
 */
struct imon_root {
	struct fsnotify_mark mark;
	struct hlist_node node;
	struct inode *inode;
	struct imon_source *source;
	struct list_head watches;
	struct rcu_head rcu;
};

/**
 * struct imon_watch - one monitor's interest in one tree
 * @id: unique in the module
 * @mask: events wanted
 * @state: IMON_WATCH_STATE_*; roots_lock
 * @dev: device number of the filesystem, for listings
 * @ino: inode number of the root, for listings
 * @monitor: whose queue it fills
 * @root: NULL once the root is gone; roots_lock
 * @exec: the feed of programs, while there is a root and it is asked for;
 *	roots_lock
 * @root_node: in @root->watches
 * @monitor_node: in @monitor->watches; imon_config
 * @slot: its place in the queue
 * @rcu: frees it
 * @label: shown in listings
 */
struct imon_watch {
	u32 id;
	u32 mask;
	u32 state;
	u32 dev;
	u64 ino;
	struct imon_monitor *monitor;
	struct imon_root *root;
	struct imon_source *exec;
	struct list_head root_node;
	struct list_head monitor_node;
	struct imon_slot slot;
	struct rcu_head rcu;
	char label[];
};

void imon_watch_exit(void);

struct imon_watch *imon_watch_add(struct imon_monitor *monitor,
				  struct dentry *dir, u32 mask,
				  const char *label,
				  struct netlink_ext_ack *extack);
void imon_watch_del(struct imon_watch *watch);
struct imon_watch *imon_watch_find(const struct imon_monitor *monitor, u32 id);
struct imon_watch *imon_watch_next(unsigned long *id);
u32 imon_watch_count(void);

struct imon_root *imon_root_find(const struct inode *inode);
void imon_root_moved(const struct inode *inode);
void imon_root_deleted(const struct inode *inode);
void imon_root_tell_all(const struct super_block *sb, u32 what);
void imon_root_gone(struct imon_root *root);

#endif
