/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR MIT) */
/* Made by scripts/netlink-gen from Documentation/netlink/specs/imon.yaml; do not edit. */

#ifndef _UAPI_LINUX_IMON_H
#define _UAPI_LINUX_IMON_H

#define IMON_GENL_NAME			"imon"
#define IMON_GENL_VERSION		1

/* Longest name of a monitor, in bytes, without the final NUL. */
#define IMON_NAME_MAX			63

/* Longest label of a watch, in bytes, without the final NUL. */
#define IMON_LABEL_MAX			255

/*
 * Most bytes that the names of one record take together. A record that would
 * need more is reported as dirty at the nearest ancestor that fits.
 */
#define IMON_NAMES_MAX			3072

/* Most bytes of descriptors in one request; each has 4. */
#define IMON_FDS_MAX			1024

/* What happens to a repeated event of one object. */
enum {
	/*
	 * Ordered; an event merges only into the object's newest record, and
	 * only when that record says it already.
	 */
	IMON_MODE_LOG,
	/* One record per object that is waiting; the masks are OR-ed. */
	IMON_MODE_STATE,
};

/* How far a watch reaches. */
enum {
	/* The directory and everything below it on the same filesystem. */
	IMON_SCOPE_TREE,
	/* The directory itself and the names in it, as with inotify. */
	IMON_SCOPE_DIR,
	/*
	 * One object of any type, under whatever name. Its records have an
	 * empty path.
	 */
	IMON_SCOPE_INODE,
};

/* What a record says. Several bits may be set after a merge. */
enum {
	/* A name appeared. */
	IMON_EVENT_CREATE = 1U << 0,
	/* A name disappeared. */
	IMON_EVENT_DELETE = 1U << 1,
	/*
	 * A name changed. path is the old one and new-path the new one. Only
	 * path, when the object left the tree; only new-path, when it came in
	 * (a directory then also is dirty and recursive).
	 */
	IMON_EVENT_RENAME = 1U << 2,
	/* Contents or size changed. */
	IMON_EVENT_MODIFY = 1U << 3,
	/* A file that was open for writing was closed. */
	IMON_EVENT_CLOSE_WRITE = 1U << 4,
	/* Mode, owner, times, link count or extended attributes changed. */
	IMON_EVENT_ATTRIB = 1U << 5,
	/* With create, the name is a further link to an existing inode. */
	IMON_EVENT_LINK = 1U << 6,
	/* The inode has more than one name; others may lie in the tree. */
	IMON_EVENT_MULTILINK = 1U << 7,
	/*
	 * Details were given up; the directory named by path (empty for the
	 * root) must be scanned to learn what changed in it.
	 */
	IMON_EVENT_DIRTY = 1U << 8,
	/* With dirty, everything below the directory must be scanned too. */
	IMON_EVENT_RECURSIVE = 1U << 9,
	/*
	 * What is watched was removed; of a file, its last name. The watch is
	 * gone.
	 */
	IMON_EVENT_ROOT_DELETED = 1U << 10,
	/* What is watched got another name. The watch goes on. */
	IMON_EVENT_ROOT_MOVED = 1U << 11,
	/* The filesystem was unmounted. The watch is gone. */
	IMON_EVENT_UNMOUNT = 1U << 12,
	/*
	 * A program started that was not running before. Only when it is asked
	 * for.
	 */
	IMON_EVENT_EXEC = 1U << 13,
	/* The last running instance of a program ended. As exec. */
	IMON_EVENT_EXIT = 1U << 14,
};

enum {
	IMON_WATCH_STATE_ACTIVE,
	/* What was watched was removed. */
	IMON_WATCH_STATE_DELETED,
	/* The filesystem was unmounted. */
	IMON_WATCH_STATE_UNMOUNTED,
};

enum {
	/* Random number drawn when the module was loaded. */
	IMON_A_MODULE_INSTANCE = 1,
	IMON_A_MODULE_VERSION,
	/* Monitors that exist. */
	IMON_A_MODULE_MONITORS,
	/* Watches that exist, in all monitors. */
	IMON_A_MODULE_WATCHES,
	/* Superblocks that carry a mark of ours. */
	IMON_A_MODULE_FILESYSTEMS,
	IMON_A_MODULE_PAD,
	/*
	 * Events since the module was loaded of filesystems that somebody
	 * watches, wherever on them.
	 */
	IMON_A_MODULE_EVENTS,
	/*
	 * Events of which nobody could tell where they were; every tree of
	 * their filesystem became dirty.
	 */
	IMON_A_MODULE_UNPLACED,
	/* Allocations of records that failed; the events degraded. */
	IMON_A_MODULE_MEMORY_FAILURES,

	__IMON_A_MODULE_MAX,
	IMON_A_MODULE_MAX = (__IMON_A_MODULE_MAX - 1)
};

enum {
	IMON_A_MONITOR_PAD = 1,
	IMON_A_MONITOR_ID,
	/* The module's instance; sequence numbers count within one. */
	IMON_A_MONITOR_INSTANCE,
	/* Makes the monitor outlive its reader. Letters, digits and "._@:-". */
	IMON_A_MONITOR_NAME,
	IMON_A_MONITOR_MODE,
	/* Bound of the queue, in bytes of kernel memory. */
	IMON_A_MONITOR_QUEUE_BYTES,
	/* Shortest time between two wakes, in microseconds. */
	IMON_A_MONITOR_WINDOW_US,
	/*
	 * Who may attach, in the initial user namespace: the creator, unless
	 * it named another user, who then may attach, pull and acknowledge and
	 * nothing else.
	 */
	IMON_A_MONITOR_UID,
	/* Port of the attached socket; absent when there is none. */
	IMON_A_MONITOR_READER,
	IMON_A_MONITOR_WATCHES,
	/* Highest sequence number given out. */
	IMON_A_MONITOR_HEAD_SEQ,
	/* Highest sequence number acknowledged. */
	IMON_A_MONITOR_ACKED_SEQ,
	/* Records that wait to be pulled. */
	IMON_A_MONITOR_PENDING,
	/* Records pulled and not acknowledged. */
	IMON_A_MONITOR_IN_FLIGHT,
	/* Kernel memory that the queue holds now. */
	IMON_A_MONITOR_BYTES,
	/* The most it ever held. */
	IMON_A_MONITOR_BYTES_HIGH,
	/* Records made. */
	IMON_A_MONITOR_QUEUED,
	/*
	 * Events that merged into a waiting record, but not all of many
	 * repeats.
	 */
	IMON_A_MONITOR_MERGED,
	/* Events that were folded into a dirty record. */
	IMON_A_MONITOR_DEGRADED,
	/* Records handed to a reader for the first time. */
	IMON_A_MONITOR_DELIVERED,
	/* Records handed out again after a re-attach. */
	IMON_A_MONITOR_REDELIVERED,
	/* Of degraded, into "dirty" for a directory. */
	IMON_A_MONITOR_DEGRADED_DIR,
	/* Of degraded, into "dirty, recursive" for a subtree. */
	IMON_A_MONITOR_DEGRADED_SUBTREE,
	/* Of degraded, into the record of the watch itself. */
	IMON_A_MONITOR_DEGRADED_ROOT,
	/* Allocations of records that failed. */
	IMON_A_MONITOR_MEMORY_FAILURES,
	/*
	 * How long records of a named monitor are kept while nobody is
	 * attached, in seconds; then each of its trees is dirty as a whole,
	 * and the memory is free. 0, the default: until they are read.
	 */
	IMON_A_MONITOR_RETENTION_SEC,
	/* 1 if each record says which process made the change. */
	IMON_A_MONITOR_ACTOR,

	__IMON_A_MONITOR_MAX,
	IMON_A_MONITOR_MAX = (__IMON_A_MONITOR_MAX - 1)
};

enum {
	IMON_A_WATCH_PAD = 1,
	IMON_A_WATCH_ID,
	IMON_A_WATCH_MONITOR,
	/*
	 * What to watch, open in the caller; O_PATH will do. Of watch-exclude
	 * and watch-include, the directory inside the tree.
	 */
	IMON_A_WATCH_FD,
	IMON_A_WATCH_SCOPE,
	/*
	 * Events wanted; the default is create, delete, rename, modify, close-
	 * write and attrib.
	 */
	IMON_A_WATCH_MASK,
	/*
	 * Shown in listings; usually the path as the user gave it. Only for
	 * trees: the others are many, and small.
	 */
	IMON_A_WATCH_LABEL,
	IMON_A_WATCH_STATE,
	/* Inode number of what is watched. */
	IMON_A_WATCH_INO,
	/* Device number of the filesystem, major << 20 | minor. */
	IMON_A_WATCH_DEV,
	/* How many directories are excluded from the tree. */
	IMON_A_WATCH_EXCLUDES,
	/*
	 * Many in place of fd, of one scope and mask. They are watched in
	 * their order, up to the first that cannot be.
	 */
	IMON_A_WATCH_FDS,
	/*
	 * In place of id, of the descriptors in fds that are watched. When
	 * there are fewer, ask for the next by itself to hear why.
	 */
	IMON_A_WATCH_IDS,

	__IMON_A_WATCH_MAX,
	IMON_A_WATCH_MAX = (__IMON_A_WATCH_MAX - 1)
};

enum {
	IMON_A_EVENT_PAD = 1,
	IMON_A_EVENT_MONITOR,
	IMON_A_EVENT_INSTANCE,
	IMON_A_EVENT_SEQ,
	IMON_A_EVENT_WATCH,
	IMON_A_EVENT_MASK,
	/* File type as in the S_IFMT bits of st_mode; 0 if unknown. */
	IMON_A_EVENT_TYPE,
	IMON_A_EVENT_INO,
	/* Relative to the root, no leading slash, no final NUL. */
	IMON_A_EVENT_PATH,
	/* Of a rename, as path. */
	IMON_A_EVENT_NEW_PATH,
	/*
	 * Process that made the newest change in the record, in the initial
	 * pid namespace. This, uid and comm only if the monitor was made to
	 * say who.
	 */
	IMON_A_EVENT_PID,
	/* Its effective user, in the initial user namespace. */
	IMON_A_EVENT_UID,
	/* Its name. */
	IMON_A_EVENT_COMM,

	__IMON_A_EVENT_MAX,
	IMON_A_EVENT_MAX = (__IMON_A_EVENT_MAX - 1)
};

enum {
	/* Version, instance and totals. */
	IMON_CMD_MODULE_GET = 1,
	/*
	 * Make a monitor. Without a name the calling socket is its reader and
	 * the monitor dies with it.
	 */
	IMON_CMD_MONITOR_CREATE,
	/*
	 * Become the reader of a named monitor. What was pulled and not
	 * acknowledged will be sent again. Fails with EBUSY while another
	 * socket is attached.
	 */
	IMON_CMD_MONITOR_ATTACH,
	/* Remove a monitor with its watches and its queue. */
	IMON_CMD_MONITOR_DELETE,
	IMON_CMD_MONITOR_LIST,
	/*
	 * Watch the tree below an open directory, a directory, or an inode.
	 * When the reply is there, every later change is reported. Trees need
	 * CAP_SYS_ADMIN; the others the right to read what is watched.
	 */
	IMON_CMD_WATCH_ADD,
	/* Stop watching. Records that wait already stay. */
	IMON_CMD_WATCH_DEL,
	/* The watches of one monitor, or of all that the caller may see. */
	IMON_CMD_WATCH_LIST,
	/* Take the records that wait. Only for the attached reader. */
	IMON_CMD_EVENT_PULL,
	/* Acknowledge every record up to and including seq. */
	IMON_CMD_EVENT_ACK,
	/* Sent to the reader's socket when records wait. */
	IMON_CMD_WAKE,
	/*
	 * Leave out what happens below a directory inside a tree, wherever the
	 * directory moves. Its own name and attributes are still reported.
	 */
	IMON_CMD_WATCH_EXCLUDE,
	/*
	 * Take an exclusion back. What is below the directory was not watched.
	 */
	IMON_CMD_WATCH_INCLUDE,

	__IMON_CMD_MAX,
	IMON_CMD_MAX = (__IMON_CMD_MAX - 1)
};

#ifndef __KERNEL__
/* For what was written for the header that had this name before. */
#include <linux/imon_dev.h>
#endif

#endif /* _UAPI_LINUX_IMON_H */
