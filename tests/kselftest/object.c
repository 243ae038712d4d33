// SPDX-License-Identifier: GPL-2.0
/* Watched directories and inodes: how long they are known, and what it costs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define MODIFY IMON_EVENT_MODIFY
#define ATTRIB IMON_EVENT_ATTRIB
#define FILES 1000

static bool only(struct rig *r, uint32_t watch, uint32_t mask, const char *path)
{
	bool good;

	rig_drain(r);
	good = r->got.n == !!mask &&
	       (!mask || (r->got.v[0].mask == mask &&
			  records_find(&r->got, watch, mask, path)));
	if (!good)
		show_records(&r->got, 8);
	return good;
}

/* The end of a filesystem is not delayed, and is told. */
static bool unmounted(void)
{
	struct module_info before, after;
	uint32_t dir, inode, file;
	struct rig r;
	bool good;

	rig_begin(&r, &monitor_defaults);
	must_nl(imon_module_get(&r.nl, &before));
	must(mount("none", "out", "tmpfs", 0, NULL));
	touch("out/f");
	dir = rig_watch_scope(&r, "out", IMON_SCOPE_DIR, 0);
	inode = rig_watch_scope(&r, "out", IMON_SCOPE_INODE, 0);
	file = rig_watch_scope(&r, "out/f", IMON_SCOPE_INODE, 0);
	must(umount("out"));
	rig_drain(&r);
	must_nl(imon_module_get(&r.nl, &after));
	good = r.got.n == 3 && after.filesystems == before.filesystems &&
	       records_find(&r.got, dir, IMON_EVENT_UNMOUNT, "") &&
	       records_find(&r.got, inode, IMON_EVENT_UNMOUNT, "") &&
	       records_find(&r.got, file, IMON_EVENT_UNMOUNT, "") &&
	       rig_state(&r, dir) == IMON_WATCH_STATE_UNMOUNTED &&
	       rig_state(&r, file) == IMON_WATCH_STATE_UNMOUNTED;
	if (!good)
		show_records(&r.got, 8);
	must_nl(imon_watch_del(&r.nl, r.monitor, dir));
	must_nl(imon_watch_del(&r.nl, r.monitor, file));
	rig_down(&r);
	return good;
}

/* Numbers do not last there: the inode is held instead. */
static bool overlay(void)
{
	uint32_t dir, file;
	struct rig r;
	bool good;

	make_dir("tree/lower");
	make_dir("tree/upper");
	make_dir("tree/work");
	put("tree/lower/f", "text");
	if (mount("none", "out", "overlay", 0,
		  "lowerdir=tree/lower,upperdir=tree/upper,workdir=tree/work"))
		return fixture_skip("no overlayfs over it");
	rig_begin(&r, &monitor_defaults);
	dir = rig_watch_scope(&r, "out", IMON_SCOPE_DIR, IMON_EVENT_CREATE);
	file = rig_watch_scope(&r, "out/f", IMON_SCOPE_INODE, MODIFY);
	drop_caches();
	append("out/f", 1);
	good = only(&r, file, MODIFY, "");
	touch("out/g");
	good &= only(&r, dir, IMON_EVENT_CREATE, "g");
	must(umount("out"));
	rig_drain(&r);
	good = good && r.got.n == 2 &&
	       records_find(&r.got, dir, IMON_EVENT_UNMOUNT, "") &&
	       records_find(&r.got, file, IMON_EVENT_UNMOUNT, "");
	rig_down(&r);
	return good;
}

static bool refused(struct rig *r, const char *what, int rc, int error)
{
	bool good = rc == -error && r->nl.sentence[0];

	if (!good)
		ksft_print_msg("%s: %s '%s'\n", what,
			       rc ? strerror(-rc) : "accepted", r->nl.sentence);
	return good;
}

static bool add_refused(struct rig *r, int fd, uint32_t scope, int error)
{
	struct watch_info info;

	return refused(r, "watch-add",
		       imon_watch_add_scope(&r->nl, r->monitor, fd, scope, 0,
					    &info), error);
}

/* One of each kind for one object in one monitor. */
static bool all_scopes_at_once(void)
{
	uint32_t tree, dir, inode, other;
	struct rig r, s;
	bool good;
	int fd;

	rig_begin(&r, &monitor_defaults);
	rig_begin(&s, &monitor_defaults);
	tree = rig_watch(&r, "tree");
	dir = rig_watch_scope(&r, "tree", IMON_SCOPE_DIR, 0);
	inode = rig_watch_scope(&r, "tree", IMON_SCOPE_INODE, 0);
	other = rig_watch_scope(&s, "tree", IMON_SCOPE_INODE, 0);
	fd = must(open("tree", O_PATH));
	good = add_refused(&r, fd, IMON_SCOPE_DIR, EEXIST) &&
	       add_refused(&r, fd, IMON_SCOPE_INODE, EEXIST);
	close(fd);
	must(chmod("tree", 0700));
	rig_drain(&r);
	good = good && r.got.n == 3 &&
	       records_find(&r.got, tree, ATTRIB, "") &&
	       records_find(&r.got, dir, ATTRIB, "") &&
	       records_find(&r.got, inode, ATTRIB, "");
	must_nl(imon_watch_del(&r.nl, r.monitor, inode));
	touch("tree/f");
	rig_drain(&r);
	good = good && r.got.n == 2 &&
	       records_find(&r.got, tree, IMON_EVENT_CREATE, "f") &&
	       records_find(&r.got, dir, IMON_EVENT_CREATE, "f");
	rig_down(&r);
	good &= only(&s, other, ATTRIB, "");
	rig_down(&s);
	return good;
}

/* The root of a filesystem is its own parent, which is not one more name. */
static bool root_of_filesystem(void)
{
	uint32_t dir;
	struct rig r;
	bool good;

	must(mount("none", "out", "tmpfs", 0, NULL));
	rig_begin(&r, &monitor_defaults);
	dir = rig_watch_scope(&r, "out", IMON_SCOPE_DIR, 0);
	must(chmod("out", 0700));
	good = only(&r, dir, ATTRIB, "");
	rig_down(&r);
	must(umount("out"));
	return good;
}

static bool unlinked_already(void)
{
	struct rig r;
	bool good;
	int fd;

	put("tree/f", "text");
	fd = must(open("tree/f", O_RDONLY | O_CLOEXEC));
	must(unlink("tree/f"));
	rig_begin(&r, &monitor_defaults);
	good = add_refused(&r, fd, IMON_SCOPE_INODE, ENOENT);
	close(fd);
	fd = must(open("tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	must(rmdir("tree"));
	good &= add_refused(&r, fd, IMON_SCOPE_DIR, ENOENT);
	close(fd);
	rig_down(&r);
	return good;
}

static ino_t number_of(const char *path)
{
	struct stat st;

	must(lstat(path, &st));
	return st.st_ino;
}

/* A later file may get the number; it is another one. */
static bool number_reused(void)
{
	uint32_t watch;
	struct rig r;
	ino_t number;
	bool good;

	touch("tree/f");
	number = number_of("tree/f");
	rig_begin(&r, &monitor_defaults);
	watch = rig_watch_scope(&r, "tree/f", IMON_SCOPE_INODE, 0);
	must(unlink("tree/f"));
	good = only(&r, watch, IMON_EVENT_ROOT_DELETED, "");
	for (int i = 0; i < 100; i++) {
		touch("tree/f");
		if (number_of("tree/f") == number)
			break;
		must(unlink("tree/f"));
	}
	if (access("tree/f", F_OK)) {
		rig_down(&r);
		return good && fixture_skip("numbers are not used again");
	}
	append("tree/f", 1);
	good &= only(&r, watch, 0, NULL);
	watch = rig_watch_scope(&r, "tree/f", IMON_SCOPE_INODE, 0);
	must(chmod("tree/f", 0600));
	good &= only(&r, watch, ATTRIB, "");
	rig_down(&r);
	return good;
}

static const char *file(int i)
{
	static char path[32];

	snprintf(path, sizeof(path), "tree/f%d", i);
	return path;
}

static long inodes_in_memory(void)
{
	FILE *f = fopen("/proc/sys/fs/inode-nr", "r");
	long n = -1;

	if (!f || fscanf(f, "%ld", &n) != 1)
		ksft_exit_fail_msg("cannot read inode-nr\n");
	fclose(f);
	return n;
}

/* Whether what a disk keeps is soon all but forgotten, watched or not. */
static bool forgotten(long before)
{
	for (int i = 0; i < 100; i++) {
		drop_caches();
		if (inodes_in_memory() < before + FILES / 2)
			return true;
	}
	ksft_print_msg("%ld inodes, before %ld\n", inodes_in_memory(), before);
	return false;
}

static bool nothing_is_pinned(void)
{
	uint32_t watch[FILES];
	struct statfs fs;
	struct rig r;
	bool good;
	long before;

	must(statfs("tree", &fs));
	for (int i = 0; i < FILES; i++)
		touch(file(i));
	drop_caches();
	before = inodes_in_memory();
	rig_begin(&r, &monitor_defaults);
	for (int i = 0; i < FILES; i++)
		watch[i] = rig_watch_scope(&r, file(i), IMON_SCOPE_INODE, 0);
	good = fs.f_type == TMPFS_MAGIC || forgotten(before);
	for (int i = 0; i < FILES; i += 100) {
		must(chmod(file(i), 0600));
		good &= only(&r, watch[i], ATTRIB, "");
	}
	rig_down(&r);
	return good;
}

/* What finds them shrinks with their number. */
static bool few_of_many(void)
{
	uint32_t watch[FILES];
	struct rig r;
	bool good;

	rig_begin(&r, &monitor_defaults);
	for (int i = 0; i < FILES; i++) {
		touch(file(i));
		watch[i] = rig_watch_scope(&r, file(i), IMON_SCOPE_INODE, 0);
	}
	for (int i = 0; i < FILES; i++)
		if (i % 10)
			must_nl(imon_watch_del(&r.nl, r.monitor, watch[i]));
	for (int i = 0; i < FILES; i++)
		must(chmod(file(i), 0600));
	rig_drain(&r);
	good = r.got.n == FILES / 10;
	for (int i = 0; i < FILES; i += 10)
		good &= !!records_find(&r.got, watch[i], ATTRIB, "");
	rig_down(&r);
	return good;
}

/* Records come to the inode at once, to directories as soon as they can. */
static bool by_handle(void)
{
	char space[sizeof(struct file_handle) + MAX_HANDLE_SZ] = { };
	struct file_handle *handle = (struct file_handle *)space;
	bool inode_told = false, dir_told = false;
	int mount_id, mount_fd, fd;
	uint32_t dir, inode;
	struct rig r;

	put("tree/f", "text");
	handle->handle_bytes = MAX_HANDLE_SZ;
	must(name_to_handle_at(AT_FDCWD, "tree/f", handle, &mount_id, 0));
	mount_fd = must(open("out", O_RDONLY | O_DIRECTORY));
	rig_begin(&r, &monitor_defaults);
	dir = rig_watch_scope(&r, "tree", IMON_SCOPE_DIR, 0);
	inode = rig_watch_scope(&r, "tree/f", IMON_SCOPE_INODE, 0);
	drop_caches();
	fd = must(open_by_handle_at(mount_fd, handle, O_WRONLY));
	must(write(fd, "x", 1));
	close(fd);
	close(mount_fd);
	do {
		rig_drain(&r);
		inode_told |= !!records_find(&r.got, inode, MODIFY, "");
		dir_told |= records_cover(&r.got, dir, "f");
	} while (!(inode_told && dir_told) &&
		 !nl_wait_wake(&r.nl, NL_DEADLINE_MS));
	rig_down(&r);
	return inode_told && dir_told;
}

/* Without room a directory is dirty; an inode never is. */
static bool no_room(uint32_t mode)
{
	struct monitor_new in = { .queue_bytes = 4096, .mode = mode };
	uint32_t dir, inode;
	bool good = true;
	struct rig r;

	put("out/f", "text");
	rig_begin(&r, &in);
	dir = rig_watch_scope(&r, "tree", IMON_SCOPE_DIR, 0);
	inode = rig_watch_scope(&r, "out/f", IMON_SCOPE_INODE, 0);
	for (int i = 0; i < FILES; i++)
		touch(file(i));
	for (int i = 0; i < FILES; i++) {
		append("out/f", 1);
		must(chmod("out/f", 0600 + i % 8));
	}
	rig_drain(&r);
	for (int i = 0; i < FILES; i++)
		good &= records_cover(&r.got, dir, strchr(file(i), '/') + 1);
	good = good && records_find(&r.got, inode, MODIFY, "") &&
	       records_find(&r.got, inode, ATTRIB, "") &&
	       records_find(&r.got, inode, IMON_EVENT_CLOSE_WRITE, "") &&
	       !records_find(&r.got, inode, IMON_EVENT_DIRTY, "");
	if (!good)
		show_records(&r.got, 64);
	rig_down(&r);
	return good;
}

static bool no_room_log(void)
{
	return no_room(IMON_MODE_LOG);
}

static bool no_room_state(void)
{
	return no_room(IMON_MODE_STATE);
}

static void btrfs(const char *in, unsigned long request, const char *name,
		  int source)
{
	int dir = must(open(in, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct btrfs_ioctl_vol_args_v2 args = { .fd = source };

	snprintf(args.name, sizeof(args.name), "%s", name);
	must(ioctl(dir, request, &args));
	close(dir);
}

/* A snapshot has the numbers, and the generations, of its origin. */
static bool snapshot(void)
{
	struct statfs fs;
	uint32_t watch;
	struct rig r;
	bool good;
	int origin;

	must(statfs("tree", &fs));
	if (fs.f_type != BTRFS_SUPER_MAGIC)
		return fixture_skip("has no snapshots");
	btrfs("tree", BTRFS_IOC_SUBVOL_CREATE_V2, "s", 0);
	put("tree/s/f", "text");
	origin = must(open("tree/s", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	btrfs("tree", BTRFS_IOC_SNAP_CREATE_V2, "t", origin);
	close(origin);
	rig_begin(&r, &monitor_defaults);
	watch = rig_watch_scope(&r, "tree/s/f", IMON_SCOPE_INODE, 0);
	good = number_of("tree/s/f") == number_of("tree/t/f");
	must(chmod("tree/t/f", 0600));
	good &= only(&r, watch, 0, NULL);
	must(chmod("tree/s/f", 0600));
	good &= only(&r, watch, ATTRIB, "");
	rig_down(&r);
	remove_tree("tree/s");
	remove_tree("tree/t");
	return good;
}

static const struct test tests[] = {
	{ "umount is told and not delayed", unmounted },
	{ "overlayfs, where inodes are held", overlay },
	{ "all scopes of one directory at once", all_scopes_at_once },
	{ "the root of a filesystem is told once", root_of_filesystem },
	{ "what has no name any more is refused", unlinked_already },
	{ "a number used again is another file", number_reused },
	{ "1,000 watched inodes are forgotten, and known again",
	  nothing_is_pinned },
	{ "of 1,000 watched inodes every tenth stays", few_of_many },
	{ "a write by handle is told", by_handle },
	{ "log: no room makes the directory dirty", no_room_log },
	{ "state: no room makes the directory dirty", no_room_state },
	{ "a snapshot's file is another file", snapshot },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
