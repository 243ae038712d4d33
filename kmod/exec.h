/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_EXEC_H
#define _IMON_EXEC_H

#include <linux/types.h>

struct fsnotify_group;
struct fsnotify_iter_info;
struct fsnotify_mark;
struct inode;
struct qstr;
struct super_block;

void imon_exec_begin(const struct super_block *sb,
		     const struct fsnotify_mark *owner);
void imon_exec_end(const struct fsnotify_mark *owner);
int imon_exec_hook(struct fsnotify_group *group, u32 mask, const void *data,
		   int data_type, struct inode *dir, const struct qstr *name,
		   u32 cookie, struct fsnotify_iter_info *iter_info);

#endif
