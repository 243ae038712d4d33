/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_REPEAT_H
#define _IMON_REPEAT_H

#include <linux/dcache.h>
#include <linux/types.h>

#include <uapi/linux/imon.h>

/* What is worth it: who writes does so again and again. */
#define IMON_EVENT_REPEATS (IMON_EVENT_MODIFY | IMON_EVENT_CLOSE_WRITE)

struct imon_named;
struct imon_watch;

/**
 * enum imon_repeat - what is known of an event
 * @IMON_REPEAT_NOT: nothing
 * @IMON_REPEAT_NO_NEWS: that it tells nothing new
 * @IMON_REPEAT_CARRIER: imon_repeat_carrier() may say which record it goes into
 */
enum imon_repeat {
	IMON_REPEAT_NOT,
	IMON_REPEAT_NO_NEWS,
	IMON_REPEAT_CARRIER,
};

/**
 * struct imon_carrier - a record that takes what else happens to an object
 * @dentry: the object's only name
 * @nr_watches: how many trees hold the place
 * @watch: the last of their watches
 * @named: what waits of the object, in the queue of @watch; NULL: nothing that
 *	takes more. Good while the rest holds
 * @epoch: imon_repeat_epoch() is this
 * @seq: rename_lock's sequence is this
 */
struct imon_carrier {
	const struct dentry *dentry;
	unsigned int nr_watches;
	struct imon_watch *watch;
	struct imon_named *named;
	u64 epoch;
	unsigned int seq;
};

u64 imon_repeat_epoch(void);
enum imon_repeat imon_repeat(const struct dentry *dentry, u32 mask);
bool imon_repeat_carrier(struct imon_carrier *carrier, const struct dentry *dentry);
void imon_repeat_note(const struct imon_carrier *carrier, u32 mask);
void imon_repeat_add(const struct imon_carrier *carrier, u32 mask);
void imon_repeat_forget(void);

#endif
