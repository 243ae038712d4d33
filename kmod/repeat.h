/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_REPEAT_H
#define _IMON_REPEAT_H

#include <linux/dcache.h>
#include <linux/types.h>

#include <uapi/linux/imon.h>

/* What is worth it: who writes does so again and again. */
#define IMON_EVENT_REPEATS (IMON_EVENT_MODIFY | IMON_EVENT_CLOSE_WRITE)

u64 imon_repeat_epoch(void);
bool imon_repeat(const struct dentry *dentry, u32 mask);
void imon_repeat_note(const struct dentry *dentry, u32 mask, u64 epoch,
		      unsigned int seq);
void imon_repeat_forget(void);

#endif
