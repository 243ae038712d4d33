/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_SOURCE_H
#define _IMON_SOURCE_H

#include <linux/types.h>

struct fsnotify_mark;
struct imon_source;
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

int imon_source_init(void);
void imon_source_exit(void);

struct imon_source *imon_source_get(struct super_block *sb, enum imon_feed feed);
void imon_source_put(struct imon_source *source);
u32 imon_source_count(void);

void imon_source_init_root_mark(struct fsnotify_mark *mark);
void imon_source_remove_root_mark(struct fsnotify_mark *mark);

#endif
