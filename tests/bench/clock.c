// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "clock.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "../kselftest/fixture.h"

static unsigned long long read_clock(clockid_t clock)
{
	struct timespec t;

	must(clock_gettime(clock, &t));
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

unsigned long long clock_now(void)
{
	return read_clock(CLOCK_MONOTONIC_RAW);
}

static pid_t idler;

void clock_start(void)
{
	const struct sched_param lowest = { 0 };

	idler = must(fork());
	if (idler)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	must(sched_setscheduler(0, SCHED_IDLE, &lowest));
	for (;;)
		;
}

unsigned long long clock_work(void)
{
	clockid_t idle;

	must(clock_getcpuclockid(idler, &idle) ? -1 : 0);
	return clock_now() - read_clock(idle);
}
