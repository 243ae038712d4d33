/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_TREE_H
#define _IMON_TREE_H

#include <linux/fsnotify_backend.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include "path.h"
#include "source.h"
#include "watch.h"

/**
 * struct imon_root - a directory that is the root of trees, or excluded
 * @mark: on the inode; pins it, and brings the news of its end
 * @node: in the table of roots, by inode; roots_lock, RCU
 * @source_node: in the filesystem's list; roots_lock, RCU
 * @inode: the directory; good while @mark is attached
 * @source: its filesystem
 * @trees: struct imon_tree.root_node; roots_lock, RCU
 * @excludes: struct imon_exclude.root_node; roots_lock, RCU
 * @rcu: frees it
 */
struct imon_root {
	struct fsnotify_mark mark;
	struct hlist_node node;
	struct list_head source_node;
	struct inode *inode;
	struct imon_source *source;
	struct list_head trees;
	struct list_head excludes;
	struct rcu_head rcu;
};

/**
 * struct imon_tree - a watch of a tree
 * @watch: what all watches have
 * @dev: device number of the filesystem, for listings
 * @nr_excludes: members of @excludes; roots_lock
 * @root: NULL once the root is gone; roots_lock
 * @feed: what it asks for, while there is a root, or NULL; roots_lock
 * @root_node: in @root->trees
 * @excludes: struct imon_exclude.tree_node; roots_lock
 * @rcu: frees it
 * @label: shown in listings
 */
struct imon_tree {
	struct imon_watch watch;
	u32 dev;
	u32 nr_excludes;
	struct imon_root *root;
	struct imon_source *feed[IMON_FEEDS];
	struct list_head root_node;
	struct list_head excludes;
	struct rcu_head rcu;
	char label[];
};

#define imon_tree(w) container_of(w, struct imon_tree, watch)

struct imon_watch *imon_tree_alloc(const struct imon_watch_wish *wish);
void imon_tree_free(struct imon_watch *watch);
int imon_tree_attach(struct imon_watch *watch, struct inode *inode);
void imon_tree_detach(struct imon_watch *watch);
bool imon_tree_watched(const struct imon_monitor *monitor,
		       const struct inode *inode);
int imon_tree_exclude(struct imon_tree *tree, struct dentry *dir,
		      struct netlink_ext_ack *extack);
int imon_tree_include(struct imon_tree *tree, const struct inode *dir);
bool imon_tree_excluded(const struct imon_tree *tree,
			const struct imon_place *place);

struct imon_root *imon_root_find(const struct inode *inode);
void imon_root_moved(const struct inode *inode);
void imon_root_deleted(const struct inode *inode);
void imon_root_scan_all(const struct imon_source *source, bool nameless);
void imon_root_gone(struct imon_root *root);

#endif
