/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TAP output in the manner of the kernel's selftests: the kernel tree's own
 * header where these tests live in one, otherwise the part of it used here.
 */
#ifndef IMON_KSFT_H
#define IMON_KSFT_H

#if __has_include("../kselftest.h")
#include "../kselftest.h"
#else

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define KSFT_PASS 0
#define KSFT_FAIL 1
#define KSFT_SKIP 4

static struct {
	unsigned int plan, pass, fail, skip;
} ksft;

__attribute__((unused, format(printf, 1, 2)))
static void ksft_print_msg(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("# ");
	vprintf(fmt, args);
	va_end(args);
}

__attribute__((unused))
static void ksft_print_header(void)
{
	printf("TAP version 13\n");
}

__attribute__((unused))
static void ksft_set_plan(unsigned int plan)
{
	ksft.plan = plan;
	printf("1..%u\n", plan);
}

static inline unsigned int ksft_test_num(void)
{
	return ksft.pass + ksft.fail + ksft.skip;
}

#define ksft_result(counter, verdict, directive, ...)			\
	do {								\
		ksft.counter++;						\
		printf(verdict " %u " directive, ksft_test_num());	\
		printf(__VA_ARGS__);					\
	} while (0)

#define ksft_test_result_pass(...) ksft_result(pass, "ok", "", __VA_ARGS__)
#define ksft_test_result_fail(...) ksft_result(fail, "not ok", "", __VA_ARGS__)
#define ksft_test_result_skip(...) \
	ksft_result(skip, "ok", "# SKIP ", __VA_ARGS__)

#define ksft_test_result(condition, ...)				\
	do {								\
		if (condition)						\
			ksft_test_result_pass(__VA_ARGS__);		\
		else							\
			ksft_test_result_fail(__VA_ARGS__);		\
	} while (0)

/* Ends the program; red unless exactly the planned tests passed or skipped. */
__attribute__((unused, noreturn))
static void ksft_finished(void)
{
	printf("# Totals: pass:%u fail:%u skip:%u\n",
	       ksft.pass, ksft.fail, ksft.skip);
	exit(ksft.plan == ksft.pass + ksft.skip ? KSFT_PASS : KSFT_FAIL);
}

#define ksft_exit_fail_msg(...)						\
	do {								\
		printf("Bail out! ");					\
		printf(__VA_ARGS__);					\
		exit(KSFT_FAIL);					\
	} while (0)

/* To be called before a plan was made. */
#define ksft_exit_skip(...)						\
	do {								\
		printf("1..0 # SKIP ");					\
		printf(__VA_ARGS__);					\
		exit(KSFT_SKIP);					\
	} while (0)

#endif
#endif
