// SPDX-License-Identifier: GPL-2.0
/*
 * What an inode is known by when nobody holds it: its number, and what is told
 * here, which tells it from a later one of the same number.
 */
#include <linux/exportfs.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/magic.h>

#include "identity.h"

/* fs/xfs keeps it to itself. */
#define XFS_SUPER_MAGIC 0x58465342

/**
 * imon_identity_lasts() - whether an inode is the same after its eviction
 * @sb: its filesystem
 *
 * Only of filesystems that are known to keep number and generation on disk,
 * or, as tmpfs, the inode in memory. Others may number at will (FAT, overlayfs).
 */
bool imon_identity_lasts(const struct super_block *sb)
{
	switch (sb->s_magic) {
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case TMPFS_MAGIC:
		return true;
	default:
		return false;
	}
}

static u32 handle_hash(struct inode *inode)
{
	u32 handle[MAX_HANDLE_SZ / sizeof(u32)];
	int len = ARRAY_SIZE(handle);
	int type = exportfs_encode_fid(inode, (struct fid *)handle, &len);

	if (type <= 0 || type == FILEID_INVALID)
		return inode->i_generation;
	return jhash2(handle, len, type);
}

/**
 * imon_identity() - what tells an inode from others of its number
 * @inode: the inode
 * @pinned: it cannot be evicted, so nothing else has its address
 */
u32 imon_identity(struct inode *inode, bool pinned)
{
	if (pinned)
		return hash_ptr(inode, 32);
	/* Numbers repeat in each subvolume, generations in each snapshot. */
	if (inode->i_sb->s_magic == BTRFS_SUPER_MAGIC)
		return handle_hash(inode);
	return inode->i_generation;
}
