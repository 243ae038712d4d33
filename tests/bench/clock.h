/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time in instructions. In a guest of one processor whose clock counts them
 * (qemu -icount shift=0,sleep=off) a nanosecond is an instruction.
 */
#ifndef IMON_BENCH_CLOCK_H
#define IMON_BENCH_CLOCK_H

/* Instructions since the boot, with what the clock leaps while all wait. */
unsigned long long clock_now(void);

/*
 * Those that somebody wanted: from clock_start() on a process of the lowest
 * priority is always busy, so that the clock does not leap, and what that takes
 * is not counted. It ends with this process, of which it holds all that is open.
 */
void clock_start(void);
unsigned long long clock_work(void);

/*
 * Of what is done several times the least counts: now and then a kernel thread
 * has work.
 */
static inline unsigned long long clock_least(unsigned long long a,
					     unsigned long long b)
{
	return a < b ? a : b;
}

#endif
