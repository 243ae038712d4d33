// SPDX-License-Identifier: GPL-2.0
/*
 * What a server in userspace serves, which may answer never. All of generic
 * netlink waits for a command, so that the command must not wait for the server.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "child.h"
#include "fixture.h"

enum { GOOD, BAD };

static void answer(int dev, uint64_t unique, const void *body, size_t len)
{
	struct {
		struct fuse_out_header head;
		char body[256];
	} out = { .head = { .len = sizeof(out.head) + len, .unique = unique } };

	memcpy(out.body, body, len);
	must(write(dev, &out, out.head.len));
}

/* One directory, whose attributes are never known for long. */
static void serve_one(int dev, const struct fuse_in_header *in)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096
	};
	const struct fuse_attr_out attr = {
		.attr = { .ino = FUSE_ROOT_ID, .mode = S_IFDIR | 0755, .nlink = 2 }
	};
	const struct fuse_open_out open = { };

	switch (in->opcode) {
	case FUSE_INIT:
		return answer(dev, in->unique, &init, sizeof(init));
	case FUSE_GETATTR:
		return answer(dev, in->unique, &attr, sizeof(attr));
	case FUSE_OPENDIR:
		return answer(dev, in->unique, &open, sizeof(open));
	}
}

/* Answers up to the first request that is @last, and then nothing more. */
static void serve(int dev, uint32_t last)
{
	static _Alignas(struct fuse_in_header) char buf[65536];
	const struct fuse_in_header *in = (const void *)buf;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	do {
		must(read(dev, buf, sizeof(buf)));
		serve_one(dev, in);
	} while (in->opcode != last);
	for (;;)
		pause();
}

/* Mounts it on "out": its server, or 0 when the kernel knows no such thing. */
static pid_t mount_served(uint32_t last)
{
	char options[96];
	pid_t server;
	int dev;

	if (access("/dev/fuse", F_OK) && system("modprobe -q fuse"))
		return 0;
	dev = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (dev < 0)
		return 0;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions",
		 dev);
	must(mount("none", "out", "fuse", 0, options));
	server = must(fork());
	if (!server)
		serve(dev, last);
	close(dev);
	return server;
}

static void unmount_served(pid_t server)
{
	must(kill(server, SIGKILL));
	must(waitpid(server, NULL, 0));
	must(umount("out"));
}

static int add(struct rig *r, int flags)
{
	int fd = must(open("out", flags | O_CLOEXEC));
	struct watch_info info;
	int rc;

	/* Who waits for the server waits for ever. */
	alarm(NL_DEADLINE_MS / 1000);
	rc = imon_watch_add_scope(&r->nl, r->monitor, fd, IMON_SCOPE_DIR, 0, &info);
	alarm(0);
	close(fd);
	return rc;
}

static int add_by_path(void)
{
	struct rig r;
	int rc;

	rig_begin(&r, &monitor_defaults);
	rc = add(&r, O_PATH);
	if (rc != -EACCES || !r.nl.sentence[0])
		ksft_print_msg("%d '%s'\n", rc, r.nl.sentence);
	rig_down(&r);
	return rc == -EACCES ? GOOD : BAD;
}

static int add_readable(void)
{
	struct rig r;
	int rc;

	rig_begin(&r, &monitor_defaults);
	rc = add(&r, O_RDONLY | O_DIRECTORY);
	if (rc)
		ksft_print_msg("%d '%s'\n", rc, r.nl.sentence);
	rig_down(&r);
	return rc ? BAD : GOOD;
}

static bool with_server(uint32_t last, int (*what)(void))
{
	pid_t server = mount_served(last);
	bool good;

	if (!server)
		return fixture_skip("no FUSE");
	good = in_child(NOBODY, what) == GOOD;
	unmount_served(server);
	return good;
}

static bool not_asked(void)
{
	return with_server(FUSE_INIT, add_by_path);
}

static bool not_asked_again(void)
{
	return with_server(FUSE_OPENDIR, add_readable);
}

static const struct test tests[] = {
	{ "whether a user may read is not asked of the server", not_asked },
	{ "who has it open for reading may watch", not_asked_again },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
