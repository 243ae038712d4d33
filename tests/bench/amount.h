/* SPDX-License-Identifier: GPL-2.0 */
#ifndef IMON_BENCH_AMOUNT_H
#define IMON_BENCH_AMOUNT_H

/* How much of the @whole is to be done: the TIMES-th part, if that is set. */
unsigned int amount(unsigned int whole);

#endif
