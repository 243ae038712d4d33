// SPDX-License-Identifier: GPL-2.0
/* Renames: within a tree, out of it, into it, between two, and what follows. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define RENAME IMON_EVENT_RENAME
#define SCAN (IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE)
#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE
#define ATTRIB IMON_EVENT_ATTRIB
#define MOVED_TREE (RENAME | IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE)

/* An open file that must survive from prepare to run. */
static int held = -1;

static void make_f(void)
{
	put("tree/f", "text");
}

static void make_f_g(void)
{
	make_f();
	put("tree/g", "text");
}

static void make_dirs(void)
{
	make_dir("tree/d");
	put("tree/d/f", "text");
	make_dir("tree/e");
	touch("tree/e/g");
}

static void make_empty_dirs(void)
{
	make_dir("tree/d");
	touch("tree/d/f");
	make_dir("tree/e");
}

static void make_outside(void)
{
	touch("out/f");
	make_dir("out/d");
	touch("out/d/f");
}

static void rename_f_g(void)
{
	must(rename("tree/f", "tree/g"));
}

static void rename_noreplace(void)
{
	must(renameat2(AT_FDCWD, "tree/f", AT_FDCWD, "tree/g",
		       RENAME_NOREPLACE));
}

static void hold_whiteouts(void)
{
	make_f();
	touch("out/f");
	if (renameat2(AT_FDCWD, "out/f", AT_FDCWD, "out/g", RENAME_WHITEOUT))
		fixture_skip("the filesystem has no RENAME_WHITEOUT");
}

static void rename_whiteout(void)
{
	must(renameat2(AT_FDCWD, "tree/f", AT_FDCWD, "tree/g",
		       RENAME_WHITEOUT));
}

static void rename_onto_existing(void)
{
	must(renameat2(AT_FDCWD, "tree/f", AT_FDCWD, "tree/g",
		       RENAME_NOREPLACE) ? 0 : -1);
}

static void rename_across(void)
{
	must(rename("tree/d/f", "tree/e/h"));
}

static void exchange_files(void)
{
	exchange("tree/f", "tree/g");
}

static void exchange_dirs(void)
{
	exchange("tree/d", "tree/e");
}

static void rename_dir(void)
{
	must(rename("tree/d", "tree/x"));
	touch("tree/x/new");
}

static void rename_dir_onto_empty(void)
{
	must(rename("tree/d", "tree/e"));
}

static void rename_back_and_forth(void)
{
	must(rename("tree/f", "tree/g"));
	must(rename("tree/g", "tree/f"));
	must(rename("tree/f", "tree/g"));
}

static void rename_between_writes(void)
{
	must(truncate("tree/f", 1));
	rename_f_g();
	must(truncate("tree/g", 2));
}

static void rename_dir_between_writes(void)
{
	must(truncate("tree/d/f", 1));
	must(rename("tree/d", "tree/x"));
	must(truncate("tree/x/f", 2));
}

/* The directory is back where it was, but what waits is older than that. */
static void rename_dir_and_back(void)
{
	must(truncate("tree/d/f", 1));
	must(rename("tree/d", "tree/x"));
	must(rename("tree/x", "tree/d"));
	must(truncate("tree/d/f", 2));
}

static void hold_in_dir(void)
{
	make_dirs();
	held = must(open("tree/d/f", O_WRONLY | O_CLOEXEC));
}

static void write_held_in_renamed(void)
{
	must(rename("tree/d", "tree/x"));
	must(write(held, "x", 1));
	close(held);
}

static void same_name_again(void)
{
	rename_f_g();
	touch("tree/f");
	must(truncate("tree/f", 1));
}

static void make_linked_target(void)
{
	make_f_g();
	must(link("tree/g", "tree/h"));
}

static void make_same_inode(void)
{
	make_f();
	must(link("tree/f", "tree/g"));
}

static void move_file_out(void)
{
	must(rename("tree/f", "out/f"));
}

static void move_dir_out(void)
{
	must(rename("tree/d", "out/d"));
	touch("out/d/new");
}

static void move_file_in(void)
{
	must(rename("out/f", "tree/g"));
}

static void move_dir_in(void)
{
	must(rename("out/d", "tree/d"));
	touch("tree/d/new");
}

static void make_f_here_and_there(void)
{
	make_f();
	make_outside();
}

static void exchange_with_outside(void)
{
	exchange("tree/f", "out/f");
}

static const struct operation operations[] = {
	{ "a file gets another name", make_f, rename_f_g,
	  .want = { { RENAME, "f", "g" } } },
	{ "a file gets another folder", make_dirs, rename_across,
	  .want = { { RENAME, "d/f", "e/h" } } },
	{ "RENAME_NOREPLACE is a rename", make_f, rename_noreplace,
	  .want = { { RENAME, "f", "g" } } },
	{ "RENAME_WHITEOUT is a rename", hold_whiteouts, rename_whiteout,
	  .want = { { RENAME, "f", "g" } } },
	{ "a refused rename is nothing", make_f_g, rename_onto_existing,
	  .want = { } },
	{ "over an existing file it is one record", make_f_g, rename_f_g,
	  .want = { { RENAME, "f", "g" } } },
	{ "over a file of two names the other is told", make_linked_target,
	  rename_f_g, .want = { { RENAME, "f", "g" }, { ATTRIB, "h" } } },
	{ "onto another name of the same inode it is nothing",
	  make_same_inode, rename_f_g, .want = { } },
	{ "RENAME_EXCHANGE of files is two records", make_f_g,
	  exchange_files,
	  .want = { { RENAME, "f", "g" }, { RENAME, "g", "f" } } },
	{ "RENAME_EXCHANGE of directories makes both dirty", make_dirs,
	  exchange_dirs,
	  .want = { { RENAME, "d", "e" }, { RENAME, "e", "d" },
		    { SCAN, "d" }, { SCAN, "e" } },
	  .may = { { SCAN, "d" }, { SCAN, "e" } } },
	{ "a directory takes what follows along", make_dirs, rename_dir,
	  .want = { { RENAME, "d", "x" }, { CREATE, "x/new" } } },
	{ "a directory over an empty one is one record", make_empty_dirs,
	  rename_dir_onto_empty, .want = { { RENAME, "d", "e" } } },
	{ "back and forth is three records", make_f, rename_back_and_forth,
	  .want = { { RENAME, "f", "g" }, { RENAME, "g", "f" },
		    { RENAME, "f", "g" } } },
	{ "a write after a rename has the new name", make_f,
	  rename_between_writes,
	  .want = { { MODIFY, "f" }, { RENAME, "f", "g" },
		    { MODIFY, "g" } } },
	{ "nothing merges into the old name of a directory", make_dirs,
	  rename_dir_between_writes,
	  .want = { { MODIFY, "d/f" }, { RENAME, "d", "x" },
		    { MODIFY, "x/f" } } },
	{ "nothing merges past a directory that went and came back",
	  make_dirs, rename_dir_and_back,
	  .want = { { MODIFY, "d/f" }, { RENAME, "d", "x" },
		    { RENAME, "x", "d" }, { MODIFY, "d/f" } } },
	{ "an open file is known by its new path", hold_in_dir,
	  write_held_in_renamed,
	  .want = { { RENAME, "d", "x" }, { MODIFY, "x/f" },
		    { CLOSE, "x/f" } } },
	{ "a new file of the old name is another object", make_f,
	  same_name_again,
	  .want = { { RENAME, "f", "g" }, { CREATE, "f" },
		    { MODIFY, "f" } } },
	{ "a file moves out", make_f, move_file_out,
	  .want = { { RENAME, "f" } } },
	{ "a directory moves out and is silent", make_dirs, move_dir_out,
	  .want = { { RENAME, "d" } } },
	{ "a file moves in", make_outside, move_file_in,
	  .want = { { RENAME, NULL, "g" } } },
	{ "a directory moves in and is dirty", make_outside, move_dir_in,
	  .want = { { MOVED_TREE, NULL, "d" }, { CREATE, "d/new" } } },
	{ "an exchange with outside is out and in", make_f_here_and_there,
	  exchange_with_outside,
	  .want = { { RENAME, "f" }, { RENAME, NULL, "f" } } },
	{ "state: a rename has both names", make_f, rename_f_g,
	  IMON_MODE_STATE, .want = { { RENAME, "f", "g" } } },
	{ "state: nothing merges into the old name of a directory", make_dirs,
	  rename_dir_between_writes, IMON_MODE_STATE,
	  .want = { { MODIFY, "d/f" }, { RENAME, "d", "x" },
		    { MODIFY, "x/f" } } },
};

/* From one watched tree into another, both of one monitor. */
static bool between_trees(void)
{
	const struct record *gone, *come;
	uint32_t out;
	struct rig r;
	bool good;

	make_f();
	rig_up(&r, &monitor_defaults);
	out = rig_watch(&r, "out");
	must(rename("tree/f", "out/g"));
	rig_drain(&r);
	gone = records_find(&r.got, r.watch, RENAME, "f");
	come = records_find(&r.got, out, RENAME, "g");
	good = r.got.n == 2 && gone && !gone->new_path && come &&
	       !come->path && gone->ino == come->ino;
	if (!good)
		show_records(&r.got, EXPECT_MAX);
	rig_down(&r);
	return good;
}

/* Out of an inner tree, inside of an outer one: each sees its own. */
static bool nested_trees(void)
{
	const struct record *outer, *inner;
	uint32_t watch;
	struct rig r;
	bool good;

	make_dirs();
	rig_up(&r, &monitor_defaults);
	watch = rig_watch(&r, "tree/d");
	must(rename("tree/d/f", "tree/h"));
	rig_drain(&r);
	outer = records_find(&r.got, r.watch, RENAME, "d/f");
	inner = records_find(&r.got, watch, RENAME, "f");
	good = r.got.n == 2 && outer && outer->new_path &&
	       !strcmp(outer->new_path, "h") && inner && !inner->new_path;
	if (!good)
		show_records(&r.got, EXPECT_MAX);
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "from one watched tree into another", between_trees },
	{ "out of an inner tree within an outer one", nested_trees },
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
