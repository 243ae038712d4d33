// SPDX-License-Identifier: GPL-2.0
/* Every operation on a file and the records that it makes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "change.h"
#include "expect.h"

#define CREATE IMON_EVENT_CREATE
#define DELETE IMON_EVENT_DELETE
#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE
#define ATTRIB IMON_EVENT_ATTRIB
#define LINK IMON_EVENT_LINK
#define MULTILINK IMON_EVENT_MULTILINK

#define TEXT_16 "fifteen letters"
#define TEXT_64 TEXT_16 TEXT_16 TEXT_16 TEXT_16
#define NAME_255 TEXT_64 TEXT_64 TEXT_64 TEXT_64 TEXT_16

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

static void make_linked(void)
{
	make_f();
	must(link("tree/f", "tree/g"));
}

static void make_dirs(void)
{
	make_dir("tree/d");
	make_dir("tree/d/e");
	touch("tree/d/e/f");
}

static void hold_f(void)
{
	make_f();
	held = must(open("tree/f", O_RDWR | O_CLOEXEC));
}

static void create_and_close(void)
{
	close(must(open("tree/f", O_WRONLY | O_CREAT | O_EXCL, 0644)));
}

static void create_for_reading(void)
{
	close(must(open("tree/f", O_RDONLY | O_CREAT | O_EXCL, 0644)));
}

static void make_fifo(void)
{
	must(mkfifo("tree/f", 0644));
}

static void make_d(void)
{
	make_dir("tree/d");
}

static void make_symlink(void)
{
	must(symlink("nowhere", "tree/l"));
}

static void make_link(void)
{
	must(link("tree/f", "tree/g"));
}

static void link_from_outside(void)
{
	must(link("out/f", "tree/g"));
}

static void make_outside(void)
{
	touch("out/f");
}

static void unlink_f(void)
{
	must(unlink("tree/f"));
}

static void remove_dirs(void)
{
	remove_tree("tree/d");
}

static void make_and_remove(void)
{
	touch("tree/f");
	unlink_f();
	touch("tree/f");
}

static void write_once(void)
{
	append("tree/f", 1);
}

static void write_1000(void)
{
	append("tree/f", 1000);
}

static void write_by_turns(void)
{
	int f = must(open("tree/f", O_WRONLY | O_CLOEXEC));
	int g = must(open("tree/g", O_WRONLY | O_CLOEXEC));

	for (int i = 0; i < 10; i++) {
		must(write(f, "x", 1));
		must(write(g, "x", 1));
	}
	close(f);
	close(g);
}

static void write_vector(void)
{
	struct iovec v = { .iov_base = "xy", .iov_len = 2 };

	must(pwritev(held, &v, 1, 100));
	close(held);
}

static void send_file(void)
{
	int in = must(open("tree/g", O_RDONLY | O_CLOEXEC));

	must(sendfile(held, in, NULL, 4));
	close(in);
	close(held);
}

static void hold_f_make_g(void)
{
	hold_f();
	put("tree/g", "text");
}

static void allocate(void)
{
	must(fallocate(held, 0, 0, 8192));
	close(held);
}

static void truncate_path(void)
{
	must(truncate("tree/f", 1));
}

static void truncate_fd(void)
{
	must(ftruncate(held, 1));
	close(held);
}

static void truncate_open(void)
{
	close(must(open("tree/f", O_WRONLY | O_TRUNC | O_CLOEXEC)));
}

static void store_mapped(void)
{
	char *map = mmap(NULL, 4, PROT_READ | PROT_WRITE, MAP_SHARED, held, 0);

	must(map == MAP_FAILED ? -1 : 0);
	close(held);
	map[0] = 'X';
	must(munmap(map, 4));
}

static void change_mode(void)
{
	must(chmod("tree/f", 0600));
}

static void change_owner(void)
{
	must(chown("tree/f", 1, 1));
}

static void change_times(void)
{
	must(utimes("tree/f", NULL));
}

static void set_xattr(void)
{
	must(setxattr("tree/f", "trusted.imon", "1", 1, 0));
}

static void make_f_xattr(void)
{
	make_f();
	set_xattr();
}

static void remove_xattr(void)
{
	must(removexattr("tree/f", "trusted.imon"));
}

static void mode_between_writes(void)
{
	must(write(held, "x", 1));
	must(fchmod(held, 0600));
	must(write(held, "x", 1));
	close(held);
}

static void mode_of_root(void)
{
	must(chmod("tree", 0700));
}

static void write_unlinked(void)
{
	must(write(held, "x", 1));
	close(held);
}

static void hold_unlinked(void)
{
	hold_f();
	unlink_f();
}

static void read_only(void)
{
	char c;

	must(read(held, &c, 1));
	must(access("tree/f", R_OK));
	close(held);
}

static void hold_read_only(void)
{
	make_f();
	held = must(open("tree/f", O_RDONLY | O_CLOEXEC));
}

static void change_outside(void)
{
	make_dir("tree2");
	put("tree2/f", "text");
	put("out/f", "text");
}

static void odd_names(void)
{
	touch("tree/-rf");
	touch("tree/a\nb '\"$");
	touch("tree/\xff\xfe");
	touch("tree/" NAME_255);
}

static const struct operation operations[] = {
	{ "creat makes CREATE and CLOSE_WRITE", NULL, create_and_close,
	  .want = { { CREATE, "f" }, { CLOSE, "f" } } },
	{ "a read-only creat makes CREATE", NULL, create_for_reading,
	  .want = { { CREATE, "f" } } },
	{ "mkfifo makes CREATE", NULL, make_fifo,
	  .want = { { CREATE, "f" } } },
	{ "mkdir makes CREATE", NULL, make_d,
	  .want = { { CREATE, "d" } } },
	{ "symlink makes CREATE", NULL, make_symlink,
	  .want = { { CREATE, "l" } } },
	{ "link makes ATTRIB and CREATE LINK", make_f, make_link,
	  .want = { { ATTRIB, "f" }, { CREATE | LINK, "g" } },
	  .may = { { ATTRIB, "g" } } },
	{ "link from outside makes CREATE LINK", make_outside,
	  link_from_outside, .want = { { CREATE | LINK, "g" } },
	  .may = { { ATTRIB, "g" } } },
	{ "unlink makes DELETE", make_f, unlink_f,
	  .want = { { DELETE, "f" } } },
	{ "unlink of one name tells the other", make_linked, unlink_f,
	  .want = { { ATTRIB, "g" }, { DELETE, "f" } },
	  .may = { { ATTRIB, "f" } } },
	{ "a recursive delete is told bottom up", make_dirs, remove_dirs,
	  .want = { { DELETE, "d/e/f" }, { DELETE, "d/e" },
		    { DELETE, "d" } } },
	{ "make, remove, make again are three records", NULL, make_and_remove,
	  .want = { { CREATE, "f" }, { DELETE, "f" }, { CREATE, "f" } } },
	{ "write makes MODIFY and CLOSE_WRITE", make_f, write_once,
	  .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "1000 writes make one MODIFY", make_f, write_1000,
	  .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "writes to two files by turns merge", make_f_g, write_by_turns,
	  .want = { { MODIFY, "f" }, { MODIFY, "g" },
		    { CLOSE, "f" }, { CLOSE, "g" } } },
	{ "pwritev makes MODIFY", hold_f, write_vector,
	  .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "sendfile makes MODIFY", hold_f_make_g, send_file,
	  .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "fallocate makes MODIFY", hold_f, allocate,
	  .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "truncate makes MODIFY", make_f, truncate_path,
	  .want = { { MODIFY, "f" } } },
	{ "ftruncate makes MODIFY", hold_f, truncate_fd,
	  .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "open with O_TRUNC makes MODIFY", make_f, truncate_open,
	  .want = { { MODIFY, "f" }, { CLOSE, "f" } } },
	{ "a store into a mapping makes CLOSE_WRITE at its end", hold_f,
	  store_mapped, .want = { { CLOSE, "f" } } },
	{ "chmod makes ATTRIB", make_f, change_mode,
	  .want = { { ATTRIB, "f" } } },
	{ "chown makes ATTRIB", make_f, change_owner,
	  .want = { { ATTRIB, "f" } } },
	{ "utimes makes ATTRIB", make_f, change_times,
	  .want = { { ATTRIB, "f" } } },
	{ "setxattr makes ATTRIB", make_f, set_xattr,
	  .want = { { ATTRIB, "f" } } },
	{ "removexattr makes ATTRIB", make_f_xattr, remove_xattr,
	  .want = { { ATTRIB, "f" } } },
	{ "chmod of the root makes ATTRIB of the empty path", NULL,
	  mode_of_root, .want = { { ATTRIB, "" } } },
	{ "nothing merges past another kind", hold_f, mode_between_writes,
	  .want = { { MODIFY, "f" }, { ATTRIB, "f" }, { MODIFY, "f" },
		    { CLOSE, "f" } } },
	{ "writing to a file of two names says MULTILINK", make_linked,
	  truncate_path, .want = { { MODIFY | MULTILINK, "f" } },
	  .may = { { MODIFY | MULTILINK, "g" } } },
	{ "an unlinked open file makes nothing", hold_unlinked,
	  write_unlinked, .want = { } },
	{ "reading makes nothing", hold_read_only, read_only, .want = { } },
	{ "changes beside the tree make nothing", NULL, change_outside,
	  .want = { } },
	{ "names are bytes", NULL, odd_names,
	  .want = { { CREATE, "-rf" }, { CREATE, "a\nb '\"$" },
		    { CREATE, "\xff\xfe" }, { CREATE, NAME_255 } } },
	{ "state: create, write and close are one record", NULL, make_f,
	  IMON_MODE_STATE, .want = { { CREATE | MODIFY | CLOSE, "f" } } },
	{ "state: writes to two files are two records", make_f_g,
	  write_by_turns, IMON_MODE_STATE,
	  .want = { { MODIFY | CLOSE, "f" }, { MODIFY | CLOSE, "g" } } },
	{ "state: mode between writes is one record", hold_f,
	  mode_between_writes, IMON_MODE_STATE,
	  .want = { { MODIFY | ATTRIB | CLOSE, "f" } } },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(operations), 0);
	for (unsigned int i = 0; i < n_places; i++)
		for (size_t k = 0; k < ARRAY_LEN(operations); k++)
			test_operation(&places[i], &operations[k]);
	fixture_end();
}
