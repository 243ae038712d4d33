/* SPDX-License-Identifier: GPL-2.0 */
#ifndef IMON_BENCH_RESULT_H
#define IMON_BENCH_RESULT_H

/* One figure: the line "# result {...}" that tests/bench/collect reads. */
void result(const char *suite, const char *operation, const char *subject,
	    long long value, const char *unit);

#endif
