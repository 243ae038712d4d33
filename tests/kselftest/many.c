// SPDX-License-Identifier: GPL-2.0
/* Many watches made with one request. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define MOST (IMON_FDS_MAX / sizeof(uint32_t))

static const char *file(size_t i)
{
	static char path[32];

	snprintf(path, sizeof(path), "tree/f%zu", i);
	return path;
}

static void open_files(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		touch(file(i));
		fds[i] = must(open(file(i), O_PATH | O_CLOEXEC));
	}
}

static void close_files(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
}

static int add(struct rig *r, const int *fds, size_t n, uint32_t *ids)
{
	return imon_watch_add_many(&r->nl, r->monitor, fds, n,
				   IMON_SCOPE_INODE, ids);
}

static uint32_t watches(struct nl_sock *s)
{
	struct module_info info;

	must_nl(imon_module_get(s, &info));
	return info.watches;
}

/* Each has the id that stands where its descriptor stood. */
static bool as_many_as_fit(void)
{
	uint32_t ids[MOST], before;
	bool good = true;
	int fds[MOST];
	struct rig r;

	open_files(fds, MOST);
	rig_begin(&r, &monitor_defaults);
	before = watches(&r.nl);
	good = add(&r, fds, MOST, ids) == MOST &&
	       watches(&r.nl) == before + MOST;
	close_files(fds, MOST);
	for (size_t i = 0; i < MOST; i += 73)
		must(chmod(file(i), 0600));
	rig_drain(&r);
	for (size_t i = 0; i < MOST; i += 73)
		good &= !!records_find(&r.got, ids[i], IMON_EVENT_ATTRIB, "");
	good &= r.got.n == (MOST + 72) / 73;
	if (!good)
		show_records(&r.got, 8);
	for (size_t i = 0; i < MOST; i++)
		good &= !imon_watch_del(&r.nl, r.monitor, ids[i]);
	rig_down(&r);
	return good;
}

static bool trees(void)
{
	static const char *const dirs[] = { "tree/a", "tree/b", "tree/c" };
	uint32_t ids[ARRAY_LEN(dirs)];
	int fds[ARRAY_LEN(dirs)];
	bool good = true;
	struct rig r;

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		make_dir(dirs[i]);
		fds[i] = must(open(dirs[i], O_PATH | O_CLOEXEC));
	}
	rig_begin(&r, &monitor_defaults);
	good = imon_watch_add_many(&r.nl, r.monitor, fds, ARRAY_LEN(dirs),
				   IMON_SCOPE_TREE, ids) == ARRAY_LEN(dirs);
	close_files(fds, ARRAY_LEN(dirs));
	make_dir("tree/b/d");
	touch("tree/b/d/f");
	rig_drain(&r);
	good = good && r.got.n == 2 &&
	       records_find(&r.got, ids[1], IMON_EVENT_CREATE, "d/f");
	rig_down(&r);
	return good;
}

static bool refused(struct rig *r, int rc, int error)
{
	bool good = rc == -error && r->nl.sentence[0];

	if (!good)
		ksft_print_msg("%d '%s'\n", rc, r->nl.sentence);
	return good;
}

/* Those before it are watched, and who asks for it alone hears why it is not. */
static bool up_to_the_first_that_cannot_be(void)
{
	uint32_t ids[5], before;
	struct rig r;
	int fds[5];
	bool good;

	open_files(fds, 4);
	fds[4] = fds[3];
	fds[3] = fds[0];
	fds[2] = -1;
	rig_begin(&r, &monitor_defaults);
	before = watches(&r.nl);
	good = add(&r, fds, 5, ids) == 2 && watches(&r.nl) == before + 2;
	good &= refused(&r, add(&r, fds + 2, 3, ids + 2), EBADF);
	good &= refused(&r, add(&r, fds + 3, 2, ids + 2), EEXIST);
	good &= watches(&r.nl) == before + 2;
	good &= add(&r, fds + 4, 1, ids + 2) == 1;
	must(chmod(file(3), 0600));
	rig_drain(&r);
	good &= r.got.n == 1 &&
		records_find(&r.got, ids[2], IMON_EVENT_ATTRIB, "");
	fds[3] = fds[4];
	fds[2] = must(open(file(2), O_PATH | O_CLOEXEC));
	close_files(fds, 4);
	rig_down(&r);
	return good;
}

/* Asks, and takes no answer. */
static void ask(struct rig *r, uint8_t cmd, const int *fds, size_t n)
{
	static struct nl_msg msg;

	nl_start(&msg, r->nl.family, 0, cmd);
	if (n) {
		nl_put_u32(&msg, IMON_A_WATCH_SCOPE, IMON_SCOPE_INODE);
		nl_put_u32(&msg, IMON_A_WATCH_MONITOR, r->monitor);
	}
	if (n == 1)
		nl_put_u32(&msg, IMON_A_WATCH_FD, fds[0]);
	else if (n)
		nl_put(&msg, IMON_A_WATCH_FDS, fds, n * sizeof(*fds));
	must_nl(nl_send(&r->nl, &msg));
}

/* Nobody would know their ids. */
static bool no_room_for_the_reply(void)
{
	struct nl_sock other;
	uint32_t before;
	int fds[3], few;
	struct rig r;
	bool good;

	open_files(fds, 3);
	must_nl(nl_open(&other));
	rig_begin(&r, &monitor_defaults);
	before = watches(&other);
	/* The kernel makes it as small as can be. */
	few = 1;
	must(setsockopt(r.nl.fd, SOL_SOCKET, SO_RCVBUF, &few, sizeof(few)));
	for (int i = 0; i < 4; i++)
		ask(&r, IMON_CMD_MODULE_GET, NULL, 0);
	ask(&r, IMON_CMD_WATCH_ADD, fds, 3);
	ask(&r, IMON_CMD_WATCH_ADD, fds, 1);
	good = watches(&other) == before;
	nl_take(&r.nl, NULL, NULL);
	ask(&r, IMON_CMD_WATCH_ADD, fds, 3);
	good &= watches(&other) == before + 3;
	rig_down(&r);
	nl_close(&other);
	close_files(fds, 3);
	return good;
}

static const struct test tests[] = {
	{ "256 inodes, each with its id", as_many_as_fit },
	{ "trees", trees },
	{ "up to the first that cannot be watched",
	  up_to_the_first_that_cannot_be },
	{ "none, when the reply cannot be had", no_room_for_the_reply },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
