/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_EVENT_H
#define _IMON_EVENT_H

#include <linux/types.h>

#include "path.h"

struct imon_carrier;
struct imon_source;

/**
 * struct imon_event - one change of a filesystem, on its way to the queues
 * @mask: IMON_EVENT_* bits
 * @type: S_IFMT bits of the object's mode, 0 if unknown
 * @ino: inode number of the object, 0 if unknown
 * @old: where it is; of a rename, where it was
 * @new: of a rename, where it is now; else empty
 * @source: the filesystem
 * @carrier: gets what carries on from here (repeat.h), or NULL
 *
 * Lives on the stack of the task that made the change, which also holds
 * whatever the places need.
 */
struct imon_event {
	u32 mask;
	u16 type;
	u64 ino;
	struct imon_place old;
	struct imon_place new;
	struct imon_source *source;
	struct imon_carrier *carrier;
};

/* What a watch gets that asks for nothing in particular. */
#define IMON_EVENT_DEFAULT                                               \
	(IMON_EVENT_CREATE | IMON_EVENT_DELETE | IMON_EVENT_RENAME |     \
	 IMON_EVENT_MODIFY | IMON_EVENT_CLOSE_WRITE | IMON_EVENT_ATTRIB)

/* What programs do; only while somebody asks for it. */
#define IMON_EVENT_PROGRAM (IMON_EVENT_EXEC | IMON_EVENT_EXIT)

/*
 * What an object itself can do, and so what a watch may ask for. The rest
 * (dirty, root-deleted, ...) every watch gets.
 */
#define IMON_EVENT_ASKABLE (IMON_EVENT_DEFAULT | IMON_EVENT_PROGRAM)

void imon_event_report(const struct imon_event *ev);
void imon_event_lost(const struct imon_event *ev);

#endif
