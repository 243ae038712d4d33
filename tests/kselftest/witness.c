// SPDX-License-Identifier: GPL-2.0
#include "witness.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "fixture.h"

int witness_call(const char *path, uint32_t mask)
{
	int fd = must(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));

	must(inotify_add_watch(fd, path, mask));
	return fd;
}

bool witness_saw(int witness)
{
	int bytes = 0;

	must(ioctl(witness, FIONREAD, &bytes));
	close(witness);
	return bytes;
}
