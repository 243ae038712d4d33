/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_STATS_H
#define _IMON_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

/**
 * struct imon_counters - what happened since the module was loaded
 * @events: events that the watched filesystems told
 * @unplaced: those of which nobody knows where they were
 * @memory_failures: allocations of records that failed
 */
struct imon_counters {
	u64 events;
	u64 unplaced;
	u64 memory_failures;
};

DECLARE_PER_CPU(struct imon_counters, imon_counters);

void imon_counters_sum(struct imon_counters *sum);

#endif
