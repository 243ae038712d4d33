// SPDX-License-Identifier: GPL-2.0
/* Every change of names and attributes, and the records that it makes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>

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

static void make_device(void)
{
	must(mknod("tree/f", S_IFCHR | 0600, 0));
}

static void make_socket(void)
{
	struct sockaddr_un at = {
		.sun_family = AF_UNIX, .sun_path = "tree/f",
	};
	int fd = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

	must(bind(fd, (struct sockaddr *)&at, sizeof(at)));
	close(fd);
}

static void make_d(void)
{
	make_dir("tree/d");
}

static void remove_d(void)
{
	must(rmdir("tree/d"));
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

#define ACL "system.posix_acl_access"

/* May user 1 read "tree/f"; the mode stays as it is. */
static void set_acl(void)
{
	const struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entry[5];
	} acl = {
		{ POSIX_ACL_XATTR_VERSION },
		{ { ACL_USER_OBJ, 6, ACL_UNDEFINED_ID }, { ACL_USER, 4, 1 },
		  { ACL_GROUP_OBJ, 4, ACL_UNDEFINED_ID },
		  { ACL_MASK, 4, ACL_UNDEFINED_ID },
		  { ACL_OTHER, 4, ACL_UNDEFINED_ID } },
	};

	must(setxattr("tree/f", ACL, &acl, sizeof(acl), 0));
}

static void make_f_acl(void)
{
	make_f();
	set_acl();
}

static void remove_acl(void)
{
	must(removexattr("tree/f", ACL));
}

static void change_owner_of_link(void)
{
	must(lchown("tree/l", 1, 1));
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
	{ "mknod of a device makes CREATE", NULL, make_device,
	  .want = { { CREATE, "f" } } },
	{ "bind of a socket makes CREATE", NULL, make_socket,
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
	{ "rmdir makes DELETE", make_d, remove_d,
	  .want = { { DELETE, "d" } } },
	{ "a recursive delete is told bottom up", make_dirs, remove_dirs,
	  .want = { { DELETE, "d/e/f" }, { DELETE, "d/e" },
		    { DELETE, "d" } } },
	{ "make, remove, make again are three records", NULL, make_and_remove,
	  .want = { { CREATE, "f" }, { DELETE, "f" }, { CREATE, "f" } } },
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
	{ "setting an ACL makes ATTRIB", make_f, set_acl,
	  .want = { { ATTRIB, "f" } } },
	{ "removing an ACL makes ATTRIB", make_f_acl, remove_acl,
	  .want = { { ATTRIB, "f" } } },
	{ "lchown of a symlink makes ATTRIB", make_symlink,
	  change_owner_of_link, .want = { { ATTRIB, "l" } } },
	{ "chmod of the root makes ATTRIB of the empty path", NULL,
	  mode_of_root, .want = { { ATTRIB, "" } } },
	{ "nothing merges past another kind", hold_f, mode_between_writes,
	  .want = { { MODIFY, "f" }, { ATTRIB, "f" }, { MODIFY, "f" },
		    { CLOSE, "f" } } },
	{ "names are bytes", NULL, odd_names,
	  .want = { { CREATE, "-rf" }, { CREATE, "a\nb '\"$" },
		    { CREATE, "\xff\xfe" }, { CREATE, NAME_255 } } },
	{ "state: make, remove, make again are one record", NULL,
	  make_and_remove, IMON_MODE_STATE,
	  .want = { { CREATE | DELETE, "f" } } },
	{ "state: create, write and close are one record", NULL, make_f,
	  IMON_MODE_STATE, .want = { { CREATE | MODIFY | CLOSE, "f" } } },
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
