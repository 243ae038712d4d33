// SPDX-License-Identifier: GPL-2.0
/* What is told of a single directory, and of a single inode. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define DELETE IMON_EVENT_DELETE
#define RENAME IMON_EVENT_RENAME
#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE
#define ATTRIB IMON_EVENT_ATTRIB
#define LINK IMON_EVENT_LINK
#define ROOT_DELETED IMON_EVENT_ROOT_DELETED
#define ROOT_MOVED IMON_EVENT_ROOT_MOVED

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

static void make_outside(void)
{
	put("out/f", "text");
	make_dir("out/d");
	touch("out/d/f");
}

static void make_dirs(void)
{
	make_dir("tree/d");
	make_dir("tree/d/e");
	put("tree/d/e/f", "text");
}

/* With both names in memory. */
static void make_linked(void)
{
	make_f();
	must(link("tree/f", "out/g"));
	must(access("tree/f", F_OK));
}

static void hold_f(void)
{
	make_f();
	held = must(open("tree/f", O_WRONLY | O_CLOEXEC));
}

static void hold_tree(void)
{
	make_dir("out/d");
	held = must(open("tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static void make_symlink(void)
{
	must(symlink("nowhere", "tree/f"));
}

static void make_device(void)
{
	must(mknod("tree/f", S_IFCHR | 0644, makedev(1, 3)));
}

static void unlink_f(void)
{
	must(unlink("tree/f"));
}

static void rename_in(void)
{
	must(rename("out/f", "tree/g"));
	must(rename("out/d", "tree/d"));
}

static void rename_within(void)
{
	must(rename("tree/f", "tree/g"));
}

static void rename_out(void)
{
	must(rename("tree/f", "out/f"));
}

static void rename_over(void)
{
	must(rename("out/f", "tree/f"));
}

static void make_f_and_outside(void)
{
	make_f();
	make_outside();
}

static void exchange_f_g(void)
{
	exchange("tree/f", "tree/g");
}

static void change_mode(void)
{
	must(chmod("tree/f", 0600));
}

static void change_deep(void)
{
	append("tree/d/e/f", 1);
	must(rename("tree/d/e/f", "tree/d/f"));
	must(unlink("tree/d/f"));
	must(chmod("tree/d/e", 0700));
}

static void change_subdir(void)
{
	must(chmod("tree/d", 0700));
	remove_tree("tree/d");
}

static void change_beside(void)
{
	make_dir("tree2");
	put("tree2/f", "text");
	append("out/f", 1);
	must(rename("out/f", "out/g"));
}

static void create_and_write(void)
{
	put("tree/f", "text");
}

static void make_names(void)
{
	make_dir("tree/d");
	must(symlink("nowhere", "tree/l"));
	must(link("out/f", "tree/g"));
}

static void write_elsewhere(void)
{
	append("out/g", 1);
}

static void mode_of_tree(void)
{
	must(chmod("tree", 0700));
}

static void move_tree(void)
{
	must(rename("tree", "out/moved"));
	touch("out/moved/f");
}

static void remove_all(void)
{
	remove_tree("tree");
}

static void overwrite_tree(void)
{
	must(rename("out/d", "tree"));
	close(held);
	touch("tree/f");
}

static void write_chmod_write(void)
{
	must(write(held, "x", 1));
	must(write(held, "x", 1));
	must(fchmod(held, 0600));
	must(write(held, "x", 1));
	close(held);
}

static const struct operation dir_operations[] = {
	{ "directory: creat and write", NULL, create_and_write,
	  .want = { { CREATE, "f" }, { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "directory: mkdir, symlink, link", make_outside, make_names,
	  .want = { { CREATE, "d" }, { CREATE, "l" }, { CREATE | LINK, "g" } },
	  .may = { { ATTRIB, "g" } } },
	{ "directory: unlink", make_f, unlink_f, .want = { { DELETE, "f" } } },
	{ "directory: rename within", make_f, rename_within,
	  .want = { { RENAME, "f", "g" } } },
	{ "directory: rename in", make_outside, rename_in,
	  .want = { { RENAME, NULL, "g" }, { RENAME, NULL, "d" } } },
	{ "directory: rename out", make_f, rename_out,
	  .want = { { RENAME, "f" } } },
	{ "directory: rename over a file", make_f_and_outside, rename_over,
	  .want = { { RENAME, NULL, "f" } } },
	{ "directory: exchange", make_f_g, exchange_f_g,
	  .want = { { RENAME, "f", "g" }, { RENAME, "g", "f" } } },
	{ "directory: chmod of a file", make_f, change_mode,
	  .want = { { ATTRIB, "f" } } },
	{ "directory: write by another name of a file", make_linked,
	  write_elsewhere, .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "directory: a subdirectory's own changes", make_dirs, change_subdir,
	  .want = { { ATTRIB, "d" }, { DELETE, "d" } } },
	{ "directory: nothing from deeper levels", make_dirs, change_deep },
	{ "directory: nothing from beside", make_outside, change_beside },
	{ "directory: its own chmod", NULL, mode_of_tree,
	  .want = { { ATTRIB, "" } } },
	{ "directory: renamed, and on it goes", NULL, move_tree,
	  .want = { { ROOT_MOVED, "" }, { CREATE, "f" } } },
	{ "directory: removed", make_f, remove_all,
	  .want = { { DELETE, "f" }, { ROOT_DELETED, "" } } },
	{ "directory: overwritten while it is open", hold_tree, overwrite_tree,
	  .want = { { ROOT_DELETED, "" } } },
	{ "directory: only what was asked for", NULL, create_and_write,
	  .mask = CREATE | ATTRIB, .want = { { CREATE, "f" } } },
	{ "directory, log: in order", hold_f, write_chmod_write,
	  .want = { { MODIFY, "f" }, { ATTRIB, "f" }, { MODIFY, "f" },
		    { CLOSE, "f" } } },
	{ "directory, state: one record", hold_f, write_chmod_write,
	  IMON_MODE_STATE, .want = { { MODIFY | ATTRIB | CLOSE, "f" } } },
};

static void write_f(void)
{
	append("tree/f", 1000);
}

static void write_through_bind(void)
{
	make_dir("out/bind");
	must(mount("tree", "out/bind", NULL, MS_BIND, NULL));
	append("out/bind/f", 1);
	must(umount("out/bind"));
}

static void truncate_f(void)
{
	must(truncate("tree/f", 1));
}

static void link_f(void)
{
	must(link("tree/f", "out/g"));
}

static void rename_and_write(void)
{
	must(rename("tree/f", "out/x"));
	append("out/x", 1);
}

static void unlink_one_of_two(void)
{
	must(unlink("tree/f"));
	append("out/g", 1);
}

static void overwrite_f(void)
{
	must(rename("tree/g", "tree/f"));
	append("tree/f", 1);
}

static void unlink_and_write(void)
{
	unlink_f();
	must(write(held, "x", 1));
	close(held);
}

static void change_others(void)
{
	append("tree/g", 1);
	must(chmod("tree", 0700));
	must(rename("tree/g", "tree/h"));
	must(rename("tree", "tree2"));
	must(unlink("tree2/h"));
}

static void names_in_tree(void)
{
	put("tree/f", "text");
	must(chmod("tree/f", 0600));
	must(chmod("tree", 0700));
	unlink_f();
	must(rmdir("tree"));
}

static void change_symlink(void)
{
	must(lchown("tree/f", 1, 1));
	unlink_f();
}

static const struct operation inode_operations[] = {
	{ "inode: 1000 writes", make_f, write_f,
	  .want = { { MODIFY, "" }, { CLOSE, "" } } },
	{ "inode: write by another name", make_linked, write_elsewhere,
	  .want = { { MODIFY, "" }, { CLOSE, "" } } },
	{ "inode: write through a bind mount", make_f, write_through_bind,
	  .want = { { MODIFY, "" }, { CLOSE, "" } } },
	{ "inode: chmod", make_f, change_mode, .want = { { ATTRIB, "" } } },
	{ "inode: truncate", make_f, truncate_f, .want = { { MODIFY, "" } } },
	{ "inode: a further name", make_f, link_f, .want = { { ATTRIB, "" } } },
	{ "inode: renamed, and on it goes", make_f, rename_and_write,
	  .want = { { ROOT_MOVED, "" }, { MODIFY, "" }, { CLOSE, "" } } },
	{ "inode: exchanged", make_f_g, exchange_f_g,
	  .want = { { ROOT_MOVED, "" } } },
	{ "inode: one of two names gone", make_linked, unlink_one_of_two,
	  .want = { { ATTRIB, "" }, { MODIFY, "" }, { CLOSE, "" } } },
	{ "inode: the last name gone", make_f, unlink_f,
	  .want = { { ROOT_DELETED, "" } } },
	{ "inode: the last name overwritten", make_f_g, overwrite_f,
	  .want = { { ROOT_DELETED, "" } } },
	{ "inode: nothing once it has no name", hold_f, unlink_and_write,
	  .want = { { ROOT_DELETED, "" } } },
	{ "inode: nothing from others", make_f_g, change_others },
	{ "inode: a directory without its names", NULL, names_in_tree,
	  .root = "tree", .want = { { ATTRIB, "" }, { ROOT_DELETED, "" } } },
	{ "inode: a symlink", make_symlink, change_symlink,
	  .want = { { ATTRIB, "" }, { ROOT_DELETED, "" } } },
	{ "inode: a device node", make_device, change_mode,
	  .want = { { ATTRIB, "" } } },
	{ "inode: only what was asked for", make_linked, write_elsewhere,
	  .mask = ATTRIB },
	{ "inode, log: in order", hold_f, write_chmod_write,
	  .want = { { MODIFY, "" }, { ATTRIB, "" }, { MODIFY, "" },
		    { CLOSE, "" } } },
	{ "inode, state: one record", hold_f, write_chmod_write,
	  IMON_MODE_STATE, .want = { { MODIFY | ATTRIB | CLOSE, "" } } },
};

static void run(const struct operation *ops, size_t n, uint32_t scope,
		const char *root)
{
	for (unsigned int i = 0; i < n_places; i++)
		for (size_t k = 0; k < n; k++) {
			struct operation op = ops[k];

			op.scope = scope;
			op.root = op.root ? op.root : root;
			test_operation(&places[i], &op);
		}
}

int main(void)
{
	fixture_begin(ARRAY_LEN(dir_operations) + ARRAY_LEN(inode_operations),
		      0);
	run(dir_operations, ARRAY_LEN(dir_operations), IMON_SCOPE_DIR, "tree");
	run(inode_operations, ARRAY_LEN(inode_operations), IMON_SCOPE_INODE,
	    "tree/f");
	fixture_end();
}
