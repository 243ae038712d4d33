// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "child.h"

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

void become(uid_t uid)
{
	must(setgroups(0, NULL));
	must(setresgid(uid, uid, uid));
	must(setresuid(uid, uid, uid));
}

int in_child(uid_t uid, int (*what)(void))
{
	int status;
	pid_t pid;

	pid = must(fork());
	if (!pid) {
		become(uid);
		_exit(what());
	}
	must(waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
