/* SPDX-License-Identifier: GPL-2.0 */
/* Writing without waiting: io_uring and io_submit, by bare system calls. */
#ifndef IMON_ASYNC_H
#define IMON_ASYNC_H

#include <stdbool.h>
#include <linux/io_uring.h>

/* Each is open at most once; false: the kernel has none. */
bool async_uring_open(void);
bool async_aio_open(void);

/* One byte at the file's start; return when it is written. */
void async_uring_write(int fd, unsigned int sqe_flags);
void async_aio_write(int fd);

void async_uring_close(void);
void async_aio_close(void);

#endif
