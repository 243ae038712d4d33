// SPDX-License-Identifier: GPL-2.0
/* btrfs: subvolumes and snapshots, which come and go with all they hold. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/btrfs.h>
#include <linux/magic.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define DELETE IMON_EVENT_DELETE
#define RENAME IMON_EVENT_RENAME
#define MODIFY IMON_EVENT_MODIFY
#define SCAN (IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE)

static void in_dir(const char *dir, unsigned long request, void *args)
{
	int fd = must(open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	must(ioctl(fd, request, args));
	close(fd);
}

static void subvolume_create(const char *dir)
{
	struct btrfs_ioctl_vol_args args = { .name = "s" };

	in_dir(dir, BTRFS_IOC_SUBVOL_CREATE, &args);
}

/* Of "out/s", as "s" in @dir. */
static void snapshot_create(const char *dir)
{
	struct btrfs_ioctl_vol_args_v2 args = { .name = "s" };

	args.fd = must(open("out/s", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	in_dir(dir, BTRFS_IOC_SNAP_CREATE_V2, &args);
	close(args.fd);
}

static void subvolume_delete(const char *dir)
{
	struct btrfs_ioctl_vol_args args = { .name = "s" };

	in_dir(dir, BTRFS_IOC_SNAP_DESTROY, &args);
}

static void create_in_tree(void)
{
	subvolume_create("tree");
}

static void make_full(void)
{
	create_in_tree();
	make_dir("tree/s/d");
	put("tree/s/d/f", "text");
}

static void make_full_outside(void)
{
	subvolume_create("out");
	make_dir("out/s/d");
	put("out/s/d/f", "text");
}

static void snapshot_in_tree(void)
{
	snapshot_create("tree");
}

static void delete_in_tree(void)
{
	subvolume_delete("tree");
}

static void rmdir_in_tree(void)
{
	must(rmdir("tree/s"));
}

static void change_in_subvolume(void)
{
	must(truncate("tree/s/d/f", 1));
	touch("tree/s/g");
}

static void move_in(void)
{
	must(rename("out/s", "tree/s"));
}

static void move_out(void)
{
	must(rename("tree/s", "out/s"));
}

static const struct operation operations[] = {
	{ "a new subvolume is dirty", NULL, create_in_tree,
	  .want = { { CREATE | SCAN, "s" } } },
	{ "what changes in a subvolume is told", make_full,
	  change_in_subvolume,
	  .want = { { MODIFY, "s/d/f" }, { CREATE, "s/g" } } },
	{ "a snapshot is dirty", make_full_outside, snapshot_in_tree,
	  .want = { { CREATE | SCAN, "s" } } },
	{ "a snapshot is dirty whatever is asked", make_full_outside,
	  snapshot_in_tree, .mask = MODIFY, .want = { { SCAN, "s" } } },
	{ "a subvolume moves in and is dirty", make_full_outside, move_in,
	  .want = { { RENAME | SCAN, NULL, "s" } } },
	{ "a subvolume moves out", make_full, move_out,
	  .want = { { RENAME, "s" } } },
	{ "a deleted subvolume is dirty", make_full, delete_in_tree,
	  .want = { { DELETE | SCAN, "s" } } },
	{ "a removed empty subvolume is dirty", create_in_tree, rmdir_in_tree,
	  .want = { { DELETE | SCAN, "s" } } },
};

/* Linux says nothing of what was in the subvolume, be it watched or not. */
static bool tree_inside(void)
{
	uint32_t inside, beside;
	struct rig r;
	bool good;

	make_full();
	make_dir("tree/d");
	rig_up(&r, &monitor_defaults);
	inside = rig_watch(&r, "tree/s/d");
	beside = rig_watch(&r, "tree/d");
	delete_in_tree();
	rig_drain(&r);
	good = records_cover(&r.got, inside, "f") &&
	       !records_cover(&r.got, beside, "f");
	if (!good)
		show_records(&r.got, EXPECT_MAX);
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "a tree in a deleted subvolume is dirty", tree_inside },
};

static const struct place *btrfs_place(void)
{
	static const struct place none = { .name = "btrfs" };
	struct statfs st;

	for (unsigned int i = 0; i < n_places; i++)
		if (places[i].present && !statfs(places[i].dir, &st) &&
		    st.f_type == BTRFS_SUPER_MAGIC)
			return &places[i];
	return &none;
}

int main(void)
{
	fixture_begin(0, ARRAY_LEN(operations) + ARRAY_LEN(tests));
	for (size_t k = 0; k < ARRAY_LEN(operations); k++)
		test_operation(btrfs_place(), &operations[k]);
	fixture_run_on(btrfs_place(), tests, ARRAY_LEN(tests));
	fixture_end();
}
