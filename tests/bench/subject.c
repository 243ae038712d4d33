// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "subject.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../kselftest/fixture.h"

#define END "tree/end"

static char buffer[1 << 16] __attribute__((aligned(8)));

static bool is_end(const char *path)
{
	const char *slash = strrchr(path, '/');

	return !strcmp(slash ? slash + 1 : path, "end");
}

static bool nothing(void)
{
	return true;
}

static void leave_nothing(void)
{
}

const struct subject subject_none = { "none", nothing, NULL, leave_nothing };

/* The floor has no reader either. */
static bool load_floor(void)
{
	char here[PATH_MAX - 16], parameter[PATH_MAX];
	bool good;
	int fd;

	if (!getcwd(here, sizeof(here)))
		return false;
	snprintf(parameter, sizeof(parameter), "path=%s", here);
	fd = open("/tests/bench/floor.ko", O_RDONLY | O_CLOEXEC);
	good = fd >= 0 && !syscall(SYS_finit_module, fd, parameter, 0);
	close(fd);
	return good;
}

static void unload_floor(void)
{
	syscall(SYS_delete_module, "floor", O_NONBLOCK);
}

const struct subject subject_floor = {
	"floor", load_floor, NULL, unload_floor
};

static int in = -1;

static int inotify_dir(const char *path, const struct stat *st, int type,
		       struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type != FTW_D)
		return 0;
	return inotify_add_watch(in, path, IN_MODIFY | IN_ATTRIB | IN_MOVE |
				 IN_CLOSE_WRITE | IN_CREATE | IN_DELETE |
				 IN_DELETE_SELF) < 0;
}

static bool watch_inotify(void)
{
	in = inotify_init1(IN_CLOEXEC);
	return in >= 0 && !nftw("tree", inotify_dir, 32, FTW_PHYS);
}

static bool drain_inotify(void)
{
	ssize_t n = must(read(in, buffer, sizeof(buffer)));
	bool end = false;

	for (char *at = buffer; at < buffer + n;) {
		const struct inotify_event *ev = (void *)at;

		if (ev->len && !strcmp(ev->name, "end"))
			end = true;
		at += sizeof(*ev) + ev->len;
	}
	return end;
}

static void leave_inotify(void)
{
	close(in);
}

const struct subject subject_inotify = {
	"inotify", watch_inotify, drain_inotify, leave_inotify
};

static int fan = -1, mount_fd = -1;
static bool resolve;

static bool watch_fanotify(void)
{
	fan = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_REPORT_DFID_NAME |
			    FAN_UNLIMITED_QUEUE, O_RDONLY);
	mount_fd = open("tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fan >= 0 && mount_fd >= 0 &&
	       !fanotify_mark(fan, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
			      FAN_MODIFY | FAN_ATTRIB | FAN_CLOSE_WRITE |
			      FAN_CREATE | FAN_DELETE | FAN_RENAME | FAN_ONDIR,
			      AT_FDCWD, "tree");
}

static bool watch_fanotify_path(void)
{
	resolve = true;
	return watch_fanotify();
}

/* As a user must who wants to know where it was. */
static void resolve_path(struct file_handle *handle)
{
	char link[64], path[PATH_MAX];
	int fd = open_by_handle_at(mount_fd, handle, O_PATH);

	if (fd < 0)
		return;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (readlink(link, path, sizeof(path)) < 0)
		path[0] = '\0';
	close(fd);
}

static bool look(const struct fanotify_event_metadata *ev)
{
	struct fanotify_event_info_fid *fid = (void *)(ev + 1);
	struct file_handle *handle = (void *)fid->handle;

	if (ev->event_len <= sizeof(*ev))
		return false;
	if (resolve)
		resolve_path(handle);
	return is_end((char *)handle->f_handle + handle->handle_bytes);
}

static bool drain_fanotify(void)
{
	const struct fanotify_event_metadata *ev = (void *)buffer;
	ssize_t n = must(read(fan, buffer, sizeof(buffer)));
	bool end = false;

	for (; FAN_EVENT_OK(ev, n); ev = FAN_EVENT_NEXT(ev, n))
		end |= look(ev);
	return end;
}

static void leave_fanotify(void)
{
	close(fan);
	close(mount_fd);
}

const struct subject subject_fanotify = {
	"fanotify", watch_fanotify, drain_fanotify, leave_fanotify
};

const struct subject subject_fanotify_path = {
	"fanotify-path", watch_fanotify_path, drain_fanotify, leave_fanotify
};

static struct rig rig;

static bool watch_imon(uint32_t mode)
{
	const struct monitor_new in = { .mode = mode };

	rig_up(&rig, &in);
	return true;
}

static bool watch_imon_log(void)
{
	return watch_imon(IMON_MODE_LOG);
}

static bool watch_imon_state(void)
{
	return watch_imon(IMON_MODE_STATE);
}

static bool drain_imon(void)
{
	bool end = false;

	must_nl(nl_wait_wake(&rig.nl, NL_DEADLINE_MS));
	records_clear(&rig.got);
	must_nl(imon_pull(&rig.nl, rig.monitor, &rig.got));
	for (size_t i = 0; i < rig.got.n; i++)
		end |= rig.got.v[i].path && is_end(rig.got.v[i].path);
	if (rig.got.n)
		must_nl(imon_event_ack(&rig.nl, rig.monitor, rig.instance,
				       rig.got.v[rig.got.n - 1].seq));
	return end;
}

static void leave_imon(void)
{
	rig_down(&rig);
}

const struct subject subject_imon_log = {
	"imon-log", watch_imon_log, drain_imon, leave_imon
};

const struct subject subject_imon_state = {
	"imon-state", watch_imon_state, drain_imon, leave_imon
};

static struct {
	const struct subject *subject;
	bool reading;
	/* It says 'w' when it watches, 'e' when it was told of the end. */
	int from;
	/* Closed, it leaves. */
	int to;
	pid_t pid;
} now;

static void serve(int out, int stay)
{
	char word = now.subject->watch() ? 'w' : 'n';

	must(write(out, &word, 1));
	if (word == 'w' && now.reading && now.subject->drain) {
		while (!now.subject->drain())
			;
		must(write(out, "e", 1));
	}
	if (read(stay, &word, 1) < 0)
		exit(1);
	now.subject->leave();
	exit(0);
}

static char hear(void)
{
	char word;

	return read(now.from, &word, 1) == 1 ? word : 'x';
}

bool subject_start(const struct subject *s, bool reading)
{
	int from[2], to[2];

	must(pipe2(from, O_CLOEXEC));
	must(pipe2(to, O_CLOEXEC));
	now.subject = s;
	now.reading = reading;
	fflush(stdout);
	now.pid = must(fork());
	if (!now.pid) {
		close(from[0]);
		close(to[1]);
		serve(from[1], to[0]);
	}
	close(from[1]);
	close(to[0]);
	now.from = from[0];
	now.to = to[1];
	if (hear() == 'w')
		return true;
	subject_stop();
	return false;
}

void subject_settle(void)
{
	if (!now.reading || !now.subject->drain)
		return;
	must(mknod(END, S_IFREG | 0644, 0));
	if (hear() != 'e')
		ksft_exit_fail_msg("%s: it went away\n", now.subject->name);
}

void subject_stop(void)
{
	close(now.to);
	waitpid(now.pid, NULL, 0);
	close(now.from);
	unlink(END);
}
