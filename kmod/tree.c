// SPDX-License-Identifier: GPL-2.0
/*
 * Watches of trees, the roots they are on, and what is excluded from them.
 *
 * REFCNT: A root lives as long as its inode mark: the reference of the first
 * is the group's, dropped when the mark is detached. Whoever wants to use a
 * root outside of a callback or RCU takes one of its own, under roots_lock
 * and only while a tree or an exclusion still points to it.
 *
 * LOCKING: imon_config (monitor.h) serialises adding and removing. roots_lock
 * guards the table, the lists of trees and exclusions, and what points to a
 * root; it nests outside a queue's lock and sources_lock. Walks read the table
 * and the lists under RCU alone, inside a callback of fsnotify, that is, within
 * its SRCU section as well.
 *
 * LIFETIME: A root ends when its last user is removed, and then leaves the
 * table at once; or in freeing_mark (imon_root_gone), when the directory was
 * removed or the filesystem is being unmounted. Its trees stay, without a
 * root, until their monitor removes them; its exclusions go. Its memory goes
 * when the mark's does, after all callbacks that may have seen it.
 */
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <uapi/linux/imon.h>

#include "monitor.h"
#include "repeat.h"
#include "source.h"
#include "tree.h"

#define ROOTS_BITS 12

/**
 * struct imon_exclude - a directory below which one tree does not look
 * @tree: the tree
 * @root: the directory; roots_lock
 * @root_node: in @root->excludes; roots_lock, RCU
 * @tree_node: in @tree->excludes; roots_lock
 * @rcu: frees it
 */
struct imon_exclude {
	struct imon_tree *tree;
	struct imon_root *root;
	struct list_head root_node;
	struct list_head tree_node;
	struct rcu_head rcu;
};

static DEFINE_HASHTABLE(roots, ROOTS_BITS);
static DEFINE_SPINLOCK(roots_lock);

/** imon_root_find() - the root that a directory is, or NULL; under RCU */
struct imon_root *imon_root_find(const struct inode *inode)
{
	struct imon_root *root;

	hash_for_each_possible_rcu(roots, root, node, (unsigned long)inode)
		if (root->inode == inode)
			return root;
	return NULL;
}

static void tell_trees(const struct imon_root *root, u32 what)
{
	struct imon_tree *tree;

	list_for_each_entry_rcu(tree, &root->trees, root_node)
		imon_monitor_post_root(&tree->watch, what);
}

/**
 * imon_root_moved() - tell the trees of a directory that it was renamed
 * @inode: a directory, which need not be a root
 */
void imon_root_moved(const struct inode *inode)
{
	struct imon_root *root;

	if (!(READ_ONCE(inode->i_fsnotify_mask) & IMON_ROOT_BIT))
		return;
	rcu_read_lock();
	root = imon_root_find(inode);
	if (root)
		tell_trees(root, IMON_EVENT_ROOT_MOVED);
	rcu_read_unlock();
}

/**
 * imon_root_deleted() - a directory was removed
 * @inode: the directory, which need not be a root
 *
 * Its inode, and the mark on it, stay for as long as somebody has it open.
 */
void imon_root_deleted(const struct inode *inode)
{
	struct imon_tree *tree;
	struct imon_root *root;

	if (!(READ_ONCE(inode->i_fsnotify_mask) & IMON_ROOT_BIT))
		return;
	rcu_read_lock();
	root = imon_root_find(inode);
	if (root)
		list_for_each_entry_rcu(tree, &root->trees, root_node)
			imon_monitor_end_watch(&tree->watch,
					       IMON_WATCH_STATE_DELETED);
	rcu_read_unlock();
}

/**
 * imon_root_scan_all() - make the trees of a filesystem dirty
 * @source: the filesystem
 * @nameless: only those whose root has no path that is in memory
 */
void imon_root_scan_all(const struct imon_source *source, bool nameless)
{
	struct imon_root *root;

	rcu_read_lock();
	list_for_each_entry_rcu(root, &source->roots, source_node)
		if (!nameless || !imon_path_known(root->inode))
			tell_trees(root, IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE);
	rcu_read_unlock();
}

/* Takes a tree off its root. */
static void unroot(struct imon_tree *tree)
{
	enum imon_feed feed;

	lockdep_assert_held(&roots_lock);
	tree->root = NULL;
	list_del_rcu(&tree->root_node);
	for (feed = 0; feed < IMON_FEEDS; feed++) {
		if (tree->feed[feed])
			imon_source_put(tree->feed[feed],
					imon_watch_mask(&tree->watch));
		tree->feed[feed] = NULL;
	}
}

static void exclude_drop(struct imon_exclude *exclude)
{
	lockdep_assert_held(&roots_lock);
	list_del_rcu(&exclude->root_node);
	list_del(&exclude->tree_node);
	WRITE_ONCE(exclude->tree->nr_excludes, exclude->tree->nr_excludes - 1);
	imon_repeat_forget();
	kfree_rcu(exclude, rcu);
}

/* No walk finds it any more. */
static void root_unlist(struct imon_root *root)
{
	lockdep_assert_held(&roots_lock);
	if (hlist_unhashed(&root->node))
		return;
	hlist_del_init_rcu(&root->node);
	list_del_rcu(&root->source_node);
	atomic_inc_return(&imon_roots);
}

/**
 * imon_root_gone() - a root's mark is on its way out
 * @root: the root
 *
 * Called exactly once for each root, from freeing_mark. If its last user was
 * removed, an umount may have overtaken us: the inode is not looked at then.
 */
void imon_root_gone(struct imon_root *root)
{
	struct imon_exclude *exclude, *next_exclude;
	struct imon_tree *tree, *next;
	u8 state;

	spin_lock(&roots_lock);
	root_unlist(root);
	list_for_each_entry_safe(exclude, next_exclude, &root->excludes, root_node)
		exclude_drop(exclude);
	list_for_each_entry_safe(tree, next, &root->trees, root_node) {
		/*
		 * We did not remove the mark, or there would be no tree; who
		 * did has the inode.
		 */
		state = root->inode->i_nlink ? IMON_WATCH_STATE_UNMOUNTED :
					       IMON_WATCH_STATE_DELETED;
		imon_monitor_end_watch(&tree->watch, state);
		unroot(tree);
	}
	spin_unlock(&roots_lock);
	imon_source_put(root->source, 0);
}

/* Who uses a root: a tree, or its exclusion of the directory. */
static void root_link(struct imon_root *root, struct imon_tree *tree,
		      struct imon_exclude *exclude)
{
	if (!exclude) {
		tree->root = root;
		list_add_tail_rcu(&tree->root_node, &root->trees);
		return;
	}
	exclude->tree = tree;
	exclude->root = root;
	list_add_tail(&exclude->tree_node, &tree->excludes);
	list_add_tail_rcu(&exclude->root_node, &root->excludes);
	WRITE_ONCE(tree->nr_excludes, tree->nr_excludes + 1);
}

static struct imon_root *root_new(struct inode *inode)
{
	struct imon_root *root = kzalloc(sizeof(*root), GFP_KERNEL_ACCOUNT);
	struct imon_source *source;

	if (!root)
		return ERR_PTR(-ENOMEM);
	source = imon_source_get(inode->i_sb, IMON_FEED_CHANGE, 0);
	if (IS_ERR(source)) {
		kfree(root);
		return ERR_CAST(source);
	}
	root->source = source;
	imon_source_init_root_mark(&root->mark);
	root->inode = inode;
	INIT_LIST_HEAD(&root->trees);
	INIT_LIST_HEAD(&root->excludes);
	return root;
}

/* Puts a mark on the directory of a new root, or forgets about it. */
static int root_mark(struct imon_root *root, struct imon_tree *tree,
		     struct imon_exclude *exclude)
{
	int err = fsnotify_add_mark(&root->mark, root->inode,
				    FSNOTIFY_OBJ_TYPE_INODE, 0);

	if (!err)
		return 0;
	spin_lock(&roots_lock);
	root_unlist(root);
	if (exclude)
		exclude_drop(exclude);
	else
		unroot(tree);
	spin_unlock(&roots_lock);
	imon_source_put(root->source, 0);
	return err;
}

/*
 * Makes a directory the root of a tree, or excluded from one. Takes @exclude,
 * and frees it on failure.
 */
static int root_join(struct inode *inode, struct imon_tree *tree,
		     struct imon_exclude *exclude)
{
	struct imon_root *root = root_new(inode), *old;
	int err = 0;

	if (IS_ERR(root)) {
		kfree(exclude);
		return PTR_ERR(root);
	}
	rcu_read_lock();
	spin_lock(&roots_lock);
	old = imon_root_find(inode);
	if (!old) {
		hash_add_rcu(roots, &root->node, (unsigned long)inode);
		list_add_rcu(&root->source_node, &root->source->roots);
	}
	root_link(old ?: root, tree, exclude);
	spin_unlock(&roots_lock);
	rcu_read_unlock();

	if (old)
		imon_source_put(root->source, 0);
	else
		err = root_mark(root, tree, exclude);
	atomic_inc_return(&imon_roots);
	/* Ours; the group has its own since the mark is attached. */
	fsnotify_put_mark(&root->mark);
	return err;
}

/* Drops the lock; removes the root's mark when that has no user any more. */
static void root_release(struct imon_root *root)
	__releases(roots_lock)
{
	bool empty = root && list_empty(&root->trees) &&
		     list_empty(&root->excludes);

	if (empty) {
		/* imon_root_gone() has not run, so the mark is there. */
		refcount_inc(&root->mark.refcnt);
		root_unlist(root);
	}
	spin_unlock(&roots_lock);
	if (empty) {
		imon_source_remove_root_mark(&root->mark);
		fsnotify_put_mark(&root->mark);
	}
}

/* Lets a tree have what it asks for. */
static int tree_feed(struct imon_tree *tree, struct super_block *sb,
		     enum imon_feed feed)
{
	u32 want = imon_watch_mask(&tree->watch);
	struct imon_source *source = imon_source_get(sb, feed, want);

	if (IS_ERR(source))
		return PTR_ERR(source);
	spin_lock(&roots_lock);
	if (tree->root)
		tree->feed[feed] = source;
	else
		imon_source_put(source, want);
	spin_unlock(&roots_lock);
	return 0;
}

/** imon_tree_alloc() - memory for a tree, or NULL */
struct imon_watch *imon_tree_alloc(const struct imon_watch_wish *wish)
{
	size_t size = strlen(wish->label) + 1;
	struct imon_tree *tree = kzalloc(struct_size(tree, label, size),
					 GFP_KERNEL_ACCOUNT);

	if (!tree)
		return NULL;
	tree->dev = wish->inode->i_sb->s_dev;
	INIT_LIST_HEAD(&tree->excludes);
	memcpy(tree->label, wish->label, size);
	return &tree->watch;
}

void imon_tree_free(struct imon_watch *watch)
{
	kfree_rcu(imon_tree(watch), rcu);
}

/** imon_tree_attach() - begin to watch; on failure imon_tree_detach() follows */
int imon_tree_attach(struct imon_watch *watch, struct inode *inode)
{
	struct imon_tree *tree = imon_tree(watch);
	int err;

	err = root_join(inode, tree, NULL) ?:
	      tree_feed(tree, inode->i_sb, IMON_FEED_CHANGE);
	if (!err && imon_watch_mask(watch) & IMON_EVENT_PROGRAM)
		err = tree_feed(tree, inode->i_sb, IMON_FEED_EXEC);
	return err;
}

/* Whether there was one. */
static bool exclude_remove(struct imon_tree *tree, const struct inode *dir)
{
	struct imon_exclude *exclude;
	struct imon_root *root;

	spin_lock(&roots_lock);
	list_for_each_entry(exclude, &tree->excludes, tree_node) {
		if (!dir || exclude->root->inode == dir) {
			root = exclude->root;
			exclude_drop(exclude);
			root_release(root);
			return true;
		}
	}
	spin_unlock(&roots_lock);
	return false;
}

/** imon_tree_detach() - stop watching */
void imon_tree_detach(struct imon_watch *watch)
{
	struct imon_tree *tree = imon_tree(watch);
	struct imon_root *root;

	while (exclude_remove(tree, NULL))
		;
	spin_lock(&roots_lock);
	root = tree->root;
	if (root)
		unroot(tree);
	root_release(root);
}

/** imon_tree_watched() - whether a monitor watches a tree already */
bool imon_tree_watched(const struct imon_monitor *monitor,
		       const struct inode *inode)
{
	struct imon_tree *tree;
	struct imon_root *root;
	bool found = false;

	rcu_read_lock();
	root = imon_root_find(inode);
	if (root)
		list_for_each_entry_rcu(tree, &root->trees, root_node)
			if (tree->watch.monitor == monitor)
				found = true;
	rcu_read_unlock();
	return found;
}

/* Whether a directory is below a tree's root. */
static bool tree_holds(const struct imon_tree *tree, struct dentry *dir)
{
	struct imon_place place = { .dentry = dir };
	const struct imon_hit *hit;
	struct imon_walk walk;
	struct imon_view view;
	bool inside;

	imon_view_begin(&view, true);
	imon_walk(&walk, &place);
	hit = imon_walk_find(&walk, READ_ONCE(tree->root));
	inside = hit && hit->len && !d_unlinked(dir);
	imon_view_end(&view);
	return inside;
}

static bool excluded_already(const struct imon_tree *tree, const struct inode *dir)
{
	struct imon_exclude *exclude;
	bool found = false;

	spin_lock(&roots_lock);
	list_for_each_entry(exclude, &tree->excludes, tree_node)
		if (exclude->root->inode == dir)
			found = true;
	spin_unlock(&roots_lock);
	return found;
}

/**
 * imon_tree_exclude() - leave out what is below a directory
 * @tree: the tree; imon_config is held
 * @dir: the directory; the caller keeps it and its mount
 * @extack: gets the sentence
 */
int imon_tree_exclude(struct imon_tree *tree, struct dentry *dir,
		      struct netlink_ext_ack *extack)
{
	struct imon_exclude *exclude;
	int err;

	lockdep_assert_held(&imon_config);
	if (!tree_holds(tree, dir)) {
		NL_SET_ERR_MSG(extack, "the directory is not inside the tree");
		return -EINVAL;
	}
	if (excluded_already(tree, d_inode(dir))) {
		NL_SET_ERR_MSG(extack, "the directory is excluded already");
		return -EEXIST;
	}
	exclude = kzalloc(sizeof(*exclude), GFP_KERNEL_ACCOUNT);
	if (!exclude) {
		NL_SET_ERR_MSG(extack, "no memory");
		return -ENOMEM;
	}
	err = root_join(d_inode(dir), tree, exclude);
	imon_repeat_forget();
	if (err)
		NL_SET_ERR_MSG(extack, "the directory takes no mark, or no memory");
	return err;
}

/** imon_tree_include() - take an exclusion back; -ENOENT: there is none */
int imon_tree_include(struct imon_tree *tree, const struct inode *dir)
{
	lockdep_assert_held(&imon_config);
	return exclude_remove(tree, dir) ? 0 : -ENOENT;
}

/**
 * imon_tree_excluded() - whether a place is below a directory left out of a tree
 * @tree: a tree that holds the place
 * @place: the place, which the view of the caller found there
 */
bool imon_tree_excluded(const struct imon_tree *tree, const struct imon_place *place)
{
	const struct imon_exclude *exclude;
	struct imon_climb at;
	struct imon_hit hit;

	imon_climb_start(&at, place);
	while (imon_climb_next(&at, &hit) && hit.root != READ_ONCE(tree->root)) {
		if (!hit.len)
			continue;
		list_for_each_entry_rcu(exclude, &hit.root->excludes, root_node)
			if (exclude->tree == tree)
				return true;
	}
	return false;
}
