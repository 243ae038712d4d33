// SPDX-License-Identifier: GPL-2.0
/* One tree, several mounts: binds, further mounts, overlays. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"
#include "model.h"
#include "witness.h"

/* Changes of every kind through @dir, which shows what "tree" does. */
static bool told_through(const char *dir)
{
	char file[64], other[64];
	struct model m;
	struct rig r;
	bool good;

	put("tree/f", "text");
	make_dir("tree/d");
	model_take(&m, "tree");
	rig_up(&r, &monitor_defaults);
	snprintf(file, sizeof(file), "%s/f", dir);
	snprintf(other, sizeof(other), "%s/d/g", dir);
	append(file, 1);
	must(chmod(file, 0600));
	must(rename(file, other));
	must(link(other, file));
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	good = records_find(&r.got, r.watch, IMON_EVENT_MODIFY, "f") &&
	       records_find(&r.got, r.watch, IMON_EVENT_ATTRIB, "f") &&
	       records_find(&r.got, r.watch, IMON_EVENT_RENAME, "d/g") &&
	       records_find(&r.got, r.watch, IMON_EVENT_LINK, "f") &&
	       !model_differs(&m);
	if (!good)
		show_records(&r.got, EXPECT_MAX);
	model_free(&m);
	rig_down(&r);
	return good;
}

static bool by_bind_mount(void)
{
	bool good;

	make_dir("out/m");
	must(mount("tree", "out/m", NULL, MS_BIND, NULL));
	good = told_through("out/m");
	must(umount("out/m"));
	return good;
}

/* Where the filesystem of the working directory is mounted, and from what. */
static bool find_mount(struct mntent *found, char *names, int size)
{
	FILE *table = setmntent("/proc/self/mounts", "r");
	struct stat here, there;
	bool ok = false;

	must(table ? 0 : -1);
	must(stat(".", &here));
	while (!ok && getmntent_r(table, found, names, size))
		ok = found->mnt_fsname[0] == '/' &&
		     !stat(found->mnt_dir, &there) &&
		     there.st_dev == here.st_dev;
	endmntent(table);
	return ok;
}

static bool by_another_mount(void)
{
	char names[4096], cwd[512], tree[1024];
	struct mntent at;
	bool good;

	if (!find_mount(&at, names, sizeof(names)))
		return fixture_skip("the filesystem has no device");
	must(getcwd(cwd, sizeof(cwd)) ? 0 : -1);
	make_dir("out/m");
	must(mount(at.mnt_fsname, "out/m", at.mnt_type, 0, NULL));
	snprintf(tree, sizeof(tree), "out/m%s/tree", cwd + strlen(at.mnt_dir));
	good = told_through(tree);
	must(umount("out/m"));
	return good;
}

/* Another filesystem mounted inside of the tree is not part of it. */
static bool not_other_filesystem(void)
{
	struct rig r;
	bool good;

	make_dir("tree/m");
	must(mount("none", "tree/m", "tmpfs", 0, NULL));
	rig_up(&r, &monitor_defaults);
	touch("tree/m/f");
	rig_drain(&r);
	good = !r.got.n;
	must(umount("tree/m"));
	rig_down(&r);
	return good;
}

/* An overlay at "out/m", of "out/lower" and @upper; false: not possible. */
static bool overlay(const char *upper)
{
	char options[256];

	make_dir("out/m");
	make_dir("out/lower");
	make_dir("out/work");
	put("out/lower/a", "text");
	put("out/lower/b", "text");
	snprintf(options, sizeof(options),
		 "lowerdir=out/lower,upperdir=%s,workdir=out/work", upper);
	return !mount("none", "out/m", "overlay", 0, options);
}

/* Names and attributes that change below an overlay are told. */
static bool upper_names(void)
{
	struct model m;
	struct rig r;
	bool good;

	if (!overlay("tree"))
		return fixture_skip("the filesystem bears no overlay");
	model_take(&m, "tree");
	rig_up(&r, &monitor_defaults);
	touch("out/m/f");
	make_dir("out/m/d");
	must(rename("out/m/f", "out/m/d/g"));
	must(link("out/m/d/g", "out/m/h"));
	/* Copied up with all that is in it, then changed. */
	must(chmod("out/m/a", 0600));
	must(rename("out/m/a", "out/m/c"));
	/* A whiteout. */
	must(unlink("out/m/b"));
	rig_drain(&r);
	model_note(&m, &r.got, r.watch);
	model_scan(&m);
	good = !model_differs(&m) && r.got.n;
	if (!good)
		show_records(&r.got, 20);
	must(umount("out/m"));
	model_free(&m);
	rig_down(&r);
	return good;
}

/* What is written below an overlay is told if Linux tells anybody. */
static bool upper_data(void)
{
	bool good, seen;
	struct rig r;
	int witness;

	put("tree/f", "text");
	if (!overlay("tree"))
		return fixture_skip("the filesystem bears no overlay");
	rig_up(&r, &monitor_defaults);
	witness = witness_call("tree/f", IN_MODIFY);
	append("out/m/f", 1);
	seen = witness_saw(witness);
	rig_drain(&r);
	good = seen == !!records_find(&r.got, r.watch, IMON_EVENT_MODIFY, "f");
	ksft_print_msg("data below an overlay is %s\n",
		       seen ? "told" : "not told by this kernel");
	must(umount("out/m"));
	rig_down(&r);
	return good;
}

/* The overlay itself is watched: as a container sees it. */
static bool merged(void)
{
	uint32_t watch;
	struct model m;
	struct rig r;
	bool good;

	make_dir("out/upper");
	if (!overlay("out/upper"))
		return fixture_skip("the filesystem bears no overlay");
	model_take(&m, "out/m");
	rig_up(&r, &monitor_defaults);
	watch = rig_watch(&r, "out/m");
	put("out/m/f", "text");
	append("out/m/a", 1);
	must(unlink("out/m/b"));
	must(rename("out/m/f", "out/m/g"));
	rig_drain(&r);
	model_note(&m, &r.got, watch);
	model_scan(&m);
	good = records_find(&r.got, watch, IMON_EVENT_CREATE, "f") &&
	       records_find(&r.got, watch, IMON_EVENT_MODIFY, "a") &&
	       records_find(&r.got, watch, IMON_EVENT_DELETE, "b") &&
	       records_find(&r.got, watch, IMON_EVENT_RENAME, "g") &&
	       !model_differs(&m);
	if (!good)
		show_records(&r.got, 20);
	must(umount("out/m"));
	model_free(&m);
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "a change through a bind mount is a change", by_bind_mount },
	{ "a change through another mount is a change", by_another_mount },
	{ "a filesystem mounted inside is another one", not_other_filesystem },
	{ "names that change below an overlay are told", upper_names },
	{ "data written below an overlay is told if Linux tells", upper_data },
	{ "an overlay can be watched itself", merged },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
