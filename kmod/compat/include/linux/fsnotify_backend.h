/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_COMPAT_LINUX_FSNOTIFY_BACKEND_H
#define _IMON_COMPAT_LINUX_FSNOTIFY_BACKEND_H

#include_next <linux/fsnotify_backend.h>
#include <linux/version.h>

/*
 * Since v6.10 marks are added to the object itself; before, to its connector
 * pointer, and up to v6.7 with an fsid behind the flags.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline fsnotify_connp_t *imon_compat_connp(void *obj, unsigned int type)
{
	if (type == FSNOTIFY_OBJ_TYPE_INODE)
		return &((struct inode *)obj)->i_fsnotify_marks;
	return &((struct super_block *)obj)->s_fsnotify_marks;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define fsnotify_add_mark(mark, obj, type, flags) \
	fsnotify_add_mark(mark, imon_compat_connp(obj, type), type, flags, NULL)
#else
#define fsnotify_add_mark(mark, obj, type, flags) \
	fsnotify_add_mark(mark, imon_compat_connp(obj, type), type, flags)
#endif

#define fsnotify_find_mark(obj, type, group) \
	fsnotify_find_mark(imon_compat_connp(obj, type), group)
#endif

/* v6.11 makes every group allocate as in a NOFS section, without a flag. */
#ifdef FSNOTIFY_GROUP_NOFS
#define fsnotify_alloc_group(ops, flags) \
	fsnotify_alloc_group(ops, (flags) | FSNOTIFY_GROUP_NOFS)
#endif

#endif
