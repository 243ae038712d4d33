/* SPDX-License-Identifier: GPL-2.0 */
/* What the guest's kernel says about its own health. */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>

/* Complaints from here on are news. Call once, before anything is tested. */
void kernel_watch(void);

/*
 * NULL when the kernel had nothing to complain about since the last call, else
 * its first complaint: a report in its log, a taint that the loading of an
 * out-of-tree module does not explain, or lockdep switched off.
 */
const char *kernel_complaint(void);

/*
 * Like kernel_complaint(), for memory leaks, which take seconds to look for.
 * starved: allocations were made to fail, so what the kernel itself is known to
 * forget then is shown, and not complained of.
 */
const char *kernel_leak(bool starved);

#endif
