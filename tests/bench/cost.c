// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs a writer, and the machine, that somebody watches: each
 * operation with each subject, with a reader and without.
 *
 *   TIMES=N   the N-th part of the work
 *   GUARD=1   only what the guard looks at: what the writer pays, since what a
 *             reader takes as well depends on how the two fall into step
 */
#include <stdio.h>
#include <stdlib.h>

#include "../kselftest/fixture.h"
#include "amount.h"
#include "clock.h"
#include "operation.h"
#include "result.h"
#include "subject.h"

static const struct subject *const subjects[] = {
	&subject_none, &subject_imon_log, &subject_imon_state, &subject_floor,
	&subject_inotify, &subject_fanotify, &subject_fanotify_path,
};

/* The first of them. */
#define GUARDED 3

static bool guard;

static const char *reader(bool reading)
{
	return reading ? "reader draining" : "reader stopped";
}

/* First come a few that do not count: who reads has to fall into step. */
static int warm_up(int times)
{
	return 1 + times / 10;
}

static unsigned long long measure(const struct operation *op, int times)
{
	const int batches = guard ? 3 : 1;
	unsigned long long begin, least = ~0ULL;
	int i = 0;

	while (i < warm_up(times))
		op->run(i++);
	for (int batch = 0; batch < batches; batch++) {
		begin = clock_work();
		for (int n = 0; n < times; n++)
			op->run(i++);
		subject_settle();
		least = clock_least(least, clock_work() - begin);
	}
	return least / times;
}

static bool judge(const struct operation *op, const struct subject *s,
		  bool reading)
{
	int times = amount(op->times);
	char what[128];

	scratch_enter(fixture_place());
	if (!operation_prepare(op, warm_up(times) + times))
		return fixture_skip("what it takes is not in this guest");
	if (subject_start(s, reading, op->trees)) {
		snprintf(what, sizeof(what), "%s, %s", op->name, reader(reading));
		result("kernel", what, s->name, measure(op, times),
		       "instructions");
		subject_stop();
	} else {
		fixture_skip("this kernel does not let it watch");
	}
	operation_finish();
	return true;
}

/* The rows of one table, how many there are. */
static size_t judge_all(bool reading, bool only_count)
{
	const size_t n = guard ? GUARDED : ARRAY_LEN(subjects);
	size_t rows = 0;

	for (size_t i = 0; i < n_operations; i++) {
		const struct operation *op = &operations[i];

		if (!(op->readers & (reading ? DRAINING : STOPPED)) ||
		    (guard && !op->guarded))
			continue;
		rows++;
		for (size_t k = 0; k < n && !only_count; k++)
			fixture_result(judge(op, subjects[k], reading),
				       subjects[k]->name, op->name);
	}
	return rows * n;
}

int main(void)
{
	guard = getenv("GUARD");
	setenv("IMON_TEST_DIRS", "/mnt/tmpfs", 0);
	fixture_begin(0, (guard ? 0 : judge_all(true, true)) +
			 judge_all(false, true));
	clock_start();
	if (!guard)
		judge_all(true, false);
	judge_all(false, false);
	fixture_end();
}
