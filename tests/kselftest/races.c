// SPDX-License-Identifier: GPL-2.0
/*
 * Everything that makes or ends something, against everything that does: two
 * processes, each with one kind of step, until both have made their number of
 * them. A step may find that the other was faster; what counts is that the
 * kernel has no complaint, every request is answered, and afterwards nothing
 * is left and the module can be unloaded. This file is the program that is
 * run, too: with an argument it ends at once.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

#define STEPS 5
#define NAME "ksft.races"

/* The filesystem that is unmounted, and the root of the tree on it. */
#define FS "fs"
#define ROOT FS "/tree"
#define ELSEWHERE FS "/elsewhere"
#define FOLDER ROOT "/folder"
#define PROGRAM ROOT "/program"
#define FILE_A ROOT "/a"
#define FILE_B FOLDER "/b"

/* Any result will do, but there must be one. */
static bool asked(int rc)
{
	if (rc == -ETIMEDOUT) {
		ksft_print_msg("a request was not answered\n");
		_exit(1);
	}
	return !rc;
}

static bool open_socket(struct nl_sock *s)
{
	return asked(nl_open(s));
}

/* The root, the folder in it or the program. */
static const char *any_path(void)
{
	static const char *const paths[] = { ROOT, FOLDER, PROGRAM };

	return paths[rand() % ARRAY_LEN(paths)];
}

/* As any scope that it can be. */
static void watch(struct nl_sock *s, uint32_t monitor)
{
	uint32_t programs = rand() % 2 ? IMON_EVENT_EXEC | IMON_EVENT_EXIT : 0;
	struct watch_info info;
	int fd = open(any_path(), O_PATH | O_CLOEXEC);
	int folder = open(FOLDER, O_PATH | O_CLOEXEC);

	if (asked(imon_watch_add_scope(s, monitor, fd,
				       rand() % (IMON_SCOPE_INODE + 1),
				       programs | IMON_EVENT_MODIFY |
				       IMON_EVENT_CREATE, &info)) &&
	    asked(imon_watch_exclude(s, monitor, info.id, folder)) && rand() % 2)
		asked(imon_watch_include(s, monitor, info.id, folder));
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
}

/* The named monitor, which is made when there is none. */
static bool find(struct nl_sock *s, struct monitor_info *info)
{
	const struct monitor_new in = { .name = NAME, .queue_bytes = 4096 };

	return asked(imon_monitor_create(s, &in, info)) ||
	       asked(imon_monitor_find_name(s, NAME, info));
}

static void read_some(struct nl_sock *s, const struct monitor_info *info)
{
	struct records got = { 0 };

	if (asked(imon_pull(s, info->id, &got)) && got.n)
		asked(imon_event_ack(s, info->id, info->instance,
				     got.v[got.n - 1].seq));
	records_clear(&got);
}

/* With the classic door as well. */
static int load(void)
{
	return module_load_with("chardev=1");
}

static void reload(void)
{
	module_unload();
	load();
}

static void attach(void)
{
	struct monitor_info info;
	struct nl_sock s;

	if (!open_socket(&s))
		return;
	if (find(&s, &info) && asked(imon_monitor_attach_id(&s, info.id, &info)))
		read_some(&s, &info);
	nl_close(&s);
}

static void delete_monitor(void)
{
	struct monitor_info info;
	struct nl_sock s;

	if (!open_socket(&s))
		return;
	if (find(&s, &info))
		asked(imon_monitor_delete(&s, info.id));
	nl_close(&s);
}

static void add_watch(void)
{
	struct monitor_info info;
	struct nl_sock s;

	if (!open_socket(&s))
		return;
	if (find(&s, &info))
		watch(&s, info.id);
	nl_close(&s);
}

static void delete_watch(void)
{
	struct watch_info found;
	struct monitor_info info;
	struct nl_sock s;

	if (!open_socket(&s))
		return;
	if (find(&s, &info)) {
		watch(&s, info.id);
		if (asked(imon_watch_first(&s, info.id, &found)))
			asked(imon_watch_del(&s, info.id, found.id));
	}
	nl_close(&s);
}

static void close_socket(void)
{
	struct monitor_info info;
	struct nl_sock s;

	if (!open_socket(&s))
		return;
	if (asked(imon_monitor_create(&s, &monitor_defaults, &info))) {
		watch(&s, info.id);
		read_some(&s, &info);
	}
	nl_close(&s);
}

/* One who asks and takes back, while another reads: both have it open. */
static void use_door(void)
{
	famstat_t told;
	struct interest interest = { any_path(), &told, IMON_CONTENT | IMON_EXEC };
	int fd = open("/dev/imon", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	qelem_t elem[4];
	revoke_t rv;
	pid_t pid;

	if (fd < 0)
		return;
	pid = must(fork());
	if (!pid) {
		while (read(fd, elem, sizeof(elem)) > 0)
			;
		_exit(0);
	}
	if (!ioctl(fd, IMONIOC_EXPRESS, &interest) && rand() % 2) {
		rv = (revoke_t){ told.st_dev, told.st_ino, interest.mask };
		ioctl(fd, IMONIOC_REVOKE, &rv);
	}
	close(fd);
	must(waitpid(pid, NULL, 0));
}

static void make_root(void)
{
	mkdir(ROOT, 0755);
	mkdir(FOLDER, 0755);
	copy_self(PROGRAM);
}

/* One whose inodes are the same after an eviction, or one whose are pinned. */
static int mount_any(void)
{
	return mount("none", FS, rand() % 2 ? "tmpfs" : "ramfs", 0, NULL);
}

/* At once for all who come by name; in truth when its last user is gone. */
static void unmount(void)
{
	umount2(FS, MNT_DETACH);
	mount_any();
	make_root();
}

static void move_root(void)
{
	rename(ROOT, ELSEWHERE);
	rename(ELSEWHERE, ROOT);
}

static void remove_root(void)
{
	remove_tree(ROOT);
	make_root();
}

static void run_program(void)
{
	pid_t pid = must(fork());

	if (!pid) {
		execl(PROGRAM, PROGRAM, "end", NULL);
		_exit(127);
	}
	must(waitpid(pid, NULL, 0));
}

static void change_files(void)
{
	int fd = open(FILE_A, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd >= 0) {
		must(write(fd, "text", 4));
		close(fd);
	}
	rename(FILE_A, FILE_B);
	unlink(FILE_B);
}

static const struct step {
	const char *name;
	void (*run)(void);
} steps[] = {
	{ "rmmod", reload },
	{ "attach", attach },
	{ "delete", delete_monitor },
	{ "watch add", add_watch },
	{ "watch del", delete_watch },
	{ "close", close_socket },
	{ "classic door", use_door },
	{ "umount", unmount },
	{ "rename of the root", move_root },
	{ "rmdir of the root", remove_root },
	{ "exec", run_program },
	{ "change", change_files },
};

/* How many steps each of the two has made. */
static unsigned int *made;

static pid_t start(const struct step *step, int me, unsigned int n)
{
	pid_t pid = must(fork());

	if (pid)
		return pid;
	srand(getpid());
	do {
		step->run();
		__atomic_add_fetch(&made[me], 1, __ATOMIC_RELAXED);
	} while (made[me] < n ||
		 __atomic_load_n(&made[!me], __ATOMIC_RELAXED) < n);
	_exit(0);
}

static bool ended_well(pid_t pid)
{
	int status;

	must(waitpid(pid, &status, 0));
	return !status;
}

static void set_scene(void)
{
	mkdir(FS, 0755);
	must(mount_any());
	make_root();
}

/* Of two who mounted at once both filesystems are there. */
static void clear_scene(void)
{
	while (!umount2(FS, MNT_DETACH))
		;
}

static bool race(const struct step *a, const struct step *b)
{
	unsigned int n = fixture_times(STEPS);
	struct module_info info;
	struct nl_sock s;
	pid_t pids[2];
	bool good;

	set_scene();
	made[0] = 0;
	made[1] = 0;
	pids[0] = start(a, 0, n);
	pids[1] = start(b, 1, n);
	good = ended_well(pids[0]);
	good = ended_well(pids[1]) && good;
	clear_scene();
	/* Of those who reload, the last may have been told that it is busy. */
	load();
	must_nl(nl_open(&s));
	must_nl(imon_module_get(&s, &info));
	nl_close(&s);
	good = fixture_nothing_left(info.instance) && good;
	return !module_unload() && !load() && good;
}

int main(int argc, char **argv)
{
	const size_t n = ARRAY_LEN(steps);
	char name[64];

	(void)argv;
	if (argc > 1)
		return 0;
	fixture_begin(0, n * (n + 1) / 2);
	if (fixture_owns_module())
		reload();
	scratch_enter(fixture_place());
	made = mmap(NULL, 2 * sizeof(*made), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(made == MAP_FAILED ? -1 : 0);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = i; k < n; k++) {
			bool good = !fixture_owns_module() ?
				fixture_skip("others may be using the module") :
				race(&steps[i], &steps[k]);

			snprintf(name, sizeof(name), "%s against %s",
				 steps[i].name, steps[k].name);
			fixture_result(good, fixture_place()->name, name);
		}
	}
	fixture_end();
}
