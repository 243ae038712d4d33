/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_LINEAR_H
#define _IMON_LINEAR_H

#include <linux/log2.h>
#include <linux/types.h>

/*
 * Linear hashing (Litwin and Larson): a table grows and shrinks by one bucket at a
 * time. With n buckets, 2^k <= n < 2^(k+1), what has a hash is in the bucket that
 * the low k+1 bits name, or k bits where that is not there yet. The next
 * bucket gets its share from the one that it was part of so far.
 */
static inline u32 imon_linear_bucket(u32 hash, u32 buckets)
{
	u32 half = rounddown_pow_of_two(buckets);
	u32 bucket = hash & (2 * half - 1);

	return bucket < buckets ? bucket : bucket - half;
}

/* The bucket that was one with the last, whose number is given, and will be again. */
static inline u32 imon_linear_other(u32 last)
{
	return last - rounddown_pow_of_two(last);
}

#endif
