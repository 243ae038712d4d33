// SPDX-License-Identifier: GPL-2.0
/* Every way to change what is in a file, and the records that it makes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/fs.h>

#include "async.h"
#include "change.h"
#include "expect.h"

#define MODIFY IMON_EVENT_MODIFY
#define CLOSE IMON_EVENT_CLOSE_WRITE
#define MULTILINK IMON_EVENT_MULTILINK

#define BLOCK 4096

/* What stays open from prepare to run. */
static int held = -1;
static int source = -1;

static void make_f(void)
{
	put("tree/f", "text");
}

static void hold_f(void)
{
	make_f();
	held = must(open("tree/f", O_RDWR | O_CLOEXEC));
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

/* Four blocks in "out", so that whole ones can be shared and punched. */
static void hold_blocks(void)
{
	char block[4 * BLOCK] = "text";

	put("out/f", "");
	source = must(open("out/f", O_RDWR | O_CLOEXEC));
	must(write(source, block, sizeof(block)));
	must(lseek(source, 0, SEEK_SET));
}

static void hold_f_and_blocks(void)
{
	hold_f();
	hold_blocks();
}

static void hold_f_of_blocks(void)
{
	hold_f_and_blocks();
	must(sendfile(held, source, NULL, 4 * BLOCK));
	close(source);
}

static void close_both(void)
{
	close(held);
	close(source);
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

	must(writev(held, &v, 1));
	close(held);
}

static void write_at(void)
{
	must(pwrite(held, "xy", 2, 100));
	close(held);
}

static void write_vector_at(void)
{
	struct iovec v = { .iov_base = "xy", .iov_len = 2 };

	must(pwritev(held, &v, 1, 100));
	close(held);
}

static void write_vector_flags(void)
{
	struct iovec v = { .iov_base = "xy", .iov_len = 2 };

	must(pwritev2(held, &v, 1, -1, RWF_DSYNC));
	close(held);
}

static void hold_direct(void)
{
	make_f();
	held = open("tree/f", O_WRONLY | O_DIRECT | O_CLOEXEC);
	if (held < 0)
		fixture_skip("the filesystem has no O_DIRECT");
}

static void write_direct(void)
{
	void *block = aligned_alloc(BLOCK, BLOCK);

	memset(block, 'x', BLOCK);
	must(write(held, block, BLOCK));
	close(held);
	free(block);
}

static void splice_pipe(void)
{
	int ends[2];

	must(pipe(ends));
	must(write(ends[1], "xy", 2));
	must(splice(ends[0], NULL, held, NULL, 2, 0));
	close(ends[0]);
	close(ends[1]);
	close(held);
}

static void send_file(void)
{
	must(sendfile(held, source, NULL, BLOCK));
	close_both();
}

static void copy_range(void)
{
	must(copy_file_range(source, NULL, held, NULL, BLOCK, 0));
	close_both();
}

static void hold_cloneable(void)
{
	int fd;

	hold_f_and_blocks();
	fd = must(open("out/g", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	if (ioctl(fd, FICLONE, source))
		fixture_skip("the filesystem has no reflinks");
	close(fd);
}

static void clone_file(void)
{
	must(ioctl(held, FICLONE, source));
	close_both();
}

static void clone_range(void)
{
	struct file_clone_range range = {
		.src_fd = source, .src_length = BLOCK, .dest_offset = BLOCK,
	};

	must(ioctl(held, FICLONERANGE, &range));
	close_both();
}

static void allocate(void)
{
	must(fallocate(held, 0, 0, 2 * BLOCK));
	close(held);
}

static void punch_hole(void)
{
	must(fallocate(held, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, BLOCK,
		       BLOCK));
	close(held);
}

static void hold_zeroable(void)
{
	hold_f_and_blocks();
	if (fallocate(source, FALLOC_FL_ZERO_RANGE, 0, BLOCK))
		fixture_skip("the filesystem has no FALLOC_FL_ZERO_RANGE");
	close(source);
}

static void zero_range(void)
{
	must(fallocate(held, FALLOC_FL_ZERO_RANGE, 0, BLOCK));
	close(held);
}

static void hold_collapsible(void)
{
	hold_f_of_blocks();
	if (fallocate(held, FALLOC_FL_COLLAPSE_RANGE, 0, BLOCK))
		fixture_skip("the filesystem has no FALLOC_FL_COLLAPSE_RANGE");
}

static void collapse_range(void)
{
	must(fallocate(held, FALLOC_FL_COLLAPSE_RANGE, 0, BLOCK));
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
	must(msync(map, 4, MS_SYNC));
	must(munmap(map, 4));
}

static void hold_f_with_uring(void)
{
	hold_f();
	if (!async_uring_open())
		fixture_skip("the kernel has no io_uring");
}

/*
 * A worker thread of the kernel, if it takes one, may have the file for a moment
 * longer than the write takes, but not longer than the process it works for.
 */
static void write_by_uring(unsigned int flags)
{
	pid_t pid = must(fork());

	if (!pid) {
		async_uring_write(held, flags);
		_exit(0);
	}
	must(waitpid(pid, NULL, 0));
	async_uring_close();
	close(held);
}

static void write_uring(void)
{
	write_by_uring(0);
}

static void write_uring_worker(void)
{
	write_by_uring(IOSQE_ASYNC);
}

static void hold_f_with_aio(void)
{
	hold_f();
	if (!async_aio_open())
		fixture_skip("the kernel has no io_submit");
}

static void write_aio(void)
{
	async_aio_write(held);
	async_aio_close();
	close(held);
}

static void write_unlinked(void)
{
	must(write(held, "x", 1));
	close(held);
}

static void hold_unlinked(void)
{
	hold_f();
	must(unlink("tree/f"));
}

static void hold_read_only(void)
{
	make_f();
	held = must(open("tree/f", O_RDONLY | O_CLOEXEC));
}

static void read_only(void)
{
	char c;

	must(read(held, &c, 1));
	must(access("tree/f", R_OK));
	close(held);
}

static void change_outside(void)
{
	make_dir("tree2");
	put("tree2/f", "text");
	put("out/f", "text");
}

#define MODIFY_CLOSE .want = { { MODIFY, "f" }, { CLOSE, "f" } }

static const struct operation operations[] = {
	{ "write makes MODIFY and CLOSE_WRITE", make_f, write_once,
	  MODIFY_CLOSE },
	{ "1000 writes make one MODIFY", make_f, write_1000, MODIFY_CLOSE },
	{ "writes to two files by turns merge", make_f_g, write_by_turns,
	  .want = { { MODIFY, "f" }, { MODIFY, "g" },
		    { CLOSE, "f" }, { CLOSE, "g" } } },
	{ "state: writes to two files are two records", make_f_g,
	  write_by_turns, IMON_MODE_STATE,
	  .want = { { MODIFY | CLOSE, "f" }, { MODIFY | CLOSE, "g" } } },
	{ "writev makes MODIFY", hold_f, write_vector, MODIFY_CLOSE },
	{ "pwrite makes MODIFY", hold_f, write_at, MODIFY_CLOSE },
	{ "pwritev makes MODIFY", hold_f, write_vector_at, MODIFY_CLOSE },
	{ "pwritev2 makes MODIFY", hold_f, write_vector_flags, MODIFY_CLOSE },
	{ "a write with O_DIRECT makes MODIFY", hold_direct, write_direct,
	  MODIFY_CLOSE },
	{ "splice makes MODIFY", hold_f, splice_pipe, MODIFY_CLOSE },
	{ "sendfile makes MODIFY", hold_f_and_blocks, send_file, MODIFY_CLOSE },
	{ "copy_file_range makes MODIFY", hold_f_and_blocks, copy_range,
	  MODIFY_CLOSE },
	{ "FICLONE makes MODIFY", hold_cloneable, clone_file, MODIFY_CLOSE },
	{ "FICLONERANGE makes MODIFY", hold_cloneable, clone_range,
	  MODIFY_CLOSE },
	{ "fallocate makes MODIFY", hold_f, allocate, MODIFY_CLOSE },
	{ "punching a hole makes MODIFY", hold_f_of_blocks, punch_hole,
	  MODIFY_CLOSE },
	{ "FALLOC_FL_ZERO_RANGE makes MODIFY", hold_zeroable, zero_range,
	  MODIFY_CLOSE },
	{ "FALLOC_FL_COLLAPSE_RANGE makes MODIFY", hold_collapsible,
	  collapse_range, MODIFY_CLOSE },
	{ "truncate makes MODIFY", make_f, truncate_path,
	  .want = { { MODIFY, "f" } } },
	{ "ftruncate makes MODIFY", hold_f, truncate_fd, MODIFY_CLOSE },
	{ "open with O_TRUNC makes MODIFY", make_f, truncate_open,
	  MODIFY_CLOSE },
	{ "a write by io_uring makes MODIFY", hold_f_with_uring, write_uring,
	  MODIFY_CLOSE },
	{ "a write by io_uring's worker makes MODIFY", hold_f_with_uring,
	  write_uring_worker, MODIFY_CLOSE },
	{ "a write by io_submit makes CLOSE_WRITE at its end", hold_f_with_aio,
	  write_aio, .want = { { CLOSE, "f" } },
	  .may = { { MODIFY, "f" } } },
	{ "a store into a mapping makes CLOSE_WRITE at its end", hold_f,
	  store_mapped, .want = { { CLOSE, "f" } } },
	{ "writing to a file of two names says MULTILINK", make_linked,
	  truncate_path, .want = { { MODIFY | MULTILINK, "f" } },
	  .may = { { MODIFY | MULTILINK, "g" } } },
	{ "an unlinked open file makes nothing", hold_unlinked,
	  write_unlinked, .want = { } },
	{ "reading makes nothing", hold_read_only, read_only, .want = { } },
	{ "changes beside the tree make nothing", NULL, change_outside,
	  .want = { } },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(operations), 0);
	for (unsigned int i = 0; i < n_places; i++)
		for (size_t k = 0; k < ARRAY_LEN(operations); k++)
			test_operation(&places[i], &operations[k]);
	fixture_end();
}
