// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it takes to be told of a change: of many that wait, each, and how long
 * after the change, when nothing else goes on. imon by way of libimon, to its
 * callback; the others by plain system calls.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../kselftest/change.h"
#include "../kselftest/fixture.h"
#include "amount.h"
#include "clock.h"
#include "libimon.h"
#include "result.h"

/* Longer than any reader is made to wait for more to come. */
static const struct timespec quiet = { .tv_nsec = 200000000 };

static const struct subject *const subjects[] = {
	&subject_libimon_log, &subject_libimon_state, &subject_inotify,
	&subject_fanotify, &subject_fanotify_path,
};

/* inotify's queue holds 16,384. */
static const unsigned int batches[] = { 1, 100, 10000 };

#define ATTEMPTS 9

static unsigned long long batch_once(const struct subject *s, unsigned int n)
{
	unsigned long long begin;
	char path[32];

	for (unsigned int i = 1; i < n; i++) {
		snprintf(path, sizeof(path), "tree/%u", i);
		touch(path);
	}
	touch("tree/end");
	nanosleep(&quiet, NULL);
	begin = clock_work();
	while (!s->drain())
		;
	return clock_work() - begin;
}

static bool batch(const struct subject *s, unsigned int n)
{
	char text[64];

	scratch_enter(fixture_place());
	if (!s->watch())
		return fixture_skip("this kernel does not let it watch");
	snprintf(text, sizeof(text), "a record, of %u that wait", n);
	result("delivery", text, s->name, batch_once(s, n) / n, "instructions");
	s->leave();
	return true;
}

static bool latency(const struct subject *s)
{
	unsigned long long begin, least = ~0ULL;

	for (unsigned int i = 0; i < amount(ATTEMPTS); i++) {
		scratch_enter(fixture_place());
		if (!subject_start(s, true, 0))
			return fixture_skip("this kernel does not let it watch");
		/* It has seen a change before. */
		touch("tree/file");
		nanosleep(&quiet, NULL);
		begin = clock_now();
		least = clock_least(least, subject_settle() - begin);
		subject_stop();
	}
	result("delivery", "mknod() until its callback was called, at idle",
	       s->name, least, "instructions");
	return true;
}

int main(void)
{
	setenv("IMON_TEST_DIRS", "/mnt/tmpfs", 0);
	fixture_begin(0, ARRAY_LEN(subjects) * (1 + ARRAY_LEN(batches)));
	clock_start();
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		for (size_t k = 0; k < ARRAY_LEN(batches); k++)
			fixture_result(batch(subjects[i], batches[k]),
				       subjects[i]->name, "waiting records");
		fixture_result(latency(subjects[i]), subjects[i]->name, "latency");
	}
	fixture_end();
}
