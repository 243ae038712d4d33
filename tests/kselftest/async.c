// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "async.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/aio_abi.h>

#include "fixture.h"

static struct {
	int fd;
	struct io_uring_params params;
	char *sq, *cq;
	struct io_uring_sqe *sqe;
} ring;

static aio_context_t aio;

static void *map_ring(size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, ring.fd, what);

	must(at == MAP_FAILED ? -1 : 0);
	return at;
}

static size_t sq_size(void)
{
	return ring.params.sq_off.array +
	       ring.params.sq_entries * sizeof(uint32_t);
}

static size_t cq_size(void)
{
	return ring.params.cq_off.cqes +
	       ring.params.cq_entries * sizeof(struct io_uring_cqe);
}

static size_t sqe_size(void)
{
	return ring.params.sq_entries * sizeof(struct io_uring_sqe);
}

bool async_uring_open(void)
{
	memset(&ring, 0, sizeof(ring));
	ring.fd = syscall(SYS_io_uring_setup, 1, &ring.params);
	if (ring.fd < 0)
		return false;
	ring.sq = map_ring(sq_size(), IORING_OFF_SQ_RING);
	ring.cq = map_ring(cq_size(), IORING_OFF_CQ_RING);
	ring.sqe = map_ring(sqe_size(), IORING_OFF_SQES);
	return true;
}

/* The ring has one entry, at index 0, which is free whenever we are called. */
void async_uring_write(int fd, unsigned int sqe_flags)
{
	uint32_t *sq_tail = (uint32_t *)(ring.sq + ring.params.sq_off.tail);
	uint32_t *cq_head = (uint32_t *)(ring.cq + ring.params.cq_off.head);
	const struct io_uring_cqe *cqe =
		(struct io_uring_cqe *)(ring.cq + ring.params.cq_off.cqes);

	*ring.sqe = (struct io_uring_sqe){
		.opcode = IORING_OP_WRITE, .flags = sqe_flags, .fd = fd,
		.addr = (uintptr_t)"x", .len = 1,
	};
	__atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
	must(syscall(SYS_io_uring_enter, ring.fd, 1, 1, IORING_ENTER_GETEVENTS,
		     NULL, 0));
	must(cqe[*cq_head & (ring.params.cq_entries - 1)].res == 1 ? 0 : -1);
	__atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE);
}

void async_uring_close(void)
{
	munmap(ring.sqe, sqe_size());
	munmap(ring.cq, cq_size());
	munmap(ring.sq, sq_size());
	close(ring.fd);
}

bool async_aio_open(void)
{
	aio = 0;
	return !syscall(SYS_io_setup, 1, &aio);
}

void async_aio_write(int fd)
{
	struct iocb request = {
		.aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = fd,
		.aio_buf = (uintptr_t)"x", .aio_nbytes = 1,
	};
	struct iocb *requests = &request;
	struct io_event event;

	must(syscall(SYS_io_submit, aio, 1, &requests));
	must(syscall(SYS_io_getevents, aio, 1, 1, &event, NULL));
	must(event.res == 1 ? 0 : -1);
}

void async_aio_close(void)
{
	must(syscall(SYS_io_destroy, aio));
}
