// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the test guest: sets the machine up, runs the test programs named in
 * its arguments (paths below /tests; a folder means all that is in it), and
 * says on a channel of its own, last of all, whether all was well. Who waits
 * for that verdict and does not get it has a red run.
 *
 * Parameters come from the kernel's command line as environment variables:
 *   T=NAME      run only the programs of that name
 *   LIMIT=SEC   time that a program may say nothing
 *   FAULTS=...  make allocations fail, see fault.h
 *   SHELL_IN=1  leave what the programs started running, and open a shell
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "kernel.h"
#include "program.h"

/* As the Makefile makes them and "run" plugs them in. */
static const struct disk {
	const char *device, *dir, *type;
} disks[] = {
	{ "/dev/vda", "/mnt/ext4", "ext4" },
	{ "/dev/vdb", "/mnt/xfs", "xfs" },
	{ "/dev/vdc", "/mnt/btrfs", "btrfs" },
};

#define DISKS (sizeof(disks) / sizeof(*disks))

static struct {
	int passed, failed, skipped, programs;
} sum;

static FILE *verdict;

/* The end without a verdict. */
static void die(const char *what)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void mount_or_die(const char *source, const char *target,
			 const char *type)
{
	mkdir(target, 0755);
	if (mount(source, target, type, 0, NULL))
		die(target);
}

static void open_console(void)
{
	int fd;

	mount_or_die("devtmpfs", "/dev", "devtmpfs");
	fd = open("/dev/console", O_RDWR);
	if (fd < 0)
		_exit(1);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	verdict = fopen("/dev/ttyS1", "we");
	if (!verdict)
		die("/dev/ttyS1");
}

static void mount_all(void)
{
	mount_or_die("proc", "/proc", "proc");
	mount_or_die("sysfs", "/sys", "sysfs");
	mount_or_die("debugfs", "/sys/kernel/debug", "debugfs");
	mount_or_die("devpts", "/dev/pts", "devpts");
	mount_or_die("tmpfs", "/dev/shm", "tmpfs");
	mount_or_die("tmpfs", "/run", "tmpfs");
	mount_or_die("tmpfs", "/tmp", "tmpfs");
	mount_or_die("tmpfs", "/mnt/tmpfs", "tmpfs");
	chmod("/tmp", 01777);
	/* sshd's privilege separation. */
	mkdir("/run/sshd", 0755);
}

static void load_modules(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/busybox", "modprobe", "-a", "virtio_pci",
		      "virtio_blk", "overlay", "loop", "ext4", "xfs",
		      "btrfs", NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		die("modprobe");
}

/* A disk is there a moment after its driver. */
static void mount_disk(const struct disk *disk)
{
	const struct timespec tick = { .tv_nsec = 20000000 };

	for (int i = 0; access(disk->device, F_OK); i++) {
		if (i == 500)
			die(disk->device);
		nanosleep(&tick, NULL);
	}
	mount_or_die(disk->device, disk->dir, disk->type);
}

static void mount_disks(void)
{
	for (size_t i = 0; i < DISKS; i++)
		mount_disk(&disks[i]);
	rmdir("/mnt/ext4/lost+found");
}

static void bring_up_loopback(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		die("lo");
	close(fd);
}

static void set_up(void)
{
	open_console();
	mount_all();
	load_modules();
	mount_disks();
	bring_up_loopback();
	sethostname("imon", 4);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("USER", "root", 1);
	kernel_watch();
	if (!fault_arm())
		die("FAULTS");
}

/* To the console and to who waits for the verdict. */
__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	printf("%s\n", line);
	fflush(stdout);
	fprintf(verdict, "%s\n", line);
	fflush(verdict);
}

static int limit(void)
{
	const char *text = getenv("LIMIT");

	return text ? atoi(text) : 300;
}

static void run_program(const char *path)
{
	const char *wanted = getenv("T"), *name = strrchr(path, '/') + 1;
	struct timespec begin, end;
	const char *reason;
	struct tap tap;

	/* T=watch means watch, and watch.sh too. */
	if (wanted && (strncmp(name, wanted, strlen(wanted)) ||
		       !strchr(".", name[strlen(wanted)])))
		return;
	printf("# %s\n", path);
	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	reason = program_run(path, limit(), getenv("SHELL_IN"), &tap);
	clock_gettime(CLOCK_MONOTONIC, &end);
	/* A program that went wrong as a whole is one failure at least. */
	if (reason && !tap.failed)
		tap.failed = 1;
	sum.programs++;
	sum.passed += tap.passed;
	sum.failed += tap.failed;
	sum.skipped += tap.skipped;
	say("%-24s %3d passed, %d failed, %d skipped in %lld s%s%s",
	    path + strlen("/tests/"), tap.passed, tap.failed, tap.skipped,
	    (long long)(end.tv_sec - begin.tv_sec), reason ? ": " : "",
	    reason ? reason : "");
}

static void run_all_in(const char *folder)
{
	struct dirent **names;
	int count = scandir(folder, &names, NULL, alphasort);

	if (count < 0)
		die(folder);
	for (int i = 0; i < count; i++) {
		char path[PATH_MAX];
		struct stat stat_buf;

		snprintf(path, sizeof(path), "%.1000s/%s", folder, names[i]->d_name);
		if (!stat(path, &stat_buf) && S_ISREG(stat_buf.st_mode) &&
		    stat_buf.st_mode & 0100)
			run_program(path);
		free(names[i]);
	}
	free(names);
}

static void run(const char *what)
{
	struct stat stat_buf;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/tests/%.1000s", what);
	if (stat(path, &stat_buf))
		die(path);
	if (S_ISDIR(stat_buf.st_mode))
		run_all_in(path);
	else
		run_program(path);
}

static void run_shell(void)
{
	pid_t pid = fork();

	if (!pid) {
		setsid();
		ioctl(0, TIOCSCTTY, 1);
		if (chdir("/root"))
			perror("/root");
		execl("/bin/sh", "-sh", NULL);
		_exit(127);
	}
	while (pid > 0 && wait(NULL) != pid)
		;
}

/* The last of what is mounted below a folder, as the file of mounts has it. */
static bool last_below(const char *dir, char *path, size_t size)
{
	const size_t len = strlen(dir);
	FILE *file = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;
	bool found = false;

	while (file && (entry = getmntent(file))) {
		if (strncmp(entry->mnt_dir, dir, len) || entry->mnt_dir[len] != '/')
			continue;
		snprintf(path, size, "%s", entry->mnt_dir);
		found = true;
	}
	if (file)
		endmntent(file);
	return found;
}

/* A test that ends for want of memory leaves what it has mounted. */
static void umount_left(const char *dir)
{
	char path[512];

	while (last_below(dir, path, sizeof(path)) && !umount(path))
		say("%s was left mounted", path);
}

/* What could not be unmounted, or NULL. */
static const char *umount_disks(void)
{
	if (fault_hits_commands())
		for (size_t i = 0; i < DISKS; i++)
			umount_left(disks[i].dir);
	for (size_t i = 0; i < DISKS; i++)
		if (umount(disks[i].dir))
			return disks[i].dir;
	return NULL;
}

/* What only the whole run can show. */
static const char *final_complaint(void)
{
	const char *complaint, *kept;
	int faults = fault_disarm();

	if (faults >= 0)
		say("%d allocations were made to fail", faults);
	if (!faults)
		return "there was nothing to fail";
	complaint = kernel_leak(fault_hits_commands());
	if (complaint)
		return complaint;
	kept = umount_disks();
	if (kept) {
		say("something keeps %s from being unmounted", kept);
		return "a filesystem stays in use";
	}
	return kernel_complaint();
}

int main(int argc, char **argv)
{
	const char *complaint = NULL;

	set_up();
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	if (argc > 1 && !sum.programs)
		complaint = "no such test";
	if (getenv("SHELL_IN"))
		run_shell();
	else if (!complaint)
		complaint = final_complaint();
	if (complaint)
		sum.failed++;
	if (complaint)
		say("%s", complaint);
	sync();
	say("verdict: %s: %d passed, %d failed, %d skipped",
	    sum.failed ? "red" : "green", sum.passed, sum.failed, sum.skipped);
	tcdrain(fileno(verdict));
	reboot(RB_POWER_OFF);
	return 1;
}
