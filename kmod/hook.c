// SPDX-License-Identifier: GPL-2.0
/*
 * What fsnotify says of a filesystem, made into events.
 *
 * Called in the task that made the change, which holds locks of the VFS:
 * nothing here may wait for one. All of it is within fsnotify's SRCU section,
 * so marks and roots stay.
 */
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/magic.h>
#include <linux/slab.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "hook.h"
#include "monitor.h"
#include "object.h"
#include "repeat.h"
#include "source.h"
#include "stats.h"
#include "trace.h"
#include "tree.h"

/* Names of a changed inode that need no memory to be looked at. */
#define ALIASES_FEW 8

/* Whether a dentry tells where its object is. */
static bool has_place(const struct dentry *dentry)
{
	return !d_unhashed(dentry) || dentry == dentry->d_sb->s_root;
}

/*
 * The names of an inode that are in use and in memory, the first @max each
 * with a reference. Names that are not in memory nobody knows: that is what
 * IMON_EVENT_MULTILINK is for. Returns how many there are.
 */
static unsigned int get_aliases(struct inode *inode, struct dentry **alias,
				unsigned int max)
{
	struct dentry *dentry;
	unsigned int n = 0;

	spin_lock(&inode->i_lock);
	hlist_for_each_entry(dentry, &inode->i_dentry, d_alias) {
		spin_lock(&dentry->d_lock);
		if (!d_unhashed(dentry)) {
			if (n < max)
				alias[n] = dget_dlock(dentry);
			n++;
		}
		spin_unlock(&dentry->d_lock);
	}
	spin_unlock(&inode->i_lock);
	return n;
}

static void report_and_put(struct imon_event *ev, struct dentry **alias,
			   unsigned int n, const struct dentry *except)
{
	/* It is about one name. */
	ev->carrier = NULL;
	while (n--) {
		ev->old.dentry = alias[n];
		if (alias[n] != except)
			imon_event_report(ev);
		dput(alias[n]);
	}
}

/* More names than the stack has room for: what fits in a page. */
static void report_many(struct imon_event *ev, struct inode *inode,
			const struct dentry *except)
{
	const unsigned int max = PAGE_SIZE / sizeof(struct dentry *);
	struct dentry **alias;
	unsigned int n;

	alias = kmalloc_array(max, sizeof(*alias), GFP_NOWAIT | __GFP_NOWARN);
	n = alias ? get_aliases(inode, alias, max) : max + 1;
	if (n > max)
		imon_event_lost(ev);
	if (alias)
		report_and_put(ev, alias, min(n, max), except);
	kfree(alias);
}

/*
 * An object under every name of it that is known, but not under @except;
 * false: none is.
 */
static bool report_aliases(struct imon_event *ev, struct inode *inode,
			   const struct dentry *except)
{
	struct dentry *alias[ALIASES_FEW];
	unsigned int n = get_aliases(inode, alias, ALIASES_FEW);

	if (n <= ALIASES_FEW) {
		report_and_put(ev, alias, n, except);
		return n;
	}
	for (n = 0; n < ALIASES_FEW; n++)
		dput(alias[n]);
	report_many(ev, inode, except);
	return true;
}

/**
 * imon_hook_object() - report what happened to an object
 * @ev: the event, without its place
 * @inode: the object
 * @dentry: where fsnotify says it is, or NULL
 */
void imon_hook_object(struct imon_event *ev, struct inode *inode,
		      struct dentry *dentry)
{
	if (imon_objects_any(ev->source))
		imon_object_self(ev, inode);
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
	if (report_aliases(ev, inode, NULL))
		return;
	/*
	 * Attributes of an inode that came without a dentry: its link count;
	 * the name that changed it is in an event of its own.
	 */
	if (dentry || ev->mask & ~(IMON_EVENT_ATTRIB | IMON_EVENT_MULTILINK))
		imon_event_lost(ev);
}

static void report_dirty(struct imon_source *source, struct dentry *dentry)
{
	struct imon_event ev = {
		.mask = IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE,
		.type = S_IFDIR,
		.ino = d_inode(dentry)->i_ino,
		.old = { .dentry = dentry },
		.source = source,
	};

	if (d_is_dir(dentry))
		imon_event_report(&ev);
}

/*
 * Half of an exchange, when what is called @name in @parent now is @other.
 *
 * What happened in a directory after the dentries had moved and before its
 * RENAME was posted has the new name in an earlier record. That is harmless
 * when nothing had that name before; in an exchange something did, and who
 * applies the records in order would carry it over to the wrong side. So
 * both sides are to be scanned after it.
 */
static void exchange_event(struct imon_source *source, struct dentry *moved,
			   struct dentry *other)
{
	if (!d_is_dir(moved) && !d_is_dir(other))
		return;
	report_dirty(source, moved);
	report_dirty(source, other);
}

/*
 * The dentry of a directory that is locked. It has no other, and who changes
 * what is in it has that in use: no reference is needed.
 */
static struct dentry *name_of(const struct inode *dir)
{
	struct hlist_node *first = READ_ONCE(dir->i_dentry.first);

	return first ? hlist_entry(first, struct dentry, d_alias) : NULL;
}

/* Changes of names; the directory is locked by the caller. */
static void name_event(struct imon_event *ev, struct inode *dir,
		       const struct qstr *name, struct dentry *moved)
{
	struct dentry *parent = name_of(dir);

	if (unlikely(!parent)) {
		imon_event_lost(ev);
		return;
	}
	ev->old.dentry = parent;
	ev->old.name = name;
	if (moved) {
		/* As the old one: its name in its directory, not the object. */
		ev->new.dentry = moved->d_parent;
		ev->new.name = &moved->d_name;
	}
	imon_event_report(ev);
	if (moved) {
		struct dentry *other = d_lookup(parent, name);

		if (other && d_is_positive(other))
			exchange_event(ev->source, moved, other);
		dput(other);
	}
}

/*
 * A btrfs subvolume comes and goes in a single event, but a snapshot is born
 * with all that is in it, and any dies so. Its root is inode 256
 * (BTRFS_FIRST_FREE_OBJECTID).
 */
static bool is_subvolume(const struct inode *inode)
{
	return inode && S_ISDIR(inode->i_mode) && inode->i_ino == 256 &&
	       inode->i_sb->s_magic == BTRFS_SUPER_MAGIC;
}

/** imon_hook_fill() - what is known of an event's object */
void imon_hook_fill(struct imon_event *ev, const struct inode *inode)
{
	ev->type = inode->i_mode & S_IFMT;
	ev->ino = inode->i_ino;
	if (inode->i_nlink > 1 && !S_ISDIR(inode->i_mode))
		ev->mask |= IMON_EVENT_MULTILINK;
}

/* An event of fsnotify is of one kind. */
static u32 kind(u32 mask)
{
	if (mask & FS_MODIFY)
		return IMON_EVENT_MODIFY;
	if (mask & FS_CLOSE_WRITE)
		return IMON_EVENT_CLOSE_WRITE;
	if (mask & FS_ATTRIB)
		return IMON_EVENT_ATTRIB;
	if (mask & FS_CREATE)
		return IMON_EVENT_CREATE;
	if (mask & FS_DELETE)
		return IMON_EVENT_DELETE;
	return IMON_EVENT_RENAME;
}

/* The last name of an object is gone, though it may still be open. */
static void deleted(struct imon_source *source, struct inode *inode)
{
	if (S_ISDIR(inode->i_mode))
		imon_root_deleted(inode);
	if (imon_objects_any(source))
		imon_object_deleted(source, inode);
}

static void moved(struct imon_source *source, struct inode *inode)
{
	if (S_ISDIR(inode->i_mode))
		imon_root_moved(inode);
	if (imon_objects_any(source))
		imon_object_moved(source, inode);
}

/* Whether it has lost its last name; a directory's link count does not tell. */
static bool is_gone(const struct inode *inode)
{
	return S_ISDIR(inode->i_mode) ? IS_DEADDIR(inode) : !inode->i_nlink;
}

/* Whether a dentry is what its object is called, and nothing else is. */
static bool has_one_name(const struct dentry *dentry)
{
	const struct inode *inode = dentry ? READ_ONCE(dentry->d_inode) : NULL;

	return inode && inode->i_nlink == 1 && !d_unhashed(dentry);
}

/* What is neither content nor its end, or has to be told to somebody. */
static noinline void change(u32 mask, const void *data, int data_type,
			    struct inode *dir, const struct qstr *name,
			    struct imon_source *source)
{
	struct inode *inode = fsnotify_data_inode(data, data_type);
	struct dentry *dentry = fsnotify_data_dentry(data, data_type);
	struct imon_carrier carrier;
	struct imon_event ev = {
		.mask = kind(mask),
		.source = source,
	};

	/* A new directory may be a root by now, which its name's place does not tell. */
	if (mask & (FS_CREATE | FS_MODIFY | FS_CLOSE_WRITE) && !(mask & FS_ISDIR) &&
	    has_one_name(dentry)) {
		carrier.dentry = dentry;
		ev.carrier = &carrier;
	}
	if (inode)
		imon_hook_fill(&ev, inode);
	else if (mask & FS_ISDIR)
		ev.type = S_IFDIR;
	trace_imon_event(&ev);
	if (mask & FS_RENAME) {
		name_event(&ev, dir, name, dentry);
		if (inode)
			moved(ev.source, inode);
	} else if (mask & FS_DELETE) {
		if (is_subvolume(inode))
			ev.mask |= IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;
		name_event(&ev, dir, name, NULL);
		if (inode && (S_ISDIR(inode->i_mode) || !inode->i_nlink))
			deleted(ev.source, inode);
		/* Roots in it went, too: nobody says which. */
		if (is_subvolume(inode))
			imon_root_scan_all(ev.source, true);
	} else if (mask & FS_CREATE) {
		if (is_subvolume(inode))
			ev.mask |= IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;
		/* A link comes with the inode that got a further name. */
		if (!dentry)
			ev.mask |= IMON_EVENT_LINK;
		name_event(&ev, dir, name, NULL);
	} else {
		/* Also what a rename has overwritten. */
		if (mask & FS_ATTRIB && is_gone(inode))
			deleted(ev.source, inode);
		imon_hook_object(&ev, inode, dentry);
	}
}

/* Whoever traces is to see them all. */
static bool traced(void)
{
	return trace_imon_event_enabled() || trace_imon_merged_enabled();
}

/* An event that may go straight into a record. Its stack is not for all to pay. */
static noinline bool carried(const struct dentry *dentry, u32 mask)
{
	struct imon_carrier carrier;
	bool done;

	rcu_read_lock();
	done = imon_repeat_carrier(&carrier, dentry) &&
	       imon_monitor_carry(&carrier, mask);
	rcu_read_unlock();
	if (done)
		imon_repeat_add(&carrier, mask);
	return done;
}

/* Whether an event of the content of a file needs no walk to those it is for. */
static bool repeats(const struct dentry *dentry, u32 mask)
{
	enum imon_repeat known;

	if (!has_one_name(dentry) || traced())
		return false;
	known = imon_repeat(dentry, mask);
	return known == IMON_REPEAT_NO_NEWS ||
	       (known == IMON_REPEAT_CARRIER && carried(dentry, mask));
}

/* Whether an inode has only lost its last name, which is told as that of its name. */
static bool only_ended(const struct inode *inode, const struct imon_source *source)
{
	return !S_ISDIR(inode->i_mode) && !inode->i_nlink &&
	       !imon_objects_any(source) && !traced();
}

/** imon_hook_change() - handle_event for changes of content and names */
int imon_hook_change(struct fsnotify_group *group, u32 mask, const void *data,
		     int data_type, struct inode *dir, const struct qstr *name,
		     u32 cookie, struct fsnotify_iter_info *iter_info)
{
	if (mask & FS_DELETE_SELF) {
		imon_root_deleted(fsnotify_data_inode(data, data_type));
		return 0;
	}
	this_cpu_inc(imon_counters.events);
	if (mask & (FS_MODIFY | FS_CLOSE_WRITE) &&
	    repeats(fsnotify_data_dentry(data, data_type), kind(mask)))
		return 0;
	if (mask & FS_ATTRIB && data_type == FSNOTIFY_EVENT_INODE &&
	    only_ended(data, imon_source_of(iter_info)))
		return 0;
	change(mask, data, data_type, dir, name, imon_source_of(iter_info));
	return 0;
}
