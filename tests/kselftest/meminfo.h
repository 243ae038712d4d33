/* SPDX-License-Identifier: GPL-2.0 */
/* What memory the kernel has taken for itself. */
#ifndef IMON_MEMINFO_H
#define IMON_MEMINFO_H

#include <stdbool.h>

/*
 * In bytes: the slabs, what was mapped for tables, and the processors' own; page
 * by page, so it takes many of a thing to tell what one takes.
 */
long meminfo_kernel(void);

/* What is freed goes after a grace period, of which nobody is told. */
bool meminfo_falls_to(long bytes);

#endif
