// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "subject.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

#include "../kselftest/fixture.h"

static char buffer[1 << 16] __attribute__((aligned(8)));

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
	const char *name;

	if (ev->event_len <= sizeof(*ev))
		return false;
	if (resolve)
		resolve_path(handle);
	name = (char *)handle->f_handle + handle->handle_bytes;
	return subject_is_end(name, strlen(name));
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
	.name = "fanotify", .watch = watch_fanotify,
	.drain = drain_fanotify, .leave = leave_fanotify,
};

const struct subject subject_fanotify_path = {
	.name = "fanotify-path", .watch = watch_fanotify_path,
	.drain = drain_fanotify, .leave = leave_fanotify,
};
