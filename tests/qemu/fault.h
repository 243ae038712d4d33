/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Makes allocations of the module fail, where the kernel can do that. FAULTS
 * says which:
 *   pages  each of more than two pages
 *   slab   of all others, one in a hundred
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>

/* Does what FAULTS says; false with errno when this kernel cannot. */
bool fault_arm(void);

/* No more from here on: how many have failed, -1 when nothing was armed. */
int fault_disarm(void);

/*
 * Whether what the tests ask for may fail too: then it is the kernel that is
 * judged, not their results.
 */
bool fault_hits_commands(void);

#endif
