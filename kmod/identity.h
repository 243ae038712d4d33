/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_IDENTITY_H
#define _IMON_IDENTITY_H

#include <linux/types.h>

struct inode;
struct super_block;

bool imon_identity_lasts(const struct super_block *sb);
u32 imon_identity(struct inode *inode, bool pinned);

#endif
