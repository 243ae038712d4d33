// SPDX-License-Identifier: GPL-2.0
/*
 * Watches, and the roots of the trees they are on.
 *
 * REFCNT: A root lives as long as its inode mark: the reference of the first
 * is the group's, dropped when the mark is detached. Whoever wants to use a
 * root outside of a callback or RCU takes one of its own, under roots_lock
 * and only while a watch still points to it.
 *
 * LOCKING: imon_config (monitor.h) serialises adding and removing. roots_lock
 * guards the table, the lists of watches and watch->root; it nests outside a
 * queue's lock. Walks read the table and the lists under RCU alone, inside a
 * callback of fsnotify, that is, within its SRCU section as well.
 *
 * LIFETIME: A root ends when its last watch is removed, and then leaves the
 * table at once; or in freeing_mark (imon_root_gone), when the directory was
 * removed or the filesystem is being unmounted. Its watches stay, without a
 * root, until their monitor removes them. Its memory goes when the mark's
 * does, after all callbacks that may have seen it. A watch's memory goes after
 * a grace period of RCU.
 */
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/kdev_t.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "monitor.h"
#include "source.h"
#include "watch.h"

#define ROOTS_BITS 12

static DEFINE_HASHTABLE(roots, ROOTS_BITS);
static DEFINE_SPINLOCK(roots_lock);

/* Hands out ids; imon_config. */
static DEFINE_XARRAY_ALLOC1(watch_ids);
static u32 watch_next;
static atomic_t watch_total = ATOMIC_INIT(0);

/** imon_watch_count() - watches that exist */
u32 imon_watch_count(void)
{
	return atomic_read(&watch_total);
}

/** imon_watch_find() - a watch of a monitor by id, or NULL */
struct imon_watch *imon_watch_find(const struct imon_monitor *monitor, u32 id)
{
	struct imon_watch *watch;

	lockdep_assert_held(&imon_config);
	watch = xa_load(&watch_ids, id);
	return watch && watch->monitor == monitor ? watch : NULL;
}

/** imon_watch_next() - the first with an id of at least @id, or NULL */
struct imon_watch *imon_watch_next(unsigned long *id)
{
	lockdep_assert_held(&imon_config);
	return xa_find(&watch_ids, id, ULONG_MAX, XA_PRESENT);
}

/** imon_root_find() - the root that a directory is, or NULL; under RCU */
struct imon_root *imon_root_find(const struct inode *inode)
{
	struct imon_root *root;

	hash_for_each_possible_rcu(roots, root, node, (unsigned long)inode)
		if (root->inode == inode)
			return root;
	return NULL;
}

static void tell_watches(const struct imon_root *root, u32 what)
{
	struct imon_watch *watch;

	list_for_each_entry_rcu(watch, &root->watches, root_node)
		imon_monitor_post_root(watch, what);
}

/**
 * imon_root_moved() - tell the watches on a directory that it was renamed
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
		tell_watches(root, IMON_EVENT_ROOT_MOVED);
	rcu_read_unlock();
}

/* The end of a watch is told once, however often it is heard of. */
static void end_watch(struct imon_watch *watch, u32 state, u32 what)
{
	lockdep_assert_held(&roots_lock);
	if (watch->state != IMON_WATCH_STATE_ACTIVE)
		return;
	watch->state = state;
	imon_monitor_post_root(watch, what);
}

/**
 * imon_root_deleted() - a directory was removed
 * @inode: the directory, which need not be a root
 *
 * Its inode, and the mark on it, stay for as long as somebody has it open.
 */
void imon_root_deleted(const struct inode *inode)
{
	struct imon_watch *watch;
	struct imon_root *root;

	if (!(READ_ONCE(inode->i_fsnotify_mask) & IMON_ROOT_BIT))
		return;
	rcu_read_lock();
	spin_lock(&roots_lock);
	root = imon_root_find(inode);
	if (root)
		list_for_each_entry(watch, &root->watches, root_node)
			end_watch(watch, IMON_WATCH_STATE_DELETED,
				  IMON_EVENT_ROOT_DELETED);
	spin_unlock(&roots_lock);
	rcu_read_unlock();
}

/** imon_root_tell_all() - tell every watch on a filesystem */
void imon_root_tell_all(const struct super_block *sb, u32 what)
{
	struct imon_root *root;
	unsigned int bucket;

	rcu_read_lock();
	hash_for_each_rcu(roots, bucket, root, node)
		if (root->inode->i_sb == sb)
			tell_watches(root, what);
	rcu_read_unlock();
}

/* Takes a watch off its root; what it returns is to be put. */
static struct imon_source *unroot(struct imon_watch *watch)
{
	struct imon_source *exec = watch->exec;

	watch->root = NULL;
	watch->exec = NULL;
	list_del_rcu(&watch->root_node);
	return exec;
}

/* What the end of a root's mark means, to a watch that is still on it. */
static void end_root_watch(const struct imon_root *root, struct imon_watch *watch)
{
	/*
	 * We did not remove the mark, or there would be no watch; who did has
	 * the inode.
	 */
	if (root->inode->i_nlink)
		end_watch(watch, IMON_WATCH_STATE_UNMOUNTED, IMON_EVENT_UNMOUNT);
	else
		end_watch(watch, IMON_WATCH_STATE_DELETED,
			  IMON_EVENT_ROOT_DELETED);
}

/**
 * imon_root_gone() - a root's mark is on its way out
 * @root: the root
 *
 * Called exactly once for each root, from freeing_mark. If its last watch was
 * removed, an umount may have overtaken us: the inode is not looked at then.
 */
void imon_root_gone(struct imon_root *root)
{
	struct imon_source *exec;
	struct imon_watch *watch;

	spin_lock(&roots_lock);
	hlist_del_init_rcu(&root->node);
	while ((watch = list_first_entry_or_null(&root->watches,
						 struct imon_watch, root_node))) {
		end_root_watch(root, watch);
		exec = unroot(watch);
		spin_unlock(&roots_lock);
		if (exec)
			imon_source_put(exec);
		spin_lock(&roots_lock);
	}
	spin_unlock(&roots_lock);
	imon_source_put(root->source);
}

/* Removes a root whose mark was never attached. */
static void root_forget(struct imon_root *root, struct imon_watch *watch)
{
	spin_lock(&roots_lock);
	hash_del_rcu(&root->node);
	unroot(watch);
	spin_unlock(&roots_lock);
}

/* Puts a watch on a directory's root, which is made when there is none. */
static int root_join(struct inode *inode, struct imon_watch *watch)
{
	struct imon_source *source;
	struct imon_root *root, *old;
	int err = 0;

	source = imon_source_get(inode->i_sb, IMON_FEED_CHANGE);
	if (IS_ERR(source))
		return PTR_ERR(source);

	root = kzalloc(sizeof(*root), GFP_KERNEL_ACCOUNT);
	if (!root) {
		imon_source_put(source);
		return -ENOMEM;
	}
	imon_source_init_root_mark(&root->mark);
	root->inode = inode;
	root->source = source;
	INIT_LIST_HEAD(&root->watches);

	rcu_read_lock();
	spin_lock(&roots_lock);
	old = imon_root_find(inode);
	if (!old)
		hash_add_rcu(roots, &root->node, (unsigned long)inode);
	watch->root = old ?: root;
	list_add_tail_rcu(&watch->root_node, &watch->root->watches);
	spin_unlock(&roots_lock);
	rcu_read_unlock();

	if (!old) {
		err = fsnotify_add_mark(&root->mark, inode,
					FSNOTIFY_OBJ_TYPE_INODE, 0);
		if (err)
			root_forget(root, watch);
	}
	if (old || err)
		imon_source_put(source);
	/* Ours; the group has its own since the mark is attached. */
	fsnotify_put_mark(&root->mark);
	return err;
}

/* Takes a watch off its root, and the root's mark off when it was the last. */
static void root_leave(struct imon_watch *watch)
{
	struct imon_root *root, *empty = NULL;
	struct imon_source *exec = NULL;

	spin_lock(&roots_lock);
	root = watch->root;
	if (root) {
		exec = unroot(watch);
		if (list_empty(&root->watches)) {
			/* imon_root_gone() has not run, so the mark is there. */
			refcount_inc(&root->mark.refcnt);
			hlist_del_init_rcu(&root->node);
			empty = root;
		}
	}
	spin_unlock(&roots_lock);
	if (exec)
		imon_source_put(exec);
	if (empty) {
		imon_source_remove_root_mark(&empty->mark);
		fsnotify_put_mark(&empty->mark);
	}
}

/* Lets a watch that asks for programs have them. */
static int feed_exec(struct inode *inode, struct imon_watch *watch)
{
	struct imon_source *source;
	bool gone;

	if (!(watch->mask & (IMON_EVENT_EXEC | IMON_EVENT_EXIT)))
		return 0;
	source = imon_source_get(inode->i_sb, IMON_FEED_EXEC);
	if (IS_ERR(source))
		return PTR_ERR(source);
	spin_lock(&roots_lock);
	gone = !watch->root;
	if (!gone)
		watch->exec = source;
	spin_unlock(&roots_lock);
	if (gone)
		imon_source_put(source);
	return 0;
}

static bool watched_already(const struct imon_monitor *monitor,
			    const struct inode *inode)
{
	struct imon_watch *watch;
	struct imon_root *root;
	bool found = false;

	rcu_read_lock();
	root = imon_root_find(inode);
	if (root)
		list_for_each_entry_rcu(watch, &root->watches, root_node)
			if (watch->monitor == monitor)
				found = true;
	rcu_read_unlock();
	return found;
}

static struct imon_watch *watch_new(struct imon_monitor *monitor,
				    struct inode *inode, u32 mask,
				    const char *label)
{
	size_t size = strlen(label) + 1;
	struct imon_watch *watch;
	int err;

	watch = kzalloc(struct_size(watch, label, size), GFP_KERNEL_ACCOUNT);
	if (!watch)
		return ERR_PTR(-ENOMEM);
	err = xa_alloc_cyclic(&watch_ids, &watch->id, watch, xa_limit_31b,
			      &watch_next, GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		kfree(watch);
		return ERR_PTR(err);
	}
	watch->monitor = monitor;
	watch->mask = mask;
	watch->state = IMON_WATCH_STATE_ACTIVE;
	watch->dev = inode->i_sb->s_dev;
	watch->ino = inode->i_ino;
	imon_slot_init(&watch->slot, watch->id, mask | ~IMON_EVENT_ASKABLE);
	memcpy(watch->label, label, size);
	return watch;
}

static void watch_free(struct imon_watch *watch)
{
	xa_erase(&watch_ids, watch->id);
	kfree_rcu(watch, rcu);
}

/* After this only readers under RCU know it. */
static void watch_detach(struct imon_watch *watch)
{
	root_leave(watch);
	imon_queue_drop_slot(&watch->monitor->queue, &watch->slot);
}

/**
 * imon_watch_add() - watch a tree
 * @monitor: whose queue is filled; imon_config is held
 * @dir: the root, with a reference and its mount
 * @mask: IMON_EVENT_* wanted
 * @label: for listings
 * @extack: gets the sentence
 *
 * Return: the watch, which @monitor has now, or an error pointer. When it
 * returns, every later change is reported.
 */
struct imon_watch *imon_watch_add(struct imon_monitor *monitor,
				  struct dentry *dir, u32 mask,
				  const char *label,
				  struct netlink_ext_ack *extack)
{
	struct inode *inode = d_inode(dir);
	struct imon_watch *watch;
	int err;

	lockdep_assert_held(&imon_config);
	if (watched_already(monitor, inode)) {
		NL_SET_ERR_MSG(extack, "the monitor watches this directory already");
		return ERR_PTR(-EEXIST);
	}
	watch = watch_new(monitor, inode, mask, label);
	if (IS_ERR(watch)) {
		NL_SET_ERR_MSG(extack, "no memory or no id for another watch");
		return watch;
	}
	err = root_join(inode, watch);
	if (!err)
		err = feed_exec(inode, watch);
	if (err)
		goto err_detach;
	/*
	 * A directory that was removed before the mark was on it will send no
	 * news; one that is removed from now on will.
	 */
	if (IS_DEADDIR(inode)) {
		err = -ENOENT;
		goto err_detach;
	}
	list_add_tail(&watch->monitor_node, &monitor->watches);
	monitor->nr_watches++;
	atomic_inc(&watch_total);
	return watch;

err_detach:
	watch_detach(watch);
	watch_free(watch);
	if (err == -ENOENT)
		NL_SET_ERR_MSG(extack, "the directory was removed");
	else
		NL_SET_ERR_MSG(extack, "the filesystem takes no marks, or no memory");
	return ERR_PTR(err);
}

/** imon_watch_del() - stop watching; imon_config is held */
void imon_watch_del(struct imon_watch *watch)
{
	lockdep_assert_held(&imon_config);
	list_del(&watch->monitor_node);
	watch->monitor->nr_watches--;
	atomic_dec(&watch_total);
	watch_detach(watch);
	watch_free(watch);
}

void imon_watch_exit(void)
{
	xa_destroy(&watch_ids);
}
