// SPDX-License-Identifier: GPL-2.0
/*
 * Where events come from: for each feed an fsnotify group, with a mark on
 * each superblock that somebody watches; and marks on the inodes of roots,
 * which are in the first group.
 *
 * A mark's mask is what its users ask for, and it changes in place: so nothing
 * is lost, as between two marks, and nothing told twice, as by two. fsnotify
 * looks at the superblock's mask first, which it makes anew, out of those of
 * all marks there, when one is added; so we add one that asks for nothing, a
 * nudge, and remove it.
 *
 * REFCNT: A source is freed with its mark. Each user holds a reference to the
 * mark and counts in source->users. An umount does not wait for them: a mark
 * may outlive its superblock, and then only itself is still good.
 *
 * LOCKING: sources_lock guards the list of sources and their counts, and is
 * taken inside of all but fsnotify's locks. imon_config serialises the making
 * of sources, the changes of their masks and their removal for want of users;
 * what the VFS calls (freeing_mark, in an umount or a rmdir) takes spinlocks
 * only. Order: imon_config > s_umount.
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
#include <linux/magic.h>
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
/* A group for each feed, and the nudges'. */
#define NUDGES IMON_FEEDS
static struct fsnotify_group *groups[IMON_FEEDS + 1];
static DECLARE_COMPLETION(group_freed);

static void reap_sources(struct work_struct *work);
static DECLARE_DELAYED_WORK(reaper, reap_sources);

/* When to try again what somebody else's lock has put off. */
#define REAP_AGAIN (HZ / 10)

/*
 * What a feed brings whatever was asked. Of changes, what tells that something
 * watched has moved (RENAME) or gone: DELETE, and ATTRIB, which is all that
 * comes of an inode whose last name a rename has overwritten.
 *
 * No FS_EVENT_ON_CHILD: the data of an event names its object already, and
 * the flag makes every event pay for a look at the parent.
 */
static const u32 always[IMON_FEEDS] = {
	[IMON_FEED_CHANGE] = FS_ATTRIB | FS_DELETE | FS_RENAME,
	[IMON_FEED_EXEC] = FS_OPEN_EXEC | FS_CLOSE_NOWRITE,
};

/* And what it brings only while somebody asks. */
static const struct {
	enum imon_feed feed;
	u32 event;
	u32 bit;
} on_request[IMON_ON_REQUEST] = {
	{ IMON_FEED_CHANGE, IMON_EVENT_CREATE, FS_CREATE },
	{ IMON_FEED_CHANGE, IMON_EVENT_MODIFY, FS_MODIFY },
	{ IMON_FEED_CHANGE, IMON_EVENT_CLOSE_WRITE, FS_CLOSE_WRITE },
};

static void init_mark(struct fsnotify_mark *mark, enum imon_feed feed, u32 mask)
{
	fsnotify_init_mark(mark, groups[feed]);
	mark->mask = mask;
}

static void set_mask(struct fsnotify_mark *mark, u32 mask)
{
	spin_lock(&mark->lock);
	mark->mask = mask;
	spin_unlock(&mark->lock);
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

/* One user more, or less. */
static void count(struct imon_source *source, u32 want, int n)
{
	unsigned int i;

	lockdep_assert_held(&sources_lock);
	source->users += n;
	for (i = 0; i < IMON_ON_REQUEST; i++)
		if (on_request[i].feed == source->feed &&
		    on_request[i].event & want)
			source->asked[i] += n;
}

static u32 wanted_mask(const struct imon_source *source)
{
	u32 mask = source->always;
	unsigned int i;

	lockdep_assert_held(&sources_lock);
	for (i = 0; i < IMON_ON_REQUEST; i++)
		if (source->asked[i])
			mask |= on_request[i].bit;
	return mask;
}

/*
 * Makes a mark ask for what its users do; the filesystem stays mounted. On
 * failure nothing has changed.
 */
static int update_mask(struct imon_source *source)
{
	struct fsnotify_mark *mark = &source->mark, *nudge;
	u32 old = mark->mask, new;
	int err;

	lockdep_assert_held(&imon_config);
	spin_lock(&sources_lock);
	new = wanted_mask(source);
	spin_unlock(&sources_lock);
	if (new == old)
		return 0;
	nudge = kmalloc(sizeof(*nudge), GFP_KERNEL_ACCOUNT);
	if (!nudge)
		return -ENOMEM;
	fsnotify_init_mark(nudge, groups[NUDGES]);
	set_mask(mark, new);
	err = fsnotify_add_mark(nudge, source->sb, FSNOTIFY_OBJ_TYPE_SB, 0);
	if (err)
		set_mask(mark, old);
	else
		fsnotify_destroy_mark(nudge, groups[NUDGES]);
	fsnotify_put_mark(nudge);
	return err;
}

static struct imon_source *source_new(struct super_block *sb,
				      enum imon_feed feed, u32 want)
{
	struct imon_source *source;
	int err;

	source = kzalloc(sizeof(*source), GFP_KERNEL_ACCOUNT);
	if (!source)
		return ERR_PTR(-ENOMEM);
	source->feed = feed;
	source->sb = sb;
	source->dev = sb->s_dev;
	source->always = always[feed];
	/* A snapshot is dirty for all, and this is how it comes. */
	if (feed == IMON_FEED_CHANGE && sb->s_magic == BTRFS_SUPER_MAGIC)
		source->always |= FS_CREATE;
	INIT_LIST_HEAD(&source->roots);
	spin_lock(&sources_lock);
	count(source, want, 1);
	init_mark(&source->mark, feed, wanted_mask(source));
	spin_unlock(&sources_lock);

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
 * @want: IMON_EVENT_* bits that the user asks for
 *
 * Return: the source, to be given back with imon_source_put(), or an error
 * pointer. When it returns, the filesystem tells what was asked.
 */
struct imon_source *imon_source_get(struct super_block *sb, enum imon_feed feed,
				    u32 want)
{
	struct fsnotify_mark *mark;
	struct imon_source *source;
	int err;

	lockdep_assert_held(&imon_config);
	mark = fsnotify_find_mark(sb, FSNOTIFY_OBJ_TYPE_SB, groups[feed]);
	if (mark) {
		source = container_of(mark, struct imon_source, mark);
		spin_lock(&sources_lock);
		count(source, want, 1);
		spin_unlock(&sources_lock);
		err = update_mask(source);
		if (!err)
			return source;
		imon_source_put(source, want);
		return ERR_PTR(err);
	}
	source = source_new(sb, feed, want);
	if (!IS_ERR(source) && feed == IMON_FEED_EXEC)
		imon_exec_begin(sb, &source->mark);
	return source;
}

/**
 * imon_source_put() - a user has gone
 * @source: the source
 * @want: what the user asked for
 *
 * Does not sleep: the mark is on no inode that would have to be put.
 */
void imon_source_put(struct imon_source *source, u32 want)
{
	spin_lock(&sources_lock);
	count(source, want, -1);
	if (!source->users || source->mark.mask != wanted_mask(source))
		schedule_delayed_work(&reaper, 0);
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

/*
 * The next source that brings more than anybody asks for. Its filesystem stays
 * mounted, since an umount waits for s_umount; but we do not wait for it, so
 * there may be others: @later.
 */
static struct imon_source *source_to_narrow(bool *later)
{
	struct imon_source *source, *found = NULL;

	spin_lock(&sources_lock);
	list_for_each_entry(source, &sources, node) {
		if (source->mark.mask == wanted_mask(source))
			continue;
		/* On the list: the superblock is still there. */
		if (down_read_trylock(&source->sb->s_umount)) {
			found = source;
			break;
		}
		*later = true;
	}
	spin_unlock(&sources_lock);
	return found;
}

/* Whether all has been done. */
static bool narrow_sources(void)
{
	struct imon_source *source;
	struct super_block *sb;
	bool later = false;

	mutex_lock(&imon_config);
	while (!later && (source = source_to_narrow(&later))) {
		sb = source->sb;
		if (update_mask(source))
			later = true;
		up_read(&sb->s_umount);
	}
	mutex_unlock(&imon_config);
	return !later;
}

static void reap_sources(struct work_struct *work)
{
	remove_sources(false);
	if (!narrow_sources())
		schedule_delayed_work(&reaper, REAP_AGAIN);
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

static void free_nudge(struct fsnotify_mark *mark)
{
	kfree(mark);
}

static void free_group_priv(struct fsnotify_group *group)
{
	complete(&group_freed);
}

static const struct fsnotify_ops group_ops[] = {
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
	/* Its marks ask for nothing, so it is told nothing. */
	[NUDGES] = {
		.free_mark = free_nudge,
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
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		struct fsnotify_group *group =
			fsnotify_alloc_group(&group_ops[i], 0);

		if (IS_ERR(group)) {
			while (i--)
				put_group(groups[i]);
			return PTR_ERR(group);
		}
		groups[i] = group;
	}
	return 0;
}

/** imon_source_exit() - end all callbacks; the monitors are gone already */
void imon_source_exit(void)
{
	unsigned int i;

	remove_sources(true);
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		put_group(groups[i]);
	cancel_delayed_work_sync(&reaper);
	rcu_barrier();
}
