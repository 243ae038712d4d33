/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_SOURCE_H
#define _IMON_SOURCE_H

#include <linux/fsnotify_backend.h>
#include <linux/list.h>
#include <linux/types.h>

struct imon_objects;
struct super_block;

/**
 * enum imon_feed - what a source brings
 * @IMON_FEED_CHANGE: changes of contents, attributes and names
 * @IMON_FEED_EXEC: programs that start and end. Every read-only close on the
 *	filesystem pays for it, so it is there only while somebody asks.
 */
enum imon_feed {
	IMON_FEED_CHANGE,
	IMON_FEED_EXEC,
	IMON_FEEDS
};

/* Kinds of changes that a filesystem tells only while somebody asks. */
#define IMON_ON_REQUEST 3

/**
 * struct imon_source - a filesystem that somebody watches
 * @mark: on the superblock
 * @feed: what it brings
 * @sb: the superblock; only compared, unless it is known to be mounted
 * @dev: its device number
 * @always: what its mark's mask has whatever is asked
 * @node: in the list of sources, until it is unmounted; sources_lock
 * @users: how many; sources_lock
 * @asked: how many of them ask for a kind; sources_lock
 * @roots: struct imon_root.source_node; see tree.c
 * @objects: directories and inodes watched, or NULL; see object.c
 */
struct imon_source {
	struct fsnotify_mark mark;
	enum imon_feed feed;
	struct super_block *sb;
	u32 dev;
	u32 always;
	struct list_head node;
	unsigned int users;
	unsigned int asked[IMON_ON_REQUEST];
	struct list_head roots;
	struct imon_objects *objects;
};

/* In a callback: the filesystem that it is about. */
static inline struct imon_source *
imon_source_of(const struct fsnotify_iter_info *iter_info)
{
	return container_of(iter_info->marks[FSNOTIFY_ITER_TYPE_SB],
			    struct imon_source, mark);
}

int imon_source_init(void);
void imon_source_exit(void);

struct imon_source *imon_source_get(struct super_block *sb, enum imon_feed feed,
				    u32 want);
void imon_source_put(struct imon_source *source, u32 want);
struct imon_source *imon_source_find(const struct super_block *sb);
u32 imon_source_count(void);

void imon_source_init_root_mark(struct fsnotify_mark *mark);
void imon_source_remove_root_mark(struct fsnotify_mark *mark);

#endif
