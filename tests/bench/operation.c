// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "operation.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../kselftest/change.h"
#include "../kselftest/fixture.h"

/* As rootfs.list and the Makefile put them there. */
#define SOURCES "/lib/bench/sources.tar"
#define HISTORY "/lib/bench/history.tar"

/* The folder that is worked in, and a file in it that stays open. */
static char at[1024];
static int held = -1;

static char *name_in(const char *dir, int i)
{
	static char name[2200];

	snprintf(name, sizeof(name), "%s/%d", dir, i);
	return name;
}

/* A folder so many levels below "tree". */
static void go_down(int depth)
{
	snprintf(at, sizeof(at), depth ? "tree" : "out");
	for (int i = 0; i < depth; i++) {
		strcat(at, "/d");
		mkdir(at, 0755);
	}
}

bool operation_prepare(const struct operation *op, int times)
{
	go_down(op->depth);
	return !op->prepare || op->prepare(times);
}

void operation_finish(void)
{
	if (held >= 0)
		close(held);
	held = -1;
}

static bool hold(int times)
{
	(void)times;
	held = must(open(name_in(at, 0), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC,
			 0644));
	return true;
}

static bool file(int times)
{
	(void)times;
	put(name_in(at, 0), "text");
	return true;
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
	(void)i;
	must(write(held, "x", 1));
}

static void append_to_file(int i)
{
	(void)i;
	append(name_in(at, 0), 1);
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

	snprintf(dir, sizeof(dir), "%s/b%d", at, i);
	must(mkdir(dir, 0755));
	put(name_in(dir, 0), "text");
}

static void change_mode(int i)
{
	must(chmod(name_in(at, 0), i & 1 ? 0600 : 0644));
}

static void read_file(int i)
{
	char byte;
	int fd = must(open(name_in(at, 0), O_RDONLY | O_CLOEXEC));

	(void)i;
	must(read(fd, &byte, 1));
	close(fd);
}

static void look(int i)
{
	struct stat st;

	(void)i;
	must(stat(name_in(at, 0), &st));
}

/* A program, to its end, which is to be a good one. */
static void program(const char *const argv[])
{
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ))
		ksft_exit_fail_msg("%s cannot be run\n", argv[0]);
	must(waitpid(pid, &status, 0));
	if (status)
		ksft_exit_fail_msg("%s: status %d\n", argv[0], status);
}

static void unpack(int i)
{
	const char *dir = name_in(at, i);

	make_dir(dir);
	program((const char *const[]){ "tar", "-xf", SOURCES, "-C", dir, NULL });
}

static bool sources(int times)
{
	(void)times;
	return !access(SOURCES, R_OK);
}

static bool unpacked(int times)
{
	if (!sources(times))
		return false;
	for (int i = 0; i < times; i++)
		unpack(i);
	return true;
}

static void delete(int i)
{
	program((const char *const[]){ "rm", "-r", name_in(at, i), NULL });
}

/*
 * git reads a file anew that has the time of its index, to the second: whether
 * one has would be chance.
 */
static void date_index(void)
{
	const struct timespec later = { .tv_sec = 4000000000 };
	const struct timespec times[2] = { later, later };
	char index[1100];

	snprintf(index, sizeof(index), "%s/.git/index", at);
	must(utimensat(AT_FDCWD, index, times, 0));
}

static bool repository(int times)
{
	(void)times;
	if (access(HISTORY, R_OK))
		return false;
	program((const char *const[]){ "tar", "-xf", HISTORY, "-C", at, NULL });
	date_index();
	return true;
}

/* There and back again. */
static void check_out(int i)
{
	program((const char *const[]){ "git", "-C", at, "checkout", "-q",
				       i & 1 ? "old" : "new", NULL });
	date_index();
}

#define USUAL USUAL_DEPTH

const struct operation operations[] = {
	{ "create+write+close+unlink", USUAL, NULL, create, 5000, BOTH, .guarded = true },
	{ "create+write+close+unlink, depth 1", 1, NULL, create, 5000, STOPPED },
	{ "create+write+close+unlink, depth 5", 5, NULL, create, 5000, STOPPED },
	{ "create+write+close+unlink, depth 20", 20, NULL, create, 5000, STOPPED },
	{ "create+write+close+unlink, 100 trees", USUAL, NULL, create, 5000, STOPPED, 100 },
	{ "create+write+close+unlink, 10000 trees", USUAL, NULL, create, 5000, STOPPED, 10000 },
	{ "write 1 byte", USUAL, hold, write_byte, 1000000, DRAINING },
	{ "write 1 byte", USUAL, hold, write_byte, 50000, STOPPED, .guarded = true },
	{ "write 1 byte, depth 1", 1, hold, write_byte, 50000, STOPPED },
	{ "write 1 byte, depth 5", 5, hold, write_byte, 50000, STOPPED },
	{ "write 1 byte, depth 20", 20, hold, write_byte, 50000, STOPPED, .guarded = true },
	{ "write 1 byte, 100 trees", USUAL, hold, write_byte, 50000, STOPPED, 100 },
	{ "write 1 byte, 10000 trees", USUAL, hold, write_byte, 50000, STOPPED, 10000 },
	{ "write 1 byte outside every tree", 0, hold, write_byte, 50000, STOPPED, .guarded = true },
	{ "append 1 byte", USUAL, hold, append_byte, 50000, BOTH },
	{ "open+append+close", USUAL, file, append_to_file, 10000, BOTH },
	{ "rename", USUAL, file, rename_file, 10000, BOTH, .guarded = true },
	{ "mkdir+file", USUAL, NULL, branch, 5000, BOTH },
	{ "chmod", USUAL, file, change_mode, 10000, BOTH },
	{ "open+read+close", USUAL, file, read_file, 20000, STOPPED, .guarded = true },
	{ "stat", USUAL, file, look, 50000, STOPPED, .guarded = true },
	{ "unpack a source archive", 1, sources, unpack, 1, BOTH },
	{ "git checkout", 1, repository, check_out, 2, BOTH },
	{ "rm -r of a source tree", 1, unpacked, delete, 1, BOTH },
};

const size_t n_operations = ARRAY_LEN(operations);
