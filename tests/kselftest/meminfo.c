// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "meminfo.h"

#include <stdio.h>
#include <time.h>

#include "imon_nl.h"
#include "ksft.h"

long meminfo_kernel(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	long kb, sum = 0;
	char line[128];

	if (!f)
		ksft_exit_fail_msg("cannot read meminfo\n");
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "Slab: %ld", &kb) == 1 ||
		    sscanf(line, "VmallocUsed: %ld", &kb) == 1 ||
		    sscanf(line, "Percpu: %ld", &kb) == 1)
			sum += kb * 1024;
	fclose(f);
	return sum;
}

bool meminfo_falls_to(long bytes)
{
	const struct timespec pause = { .tv_nsec = 10000000 };

	for (int i = 0; i < NL_DEADLINE_MS / 10; i++) {
		if (meminfo_kernel() <= bytes)
			return true;
		nanosleep(&pause, NULL);
	}
	ksft_print_msg("%ld bytes too many\n", meminfo_kernel() - bytes);
	return false;
}
