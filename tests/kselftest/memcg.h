/* SPDX-License-Identifier: GPL-2.0 */
/* A control group of our own, to see what the kernel charges to it. */
#ifndef IMON_MEMCG_H
#define IMON_MEMCG_H

#include <stdbool.h>

/* Makes it below @dir, an empty folder; false: the kernel has none. */
bool memcg_make(const char *dir);

/* This process, into it and out of it again. */
void memcg_enter(void);
void memcg_leave(void);

/* Bytes of kernel objects charged to it, at least @known of them. */
unsigned long memcg_slab(unsigned long known);

void memcg_remove(void);

#endif
