// SPDX-License-Identifier: GPL-2.0
/*
 * Where events come from: an fsnotify group with a mark on each superblock
 * that has trees, and one on the inode of each root.
 *
 * REFCNT: A source is freed with its mark. Each root on the filesystem holds
 * a reference to the mark and counts in source->roots. An umount waits for
 * references to marks, so none is kept for longer than its root's mark is.
 *
 * LOCKING: sources_lock guards the list of sources and their counts.
 * imon_config serialises the making of sources and their removal for want of
 * roots; what the VFS calls (freeing_mark, in an umount or a rmdir) takes
 * spinlocks only.
 *
 * LIFETIME: A source loses its mark when the filesystem is unmounted, or, by
 * the reaper, when its last root has gone: that may be in a callback, where a
 * mark cannot be removed. When imon_source_exit() returns, no callback runs:
 * the group is freed after its last mark, and a mark after the SRCU grace
 * period of those who may have seen it.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/magic.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "monitor.h"
#include "source.h"
#include "watch.h"

/*
 * No FS_EVENT_ON_CHILD: the data of an event names its object already, and
 * the flag makes every event pay for a look at the parent.
 */
#define SB_MASK (FS_MODIFY | FS_ATTRIB | FS_CLOSE_WRITE | FS_CREATE | \
		 FS_DELETE | FS_RENAME)

/* Further names of a changed inode that are looked at. */
#define ALIASES_MAX 8

/**
 * struct imon_source - a filesystem with trees on it
 * @mark: on the superblock
 * @node: in the list of sources; sources_lock
 * @roots: roots on it; sources_lock
 */
struct imon_source {
	struct fsnotify_mark mark;
	struct list_head node;
	unsigned int roots;
};

static LIST_HEAD(sources);
static DEFINE_SPINLOCK(sources_lock);
static struct fsnotify_group *group;
static DECLARE_COMPLETION(group_freed);

static void reap_sources(struct work_struct *work);
static DECLARE_WORK(reaper, reap_sources);

void imon_source_init_mark(struct fsnotify_mark *mark, u32 mask)
{
	fsnotify_init_mark(mark, group);
	mark->mask = mask;
}

/** imon_source_remove_mark() - take a mark off; the caller has a reference */
void imon_source_remove_mark(struct fsnotify_mark *mark)
{
	fsnotify_destroy_mark(mark, group);
}

static struct imon_source *source_new(struct super_block *sb)
{
	struct imon_source *source;
	int err;

	source = kzalloc(sizeof(*source), GFP_KERNEL_ACCOUNT);
	if (!source)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&source->node);
	source->roots = 1;
	imon_source_init_mark(&source->mark, SB_MASK);

	spin_lock(&sources_lock);
	list_add(&source->node, &sources);
	spin_unlock(&sources_lock);

	err = fsnotify_add_mark(&source->mark, sb, FSNOTIFY_OBJ_TYPE_SB, 0);
	if (err) {
		spin_lock(&sources_lock);
		list_del_init(&source->node);
		spin_unlock(&sources_lock);
		fsnotify_put_mark(&source->mark);
		return ERR_PTR(err);
	}
	return source;
}

/**
 * imon_source_get() - the source of a filesystem, for one more root
 * @sb: its superblock, which the caller keeps mounted; imon_config is held
 *
 * Return: the source, to be given back with imon_source_put(), or an error
 * pointer.
 */
struct imon_source *imon_source_get(struct super_block *sb)
{
	struct fsnotify_mark *mark;
	struct imon_source *source;

	lockdep_assert_held(&imon_config);
	mark = fsnotify_find_mark(sb, FSNOTIFY_OBJ_TYPE_SB, group);
	if (!mark)
		return source_new(sb);

	source = container_of(mark, struct imon_source, mark);
	spin_lock(&sources_lock);
	source->roots++;
	spin_unlock(&sources_lock);
	return source;
}

/** imon_source_put() - a root has gone; from any context that may sleep */
void imon_source_put(struct imon_source *source)
{
	spin_lock(&sources_lock);
	if (!--source->roots)
		schedule_work(&reaper);
	spin_unlock(&sources_lock);
	fsnotify_put_mark(&source->mark);
}

u32 imon_source_count(void)
{
	struct imon_source *source;
	u32 n = 0;

	spin_lock(&sources_lock);
	list_for_each_entry(source, &sources, node)
		n++;
	spin_unlock(&sources_lock);
	return n;
}

/* Takes one source off the list, with a reference; @all: even a used one. */
static struct imon_source *source_take(bool all)
{
	struct imon_source *source, *found = NULL;

	spin_lock(&sources_lock);
	list_for_each_entry(source, &sources, node) {
		if (all || !source->roots) {
			list_del_init(&source->node);
			refcount_inc(&source->mark.refcnt);
			found = source;
			break;
		}
	}
	spin_unlock(&sources_lock);
	return found;
}

static void remove_sources(bool all)
{
	struct imon_source *source;

	while ((source = source_take(all))) {
		imon_source_remove_mark(&source->mark);
		fsnotify_put_mark(&source->mark);
	}
}

static void reap_sources(struct work_struct *work)
{
	mutex_lock(&imon_config);
	remove_sources(false);
	mutex_unlock(&imon_config);
}

static bool is_root_mark(const struct fsnotify_mark *mark)
{
	return mark->mask == IMON_ROOT_BIT;
}

/* Exactly once for every attached mark; may sleep; holds a reference. */
static void freeing_mark(struct fsnotify_mark *mark, struct fsnotify_group *g)
{
	struct imon_source *source;
	struct imon_root *root;

	if (is_root_mark(mark)) {
		root = container_of(mark, struct imon_root, mark);
		imon_root_gone(root, !root->inode->i_nlink);
		return;
	}
	source = container_of(mark, struct imon_source, mark);
	spin_lock(&sources_lock);
	list_del_init(&source->node);
	spin_unlock(&sources_lock);
}

static void free_mark(struct fsnotify_mark *mark)
{
	if (is_root_mark(mark))
		kfree_rcu(container_of(mark, struct imon_root, mark), rcu);
	else
		kfree(container_of(mark, struct imon_source, mark));
}

static void free_group_priv(struct fsnotify_group *g)
{
	complete(&group_freed);
}

/* Whether a dentry tells where its object is. */
static bool has_place(const struct dentry *dentry)
{
	return !d_unhashed(dentry) || dentry == dentry->d_sb->s_root;
}

/*
 * The names of an inode that are in use and in memory, each with a reference;
 * at most ALIASES_MAX. Names that are not in memory nobody knows: that is
 * what IMON_EVENT_MULTILINK is for.
 */
static unsigned int get_aliases(struct inode *inode, struct dentry **alias)
{
	struct dentry *dentry;
	unsigned int n = 0;

	spin_lock(&inode->i_lock);
	hlist_for_each_entry(dentry, &inode->i_dentry, d_alias) {
		spin_lock(&dentry->d_lock);
		if (!d_unhashed(dentry) && n < ALIASES_MAX)
			alias[n++] = dget_dlock(dentry);
		spin_unlock(&dentry->d_lock);
	}
	spin_unlock(&inode->i_lock);
	return n;
}

/* An object under every name of it that is known, but not under @except. */
static unsigned int report_aliases(struct imon_event *ev, struct inode *inode,
				   const struct dentry *except)
{
	struct dentry *alias[ALIASES_MAX];
	unsigned int i, n = get_aliases(inode, alias);

	for (i = 0; i < n; i++) {
		ev->old.dentry = alias[i];
		if (alias[i] != except)
			imon_event_report(ev);
		dput(alias[i]);
	}
	return n;
}

/* Changes of an object: content and attributes. */
static void object_event(struct imon_event *ev, struct inode *inode,
			 struct dentry *dentry)
{
	if (dentry && has_place(dentry)) {
		ev->old.dentry = dentry;
		imon_event_report(ev);
		if (unlikely(ev->mask & IMON_EVENT_MULTILINK))
			report_aliases(ev, inode, dentry);
		return;
	}
	/* Nobody will ever see what happens to a deleted file. */
	if (!inode->i_nlink)
		return;
	/*
	 * An inode that came without a dentry only had its link count changed;
	 * the name that did it is in an event of its own.
	 */
	if (!report_aliases(ev, inode, NULL) && dentry)
		imon_event_lost(ev);
}

/* Changes of names; the directory is locked by the caller. */
static void name_event(struct imon_event *ev, struct inode *dir,
		       const struct qstr *name, struct dentry *moved)
{
	struct dentry *parent = d_find_any_alias(dir);

	if (unlikely(!parent)) {
		imon_event_lost(ev);
		return;
	}
	ev->old.dentry = parent;
	ev->old.name = name;
	if (moved)
		ev->new.dentry = moved;
	imon_event_report(ev);
	dput(parent);
}

/*
 * A btrfs subvolume appears in a single event, but a snapshot is born with
 * all that is in it. Its root is inode 256 (BTRFS_FIRST_FREE_OBJECTID).
 */
static bool born_full(const struct inode *inode)
{
	return inode && S_ISDIR(inode->i_mode) && inode->i_ino == 256 &&
	       inode->i_sb->s_magic == BTRFS_SUPER_MAGIC;
}

static void fill(struct imon_event *ev, u32 mask, const struct inode *inode)
{
	if (mask & FS_MODIFY)
		ev->mask |= IMON_EVENT_MODIFY;
	if (mask & FS_CLOSE_WRITE)
		ev->mask |= IMON_EVENT_CLOSE_WRITE;
	if (mask & FS_ATTRIB)
		ev->mask |= IMON_EVENT_ATTRIB;
	if (mask & FS_CREATE)
		ev->mask |= IMON_EVENT_CREATE;
	if (mask & FS_DELETE)
		ev->mask |= IMON_EVENT_DELETE;
	if (mask & FS_RENAME)
		ev->mask |= IMON_EVENT_RENAME;

	if (inode) {
		ev->type = inode->i_mode & S_IFMT;
		ev->ino = inode->i_ino;
		if (inode->i_nlink > 1 && !S_ISDIR(inode->i_mode))
			ev->mask |= IMON_EVENT_MULTILINK;
	} else if (mask & FS_ISDIR) {
		ev->type = S_IFDIR;
	}
}

/*
 * In the task that made the change, which holds locks of the VFS; nothing
 * here may wait for one. A reader of SRCU: marks and roots stay.
 */
static int handle_event(struct fsnotify_group *g, u32 mask, const void *data,
			int data_type, struct inode *dir,
			const struct qstr *name, u32 cookie,
			struct fsnotify_iter_info *iter_info)
{
	struct inode *inode = fsnotify_data_inode(data, data_type);
	struct dentry *dentry = fsnotify_data_dentry(data, data_type);
	struct imon_event ev = {
		.sb = fsnotify_data_sb(data, data_type),
	};

	if (!ev.sb && dir)
		ev.sb = dir->i_sb;
	fill(&ev, mask, inode);
	if (mask & FS_DELETE_SELF) {
		imon_root_tell(inode, IMON_EVENT_ROOT_DELETED);
	} else if (mask & FS_RENAME) {
		name_event(&ev, dir, name, dentry);
		if (inode)
			imon_root_tell(inode, IMON_EVENT_ROOT_MOVED);
	} else if (mask & FS_DELETE) {
		name_event(&ev, dir, name, NULL);
		if (inode && S_ISDIR(inode->i_mode))
			imon_root_tell(inode, IMON_EVENT_ROOT_DELETED);
	} else if (mask & FS_CREATE) {
		if (born_full(inode))
			ev.mask |= IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;
		/* A link comes with the inode that got a further name. */
		if (!dentry)
			ev.mask |= IMON_EVENT_LINK;
		name_event(&ev, dir, name, NULL);
	} else {
		object_event(&ev, inode, dentry);
	}
	return 0;
}

static const struct fsnotify_ops ops = {
	.handle_event = handle_event,
	.freeing_mark = freeing_mark,
	.free_mark = free_mark,
	.free_group_priv = free_group_priv,
};

int imon_source_init(void)
{
	group = fsnotify_alloc_group(&ops, FSNOTIFY_GROUP_NOFS);
	return PTR_ERR_OR_ZERO(group);
}

/** imon_source_exit() - end all callbacks; the monitors are gone already */
void imon_source_exit(void)
{
	mutex_lock(&imon_config);
	remove_sources(true);
	mutex_unlock(&imon_config);

	fsnotify_put_group(group);
	/* Marks that an umount is removing right now keep the group. */
	wait_for_completion(&group_freed);
	fsnotify_wait_marks_destroyed();
	cancel_work_sync(&reaper);
	rcu_barrier();
}
