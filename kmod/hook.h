/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_HOOK_H
#define _IMON_HOOK_H

#include <linux/types.h>

struct dentry;
struct fsnotify_group;
struct fsnotify_iter_info;
struct imon_event;
struct inode;
struct qstr;

int imon_hook_change(struct fsnotify_group *group, u32 mask, const void *data,
		     int data_type, struct inode *dir, const struct qstr *name,
		     u32 cookie, struct fsnotify_iter_info *iter_info);
void imon_hook_fill(struct imon_event *ev, const struct inode *inode);
void imon_hook_object(struct imon_event *ev, struct inode *inode,
		      struct dentry *dentry);

#endif
