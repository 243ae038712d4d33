// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of the module as a whole; those of a monitor are in its queue.
 */
#include "stats.h"

DEFINE_PER_CPU(struct imon_counters, imon_counters);

/** imon_counters_sum() - over all processors, as far as that can be exact */
void imon_counters_sum(struct imon_counters *sum)
{
	int cpu;

	*sum = (struct imon_counters){ };
	for_each_possible_cpu(cpu) {
		const struct imon_counters *at = per_cpu_ptr(&imon_counters, cpu);

		sum->events += at->events;
		sum->unplaced += at->unplaced;
		sum->memory_failures += at->memory_failures;
	}
}
