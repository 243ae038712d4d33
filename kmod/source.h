/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_SOURCE_H
#define _IMON_SOURCE_H

#include <linux/types.h>

struct fsnotify_mark;
struct imon_source;
struct super_block;

int imon_source_init(void);
void imon_source_exit(void);

struct imon_source *imon_source_get(struct super_block *sb);
void imon_source_put(struct imon_source *source);
u32 imon_source_count(void);

void imon_source_init_mark(struct fsnotify_mark *mark, u32 mask);
void imon_source_remove_mark(struct fsnotify_mark *mark);

#endif
