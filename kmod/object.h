/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_OBJECT_H
#define _IMON_OBJECT_H

#include "source.h"
#include "watch.h"

struct imon_event;
struct imon_view;

/**
 * struct imon_object - a watch of a directory or of an inode
 * @watch: what all watches have
 * @next: in the chain of the filesystem's table; objects_lock, RCU
 * @table: id of that; 0 when it is not in it; objects_lock
 * @identity: tells the object from another with its number
 *
 * There may be millions; they are to be small.
 */
struct imon_object {
	struct imon_watch watch;
	struct imon_object __rcu *next;
	u32 table;
	u32 identity;
};

int imon_object_init(void);
void imon_object_exit(void);

struct imon_watch *imon_object_alloc(const struct imon_watch_wish *wish);
void imon_object_free(struct imon_watch *watch);
int imon_object_attach(struct imon_watch *watch, struct inode *inode);
void imon_object_detach(struct imon_watch *watch);
bool imon_object_watched(const struct imon_monitor *monitor,
			 struct inode *inode, u32 scope);
u32 imon_object_dev(const struct imon_watch *watch);

void imon_object_self(const struct imon_event *ev, struct inode *inode);
void imon_object_moved(const struct imon_source *source, struct inode *inode);
void imon_object_deleted(const struct imon_source *source, struct inode *inode);
int imon_object_names(const struct imon_event *ev, const struct imon_view *view);

/* Whether a filesystem has, or had, directories or inodes watched. */
static inline bool imon_objects_any(const struct imon_source *source)
{
	return unlikely(READ_ONCE(source->objects));
}

void imon_objects_lost(const struct imon_source *source);
void imon_objects_unmount(struct imon_source *source);
void imon_objects_free(struct imon_source *source);

#endif
