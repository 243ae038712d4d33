/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/*
 * The classic door: /dev/imon, for programs written for SGI's inode monitor,
 * such as FAM's daemon. It is there when the module was loaded with chardev=1.
 *
 * A program opens the device, expresses interest in paths, and reads whole
 * elements. An element names an inode, without a path; interest in an inode
 * ends with its IMON_DELETE. One program at a time may have the device open.
 *
 * The names are those that programs know; numbers and layout are this
 * project's, so a program is to be compiled with this header.
 */
#ifndef _UAPI_LINUX_IMON_DEV_H
#define _UAPI_LINUX_IMON_DEV_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* What happened, and what one is interested in: an OR of these. */
typedef int intmask_t;

#define IMON_CONTENT	(1 << 0)	/* contents or size; names in a directory */
#define IMON_ATTRIBUTE	(1 << 1)	/* mode, owner, times */
#define IMON_DELETE	(1 << 2)	/* the last name is gone, or the filesystem */
#define IMON_EXEC	(1 << 3)	/* a program started that was not running */
#define IMON_EXIT	(1 << 4)	/* its last running instance ended */
#define IMON_RENAME	(1 << 5)	/* it has another name */

/*
 * Once said that elements were lost. It never comes: when there are too many,
 * directories say IMON_CONTENT instead.
 */
#define IMON_OVER	0xff

/* An element that is read. */
typedef struct {
	__u64 qe_dev;		/* as st_dev of stat(2) */
	__u64 qe_inode;		/* as st_ino */
	intmask_t qe_what;
	__u32 qe_reserved;
} qelem_t;

/* What the kernel says an interest is in. */
typedef struct {
	__u64 st_dev;
	__u64 st_ino;
} famstat_t;

/* Of IMONIOC_EXPRESS; the mask is added to what was expressed before. */
struct interest {
	const char *path;	/* symbolic links are followed */
	famstat_t *stat;	/* filled; may be NULL */
	intmask_t mask;
};

typedef struct interest interest_t;

/* Of IMONIOC_REVOKE; the mask is taken from what was expressed. */
typedef struct {
	__u64 dev;
	__u64 ino;
	intmask_t mask;
} revoke_t;

#define IMONIOC_EXPRESS	_IOWR('i', 0xe0, struct interest)
#define IMONIOC_REVOKE	_IOW('i', 0xe1, revoke_t)

#endif
