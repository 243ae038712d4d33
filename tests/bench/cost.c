// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs a writer, and the machine, that somebody watches: each
 * operation with each subject, in the guest's instructions.
 *
 * To be run in a guest of one processor whose clock counts instructions (qemu
 * -icount shift=0,sleep=off): then a nanosecond is an instruction. What the
 * clock leaps while the guest has nothing to do is taken off: a process of
 * the lowest priority is always busy, and its time is not counted.
 *
 * Each result is a line "# result {...}", one operation of one subject.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../kselftest/change.h"
#include "../kselftest/fixture.h"
#include "subject.h"

static pid_t idler;

static void start_idler(void)
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

static unsigned long long nanoseconds(clockid_t clock)
{
	struct timespec t;

	must(clock_gettime(clock, &t));
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* Instructions that somebody wanted, since the boot. */
static unsigned long long work(void)
{
	clockid_t idle;

	must(clock_getcpuclockid(idler, &idle) ? -1 : 0);
	return nanoseconds(CLOCK_MONOTONIC_RAW) - nanoseconds(idle);
}

static int held = -1;
static char at[1024];

/* The folder @depth levels down, which is made. */
static void deep(int depth)
{
	snprintf(at, sizeof(at), "tree");
	for (int i = 0; i < depth; i++) {
		strcat(at, "/d");
		mkdir(at, 0755);
	}
}

static char *name_in(const char *dir, int i)
{
	static char name[2200];

	snprintf(name, sizeof(name), "%s/%d", dir, i);
	return name;
}

static void hold(const char *dir)
{
	held = must(open(name_in(dir, 0), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
}

static void prepare_deep_1(void) { deep(1); }
static void prepare_deep_4(void) { deep(4); }
static void prepare_deep_20(void) { deep(20); }
static void prepare_write(void) { deep(4); hold(at); }
static void prepare_write_1(void) { deep(1); hold(at); }
static void prepare_write_20(void) { deep(20); hold(at); }

static void prepare_outside(void)
{
	hold("out");
}

static void prepare_file(void)
{
	deep(4);
	put(name_in(at, 0), "text");
}

static void create(int i)
{
	char *name = name_in(at, i);
	int fd = must(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));

	must(write(fd, "x", 1));
	close(fd);
	must(unlink(name));
}

static void write_byte(int i)
{
	(void)i;
	must(pwrite(held, "x", 1, 0));
}

static void append_byte(int i)
{
	int fd = must(open(name_in(at, 0), O_WRONLY | O_APPEND | O_CLOEXEC));

	(void)i;
	must(write(fd, "x", 1));
	close(fd);
}

static void rename_file(int i)
{
	char from[1100];

	snprintf(from, sizeof(from), "%s/%d", at, i);
	must(rename(from, name_in(at, i + 1)));
}

static void branch(int i)
{
	char dir[1100];

	snprintf(dir, sizeof(dir), "tree/b%d", i);
	must(mkdir(dir, 0755));
	put(name_in(dir, 0), "text");
}

static void mode(int i)
{
	must(chmod(name_in(at, 0), i & 1 ? 0600 : 0644));
}

static void reading(int i)
{
	char byte;
	int fd = must(open(name_in(at, 0), O_RDONLY | O_CLOEXEC));

	(void)i;
	must(read(fd, &byte, 1));
	close(fd);
}

struct operation {
	const char *name;
	void (*prepare)(void);
	void (*run)(int i);
	int times;
};

static const struct operation operations[] = {
	{ "create+write+close+unlink, depth 1", prepare_deep_1, create, 1000 },
	{ "create+write+close+unlink", prepare_deep_4, create, 1000 },
	{ "create+write+close+unlink, depth 20", prepare_deep_20, create, 1000 },
	{ "write 1 byte, depth 1", prepare_write_1, write_byte, 20000 },
	{ "write 1 byte", prepare_write, write_byte, 20000 },
	{ "write 1 byte, depth 20", prepare_write_20, write_byte, 20000 },
	{ "write 1 byte outside every tree", prepare_outside, write_byte, 20000 },
	{ "open+append+close", prepare_file, append_byte, 2000 },
	{ "rename", prepare_file, rename_file, 1000 },
	{ "mkdir+file", NULL, branch, 500 },
	{ "chmod", prepare_file, mode, 2000 },
	{ "open+read+close", prepare_file, reading, 5000 },
};

static const struct subject *const subjects[] = {
	&subject_none, &subject_floor, &subject_inotify, &subject_fanotify,
	&subject_fanotify_path, &subject_imon_log, &subject_imon_state,
};

static void say(const char *key, const char *value)
{
	printf("\"%s\": \"%s\", ", key, value);
}

static void tell(const struct operation *op, const struct subject *s,
		 bool reading, unsigned long long value)
{
	struct utsname system;

	must(uname(&system));
	printf("# result {");
	say("suite", "kernel");
	say("operation", op->name);
	say("reader", reading ? "draining" : "stopped");
	say("subject", s->name);
	say("kernel", system.release);
	say("unit", "instructions");
	printf("\"value\": %llu}\n", value);
}

/* One figure: the whole, by the number of operations. */
static bool measure(const struct operation *op, const struct subject *s,
		    bool reading)
{
	const char *part = getenv("TIMES");
	int times = part ? op->times / atoi(part) : op->times;
	unsigned long long begin, value;

	scratch_enter(fixture_place());
	if (op->prepare)
		op->prepare();
	if (!subject_start(s, reading))
		return fixture_skip("it cannot be had here");
	/* What is done for the first time only. */
	op->run(0);
	begin = work();
	for (int i = 1; i <= times; i++)
		op->run(i);
	subject_settle();
	value = (work() - begin) / times;
	subject_stop();
	close(held);
	held = -1;
	tell(op, s, reading, value);
	return true;
}

static void measure_all(bool reading)
{
	for (size_t i = 0; i < ARRAY_LEN(operations); i++)
		for (size_t k = 0; k < ARRAY_LEN(subjects); k++)
			fixture_result(measure(&operations[i], subjects[k],
					       reading),
				       subjects[k]->name, operations[i].name);
}

int main(void)
{
	setenv("IMON_TEST_DIRS", "/mnt/tmpfs", 0);
	fixture_begin(0, 2 * ARRAY_LEN(operations) * ARRAY_LEN(subjects));
	start_idler();
	measure_all(true);
	measure_all(false);
	kill(idler, SIGKILL);
	waitpid(idler, NULL, 0);
	fixture_end();
}
