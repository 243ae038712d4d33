// SPDX-License-Identifier: GPL-2.0
/* The side doors: what reaches a tree by another way than a plain path. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/fs.h>

#include "change.h"
#include "expect.h"
#include "witness.h"

/* An unnamed file that gets a name keeps its first, nameless dentry. */
static bool by_tmpfile(void)
{
	char proc[64];
	struct rig r;
	bool linked, good;
	int fd;

	rig_up(&r, &monitor_defaults);
	fd = must(open("tree", O_TMPFILE | O_WRONLY, 0644));
	must(write(fd, "x", 1));
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	must(linkat(AT_FDCWD, proc, AT_FDCWD, "tree/t", AT_SYMLINK_FOLLOW));
	rig_drain(&r);
	linked = records_find(&r.got, r.watch,
			      IMON_EVENT_CREATE | IMON_EVENT_LINK, "t");
	must(write(fd, "x", 1));
	close(fd);
	rig_drain(&r);
	good = linked && records_cover(&r.got, r.watch, "t");
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

/* A write by handle when no dentry of the file is in memory: as nfsd does. */
static bool by_handle(void)
{
	char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	struct file_handle *handle = (struct file_handle *)space;
	struct rig r;
	int mount_id, mount_fd, fd;
	bool good;

	make_dir("tree/d");
	put("tree/d/f", "text");
	memset(space, 0, sizeof(space));
	handle->handle_bytes = MAX_HANDLE_SZ;
	must(name_to_handle_at(AT_FDCWD, "tree/d/f", handle, &mount_id, 0));
	mount_fd = must(open("out", O_RDONLY | O_DIRECTORY));
	rig_up(&r, &monitor_defaults);
	drop_caches();
	fd = must(open_by_handle_at(mount_fd, handle, O_WRONLY));
	must(write(fd, "x", 1));
	close(fd);
	close(mount_fd);
	rig_drain(&r);
	good = records_cover(&r.got, r.watch, "d/f");
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

/* Flags as of chattr(1), of which not every kernel tells. */
static bool flags(void)
{
	int fd, witness, value = 0;
	bool good, seen;
	struct rig r;

	touch("tree/f");
	fd = must(open("tree/f", O_RDONLY | O_CLOEXEC));
	if (ioctl(fd, FS_IOC_SETFLAGS, &value)) {
		close(fd);
		return fixture_skip("the filesystem has no such flags");
	}
	rig_up(&r, &monitor_defaults);
	witness = witness_call("tree/f", IN_ATTRIB);
	value = FS_NODUMP_FL;
	must(ioctl(fd, FS_IOC_SETFLAGS, &value));
	close(fd);
	seen = witness_saw(witness);
	rig_drain(&r);
	good = seen == !!records_find(&r.got, r.watch, IMON_EVENT_ATTRIB, "f");
	ksft_print_msg("FS_IOC_SETFLAGS is %s\n",
		       seen ? "told" : "not told by this kernel");
	rig_down(&r);
	return good;
}

/* Names longer than a record may hold: the nearest ancestor that fits. */
static bool deep_below_the_limit(void)
{
	char name[201], path[8192];
	struct rig r;
	size_t len;
	int fd, up;

	memset(name, 'n', 200);
	name[200] = '\0';
	fd = must(open("tree", O_RDONLY | O_DIRECTORY));
	path[0] = '\0';
	for (len = 0; len < IMON_NAMES_MAX + 600; len += 201) {
		must(mkdirat(fd, name, 0755));
		up = fd;
		fd = must(openat(up, name, O_RDONLY | O_DIRECTORY));
		close(up);
		strcat(path, name);
		strcat(path, "/");
	}
	rig_up(&r, &monitor_defaults);
	must(mknodat(fd, "f", S_IFREG | 0644, 0));
	close(fd);
	rig_drain(&r);
	strcat(path, "f");
	bool good = r.got.n == 1 && r.got.v[0].mask & IMON_EVENT_DIRTY &&
		    r.got.v[0].mask & IMON_EVENT_RECURSIVE &&
		    r.got.v[0].path && strlen(r.got.v[0].path) > 2000 &&
		    records_cover(&r.got, r.watch, path);

	if (!good)
		show_records(&r.got, 2);
	rig_down(&r);
	return good;
}

/* Trees may lie in one another: each watch is told, from its own root. */
static bool nested_trees(void)
{
	uint32_t inner;
	struct rig r;
	bool good;

	make_dir("tree/d");
	rig_up(&r, &monitor_defaults);
	inner = rig_watch(&r, "tree/d");
	touch("tree/d/f");
	touch("tree/g");
	rig_drain(&r);
	good = r.got.n == 3 &&
	       records_find(&r.got, r.watch, IMON_EVENT_CREATE, "d/f") &&
	       records_find(&r.got, inner, IMON_EVENT_CREATE, "f") &&
	       records_find(&r.got, r.watch, IMON_EVENT_CREATE, "g");
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

/* Two monitors on one tree know nothing of each other. */
static bool two_monitors(void)
{
	struct rig a, b;
	bool good;

	rig_up(&a, &monitor_defaults);
	rig_up(&b, &monitor_defaults);
	touch("tree/f");
	rig_drain(&a);
	rig_down(&a);
	touch("tree/g");
	rig_drain(&b);
	good = b.got.n == 2 &&
	       records_find(&b.got, b.watch, IMON_EVENT_CREATE, "f") &&
	       records_find(&b.got, b.watch, IMON_EVENT_CREATE, "g");
	rig_down(&b);
	return good;
}

/* Only the events that a watch asked for. */
static bool only_the_mask(void)
{
	struct watch_info watch;
	struct rig r;
	bool good;
	int fd;

	make_dir("tree/d");
	rig_up(&r, &monitor_defaults);
	fd = must(open("tree/d", O_PATH | O_DIRECTORY));
	must_nl(imon_watch_add(&r.nl, r.monitor, fd,
			       IMON_EVENT_CREATE | IMON_EVENT_DELETE, &watch));
	must_nl(imon_watch_del(&r.nl, r.monitor, r.watch));
	close(fd);
	put("tree/d/f", "text");
	must(chmod("tree/d/f", 0600));
	must(unlink("tree/d/f"));
	rig_drain(&r);
	good = r.got.n == 2 && r.got.v[0].mask == IMON_EVENT_CREATE &&
	       r.got.v[1].mask == IMON_EVENT_DELETE;
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

/* What waited when a watch was removed stays; what follows is not told. */
static bool watch_removed(void)
{
	struct watch_info watch;
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	touch("tree/f");
	must_nl(imon_watch_del(&r.nl, r.monitor, r.watch));
	touch("tree/g");
	rig_drain(&r);
	good = r.got.n == 1 &&
	       records_find(&r.got, r.watch, IMON_EVENT_CREATE, "f") &&
	       imon_watch_find(&r.nl, r.monitor, r.watch, &watch) == -ENOENT;
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "an O_TMPFILE that is linked is known by its name", by_tmpfile },
	{ "a write by handle is not lost", by_handle },
	{ "FS_IOC_SETFLAGS is told if Linux tells", flags },
	{ "too long names make an ancestor dirty", deep_below_the_limit },
	{ "nested trees are both told", nested_trees },
	{ "two monitors on one tree are apart", two_monitors },
	{ "a watch gets only what it asked for", only_the_mask },
	{ "a removed watch leaves its records", watch_removed },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
