// SPDX-License-Identifier: GPL-2.0
/*
 * Where events come from: for each feed an fsnotify group, with a mark on
 * each superblock that somebody watches; and marks on the inodes of roots,
 * which are in the first group.
 *
 * REFCNT: A source is freed with its mark. Each user holds a reference to the
 * mark and counts in source->users. An umount does not wait for them: a mark
 * may outlive its superblock, and then only itself is still good.
 *
 * LOCKING: sources_lock guards the list of sources and their counts.
 * imon_config serialises the making of sources and their removal for want of
 * users; what the VFS calls (freeing_mark, in an umount or a rmdir) takes
 * spinlocks only.
 *
 * LIFETIME: A source loses its mark when the filesystem is unmounted, or, by
 * the reaper, when its last user has gone: that may be in a callback, where a
 * mark cannot be removed. When imon_source_exit() returns, no callback runs:
 * a group is freed after its last mark, and a mark after the SRCU grace
 * period of those who may have seen it.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <uapi/linux/imon.h>

#include "exec.h"
#include "hook.h"
#include "monitor.h"
#include "object.h"
#include "source.h"
#include "tree.h"

static LIST_HEAD(sources);
/* The list and its members' counts. */
static DEFINE_SPINLOCK(sources_lock);
static struct fsnotify_group *groups[IMON_FEEDS];
static DECLARE_COMPLETION(group_freed);

static void reap_sources(struct work_struct *work);
static DECLARE_WORK(reaper, reap_sources);

/*
 * No FS_EVENT_ON_CHILD: the data of an event names its object already, and
 * the flag makes every event pay for a look at the parent.
 */
static const u32 feed_mask[IMON_FEEDS] = {
	[IMON_FEED_CHANGE] = FS_MODIFY | FS_ATTRIB | FS_CLOSE_WRITE | FS_CREATE |
			     FS_DELETE | FS_RENAME,
	[IMON_FEED_EXEC] = FS_OPEN_EXEC | FS_CLOSE_NOWRITE,
};

static void init_mark(struct fsnotify_mark *mark, enum imon_feed feed, u32 mask)
{
	fsnotify_init_mark(mark, groups[feed]);
	mark->mask = mask;
}

void imon_source_init_root_mark(struct fsnotify_mark *mark)
{
	init_mark(mark, IMON_FEED_CHANGE, IMON_ROOT_BIT);
}

/** imon_source_remove_root_mark() - the caller has a reference to it */
void imon_source_remove_root_mark(struct fsnotify_mark *mark)
{
	fsnotify_destroy_mark(mark, groups[IMON_FEED_CHANGE]);
}

static void forget(struct imon_source *source)
{
	spin_lock(&sources_lock);
	list_del_init(&source->node);
	spin_unlock(&sources_lock);
}

static struct imon_source *source_new(struct super_block *sb, enum imon_feed feed)
{
	struct imon_source *source;
	int err;

	source = kzalloc(sizeof(*source), GFP_KERNEL_ACCOUNT);
	if (!source)
		return ERR_PTR(-ENOMEM);
	source->feed = feed;
	source->sb = sb;
	source->dev = sb->s_dev;
	source->users = 1;
	INIT_LIST_HEAD(&source->roots);
	init_mark(&source->mark, feed, feed_mask[feed]);

	err = fsnotify_add_mark(&source->mark, sb, FSNOTIFY_OBJ_TYPE_SB, 0);
	if (err) {
		fsnotify_put_mark(&source->mark);
		return ERR_PTR(err);
	}
	/* Not before: who finds it there relies on how a mark ends. */
	spin_lock(&sources_lock);
	list_add(&source->node, &sources);
	spin_unlock(&sources_lock);
	return source;
}

/**
 * imon_source_get() - a feed of a filesystem, for one more user
 * @sb: its superblock, which the caller keeps mounted; imon_config is held
 * @feed: which
 *
 * Return: the source, to be given back with imon_source_put(), or an error
 * pointer.
 */
struct imon_source *imon_source_get(struct super_block *sb, enum imon_feed feed)
{
	struct fsnotify_mark *mark;
	struct imon_source *source;

	lockdep_assert_held(&imon_config);
	mark = fsnotify_find_mark(sb, FSNOTIFY_OBJ_TYPE_SB, groups[feed]);
	if (mark) {
		source = container_of(mark, struct imon_source, mark);
		spin_lock(&sources_lock);
		source->users++;
		spin_unlock(&sources_lock);
		return source;
	}
	source = source_new(sb, feed);
	if (!IS_ERR(source) && feed == IMON_FEED_EXEC)
		imon_exec_begin(sb, &source->mark);
	return source;
}

/** imon_source_put() - a user has gone; from any context that may sleep */
void imon_source_put(struct imon_source *source)
{
	spin_lock(&sources_lock);
	if (!--source->users)
		schedule_work(&reaper);
	spin_unlock(&sources_lock);
	fsnotify_put_mark(&source->mark);
}

/**
 * imon_source_find() - what brings the changes of a filesystem, or NULL
 * @sb: the filesystem
 *
 * Good until the end of the callback that asks, or, of a filesystem that the
 * caller keeps mounted, for as long as imon_config is held.
 */
struct imon_source *imon_source_find(const struct super_block *sb)
{
	struct imon_source *source, *found = NULL;

	spin_lock(&sources_lock);
	list_for_each_entry(source, &sources, node)
		if (source->sb == sb && source->feed == IMON_FEED_CHANGE)
			found = source;
	spin_unlock(&sources_lock);
	return found;
}

/** imon_source_count() - filesystems with a mark */
u32 imon_source_count(void)
{
	struct imon_source *source;
	u32 n = 0;

	spin_lock(&sources_lock);
	list_for_each_entry(source, &sources, node)
		n += source->feed == IMON_FEED_CHANGE;
	spin_unlock(&sources_lock);
	return n;
}

/* Takes one source off the list, with a reference; @all: even a used one. */
static struct imon_source *source_take(bool all)
{
	struct imon_source *source, *found = NULL;

	spin_lock(&sources_lock);
	list_for_each_entry(source, &sources, node) {
		if (all || !source->users) {
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

	mutex_lock(&imon_config);
	while ((source = source_take(all))) {
		fsnotify_destroy_mark(&source->mark, groups[source->feed]);
		fsnotify_put_mark(&source->mark);
	}
	mutex_unlock(&imon_config);
}

static void reap_sources(struct work_struct *work)
{
	remove_sources(false);
}

static bool is_root_mark(const struct fsnotify_mark *mark)
{
	return mark->mask == IMON_ROOT_BIT;
}

/* Exactly once for every attached mark; may sleep; holds a reference. */
static void freeing_mark(struct fsnotify_mark *mark, struct fsnotify_group *group)
{
	struct imon_source *source;

	if (is_root_mark(mark)) {
		imon_root_gone(container_of(mark, struct imon_root, mark));
		return;
	}
	source = container_of(mark, struct imon_source, mark);
	forget(source);
	imon_objects_unmount(source);
}

static void free_mark(struct fsnotify_mark *mark)
{
	struct imon_source *source;

	if (is_root_mark(mark)) {
		kfree_rcu(container_of(mark, struct imon_root, mark), rcu);
		return;
	}
	source = container_of(mark, struct imon_source, mark);
	if (source->feed == IMON_FEED_EXEC)
		imon_exec_end(mark);
	imon_objects_free(source);
	kfree(source);
}

static void free_group_priv(struct fsnotify_group *group)
{
	complete(&group_freed);
}

static const struct fsnotify_ops feed_ops[IMON_FEEDS] = {
	[IMON_FEED_CHANGE] = {
		.handle_event = imon_hook_change,
		.freeing_mark = freeing_mark,
		.free_mark = free_mark,
		.free_group_priv = free_group_priv,
	},
	[IMON_FEED_EXEC] = {
		.handle_event = imon_exec_hook,
		.freeing_mark = freeing_mark,
		.free_mark = free_mark,
		.free_group_priv = free_group_priv,
	},
};

/* Returns when nothing of the group is left. */
static void put_group(struct fsnotify_group *group)
{
	reinit_completion(&group_freed);
	fsnotify_put_group(group);
	/* Marks that an umount is removing right now keep it. */
	wait_for_completion(&group_freed);
	/* And the one who freed it may not have returned yet. */
	fsnotify_wait_marks_destroyed();
}

int imon_source_init(void)
{
	enum imon_feed feed;

	for (feed = 0; feed < IMON_FEEDS; feed++) {
		struct fsnotify_group *group =
			fsnotify_alloc_group(&feed_ops[feed], 0);

		if (IS_ERR(group)) {
			while (feed--)
				put_group(groups[feed]);
			return PTR_ERR(group);
		}
		groups[feed] = group;
	}
	return 0;
}

/** imon_source_exit() - end all callbacks; the monitors are gone already */
void imon_source_exit(void)
{
	enum imon_feed feed;

	remove_sources(true);
	for (feed = 0; feed < IMON_FEEDS; feed++)
		put_group(groups[feed]);
	cancel_work_sync(&reaper);
	rcu_barrier();
}
