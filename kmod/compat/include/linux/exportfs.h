/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_COMPAT_LINUX_EXPORTFS_H
#define _IMON_COMPAT_LINUX_EXPORTFS_H

#include_next <linux/exportfs.h>
#include <linux/version.h>

/* v6.5 gave handles that only identify a function of their own. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define exportfs_encode_fid(inode, fid, max_len) \
	exportfs_encode_inode_fh(inode, fid, max_len, NULL)
#endif

#endif
