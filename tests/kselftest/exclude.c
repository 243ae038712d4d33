// SPDX-License-Identifier: GPL-2.0
/* Directories that are left out of a tree. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define DELETE IMON_EVENT_DELETE
#define RENAME IMON_EVENT_RENAME
#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE
#define ATTRIB IMON_EVENT_ATTRIB
#define MOVED_IN (RENAME | IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE)

static void make_all(void)
{
	make_dir("tree/x");
	make_dir("tree/x/d");
	put("tree/x/f", "text");
	make_dir("tree/a");
	make_dir("tree/a/d");
	put("tree/a/f", "text");
}

static void make_linked(void)
{
	make_all();
	must(link("tree/x/f", "tree/g"));
	must(access("tree/x/f", F_OK));
}

static void change_below(void)
{
	append("tree/x/f", 10);
	put("tree/x/d/f", "text");
	make_dir("tree/x/d/e");
	must(chmod("tree/x/d", 0700));
	must(rename("tree/x/d", "tree/x/e"));
	must(unlink("tree/x/f"));
}

static void change_itself(void)
{
	must(chmod("tree/x", 0700));
}

static void remove_it(void)
{
	remove_tree("tree/x");
}

static void file_in(void)
{
	must(rename("tree/a/f", "tree/x/g"));
	append("tree/x/g", 1);
}

static void file_out(void)
{
	must(rename("tree/x/f", "tree/a/g"));
	append("tree/a/g", 1);
}

static void dir_in(void)
{
	must(rename("tree/a/d", "tree/x/e"));
	touch("tree/x/e/f");
}

static void dir_out(void)
{
	must(rename("tree/x/d", "tree/a/e"));
	touch("tree/a/e/f");
}

static void from_outside(void)
{
	touch("out/f");
	must(rename("out/f", "tree/x/g"));
	must(rename("tree/x/f", "out/f"));
}

static void move_inside(void)
{
	must(rename("tree/x", "tree/a/y"));
	touch("tree/a/y/g");
}

static void move_parent(void)
{
	must(rename("tree/a", "tree/b"));
	touch("tree/b/d/g");
}

static void out_and_back(void)
{
	must(rename("tree/x", "out/x"));
	touch("out/x/g");
	must(rename("out/x", "tree/y"));
	touch("tree/y/h");
}

static void link_out(void)
{
	must(link("tree/x/f", "tree/g"));
}

static void write_below(void)
{
	append("tree/x/f", 1);
}

static const struct operation operations[] = {
	{ "nothing from below", make_all, change_below, .exclude = "tree/x" },
	{ "its own attributes", make_all, change_itself, .exclude = "tree/x",
	  .want = { { ATTRIB, "x" } } },
	{ "its removal", make_all, remove_it, .exclude = "tree/x",
	  .want = { { DELETE, "x" } } },
	{ "a file moves in", make_all, file_in, .exclude = "tree/x",
	  .want = { { RENAME, "a/f" } } },
	{ "a file moves out", make_all, file_out, .exclude = "tree/x",
	  .want = { { RENAME, NULL, "a/g" }, { MODIFY, "a/g" },
		    { CLOSE, "a/g" } } },
	{ "a directory moves in", make_all, dir_in, .exclude = "tree/x",
	  .want = { { RENAME, "a/d" } } },
	{ "a directory moves out", make_all, dir_out, .exclude = "tree/x",
	  .want = { { MOVED_IN, NULL, "a/e" }, { CREATE, "a/e/f" } } },
	{ "from and to outside of the tree", make_all, from_outside,
	  .exclude = "tree/x" },
	{ "it moves inside the tree", make_all, move_inside,
	  .exclude = "tree/x", .want = { { RENAME, "x", "a/y" } } },
	{ "it moves with its parent", make_all, move_parent,
	  .exclude = "tree/a/d", .want = { { RENAME, "a", "b" } } },
	{ "it moves out of the tree and back", make_all, out_and_back,
	  .exclude = "tree/x",
	  .want = { { RENAME, "x" }, { MOVED_IN, NULL, "y" } } },
	{ "a link from below", make_all, link_out, .exclude = "tree/x",
	  .want = { { CREATE | IMON_EVENT_LINK, "g" } },
	  .may = { { ATTRIB, "g" } } },
	{ "a file below that has a name elsewhere", make_linked, write_below,
	  .exclude = "tree/x", .want = { { MODIFY, "g" }, { CLOSE, "g" } } },
};

static uint32_t excludes(struct rig *r)
{
	struct watch_info info;

	must_nl(imon_watch_find(&r->nl, r->monitor, r->watch, &info));
	return info.excludes;
}

/* Whether the only record since the last time is that @name was made. */
static bool made(struct rig *r, uint32_t watch, const char *name)
{
	bool good;

	rig_drain(r);
	good = name ? r->got.n == 1 && records_find(&r->got, watch, CREATE, name)
		    : !r->got.n;
	if (!good)
		show_records(&r->got, 8);
	return good;
}

static bool nested(void)
{
	struct rig r;
	bool good;

	make_all();
	rig_up(&r, &monitor_defaults);
	must_nl(rig_exclude(&r, "tree/x"));
	must_nl(rig_exclude(&r, "tree/x/d"));
	good = excludes(&r) == 2;
	touch("tree/x/d/1");
	good &= made(&r, r.watch, NULL);
	must_nl(rig_include(&r, "tree/x"));
	touch("tree/x/d/2");
	good &= made(&r, r.watch, NULL) && excludes(&r) == 1;
	touch("tree/x/3");
	good &= made(&r, r.watch, "x/3");
	must_nl(rig_include(&r, "tree/x/d"));
	touch("tree/x/d/4");
	good &= made(&r, r.watch, "x/d/4") && !excludes(&r);
	rig_down(&r);
	return good;
}

/* The name is nothing: who removes the directory ends its exclusion. */
static bool removed(void)
{
	struct rig r;
	bool good;

	make_all();
	rig_up(&r, &monitor_defaults);
	must_nl(rig_exclude(&r, "tree/x"));
	remove_tree("tree/x");
	good = !excludes(&r);
	rig_drain(&r);
	make_dir("tree/x");
	touch("tree/x/f");
	rig_drain(&r);
	good = good && r.got.n == 2 &&
	       records_find(&r.got, r.watch, CREATE, "x/f");
	rig_down(&r);
	return good;
}

/* One monitor leaves out what another has, and what a tree in it has. */
static bool others_see_it(void)
{
	struct rig a, b;
	uint32_t inner;
	bool good;

	make_all();
	rig_up(&a, &monitor_defaults);
	rig_up(&b, &monitor_defaults);
	inner = rig_watch(&a, "tree/x");
	must_nl(rig_exclude(&a, "tree/x"));
	touch("tree/x/g");
	good = made(&a, inner, "g") && made(&b, b.watch, "x/g");
	rig_down(&a);
	touch("tree/x/h");
	good &= made(&b, b.watch, "x/h");
	rig_down(&b);
	return good;
}

static bool refused(struct rig *r, int rc, int error)
{
	bool good = rc == -error && r->nl.sentence[0];

	if (!good)
		ksft_print_msg("%s '%s'\n", rc ? strerror(-rc) : "accepted",
			       r->nl.sentence);
	return good;
}

/* It is where it was as far as its descriptor knows. */
static bool removed_refused(struct rig *r)
{
	bool good;
	int fd;

	make_dir("tree/gone");
	fd = must(open("tree/gone", O_PATH | O_DIRECTORY | O_CLOEXEC));
	must(rmdir("tree/gone"));
	good = refused(r, imon_watch_exclude(&r->nl, r->monitor, r->watch, fd),
		       EINVAL);
	close(fd);
	return good;
}

static bool refusals(void)
{
	struct rig r;
	bool good;

	make_all();
	make_dir("tree/m");
	must(mount("none", "tree/m", "tmpfs", 0, NULL));
	rig_up(&r, &monitor_defaults);
	must_nl(rig_exclude(&r, "tree/x"));
	good = refused(&r, rig_exclude(&r, "tree"), EINVAL) &
	       refused(&r, rig_exclude(&r, "out"), EINVAL) &
	       refused(&r, rig_exclude(&r, "."), EINVAL) &
	       refused(&r, rig_exclude(&r, "tree/m"), EINVAL) &
	       refused(&r, rig_exclude(&r, "tree/a/f"), ENOTDIR) &
	       refused(&r, rig_exclude(&r, "tree/x"), EEXIST) &
	       refused(&r, rig_include(&r, "tree/a"), ENOENT) &
	       refused(&r, rig_include(&r, "tree"), ENOENT);
	good = good && removed_refused(&r) && excludes(&r) == 1;
	r.watch = rig_watch_scope(&r, "tree", IMON_SCOPE_DIR, 0);
	good &= refused(&r, rig_exclude(&r, "tree/a"), EINVAL);
	rig_down(&r);
	must(umount("tree/m"));
	return good;
}

static bool unmounted(void)
{
	struct rig r;
	bool good;

	must(mount("none", "tree", "tmpfs", 0, NULL));
	make_all();
	rig_up(&r, &monitor_defaults);
	must_nl(rig_exclude(&r, "tree/x"));
	must(umount("tree"));
	rig_drain(&r);
	good = r.got.n == 1 && r.got.v[0].mask == IMON_EVENT_UNMOUNT &&
	       !excludes(&r);
	if (!good)
		show_records(&r.got, 8);
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "excluded inside excluded, and included again", nested },
	{ "removed, it is forgotten", removed },
	{ "others see what one leaves out", others_see_it },
	{ "what cannot be excluded is refused", refusals },
	{ "umount is told and not delayed", unmounted },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(operations) + ARRAY_LEN(tests), 0);
	for (unsigned int i = 0; i < n_places; i++)
		for (size_t k = 0; k < ARRAY_LEN(operations); k++)
			test_operation(&places[i], &operations[k]);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
