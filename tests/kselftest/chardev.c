// SPDX-License-Identifier: GPL-2.0
/* /dev/imon as a program knew it that was written for SGI's. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

#define ALL (IMON_CONTENT | IMON_ATTRIBUTE | IMON_DELETE | IMON_EXEC | \
	     IMON_EXIT | IMON_RENAME)

static int imon = -1;

/* As they did it: the number is in /proc/devices, the node one's own. */
static int open_device(void)
{
	FILE *devices = fopen("/proc/devices", "re");
	int major = 0, fd;
	char line[128];

	if (!devices)
		return -1;
	while (fgets(line, sizeof(line), devices)) {
		char name[64];
		int number;

		if (sscanf(line, "%d %63s", &number, name) == 2 &&
		    !strcmp(name, "imon"))
			major = number;
	}
	fclose(devices);
	if (!major)
		return -1;
	unlink("node");
	must(mknod("node", S_IFCHR | 0600, makedev(major, 0)));
	fd = open("node", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	unlink("node");
	return fd;
}

static bool express(const char *path, intmask_t mask)
{
	famstat_t told;
	struct interest interest = { path, &told, mask };
	struct stat st;

	must(ioctl(imon, IMONIOC_EXPRESS, &interest));
	must(stat(path, &st));
	return told.st_dev == st.st_dev && told.st_ino == st.st_ino;
}

static int revoke_all(const char *path, intmask_t mask)
{
	struct stat st;
	revoke_t rv;

	must(stat(path, &st));
	rv = (revoke_t){ st.st_dev, st.st_ino, mask };
	return ioctl(imon, IMONIOC_REVOKE, &rv);
}

/* What was said of an inode, over all that can be read. */
static intmask_t said(ino_t ino)
{
	intmask_t what = 0;
	qelem_t elem[20];
	ssize_t n;

	while ((n = read(imon, elem, sizeof(elem))) > 0)
		for (size_t i = 0; i < n / sizeof(elem[0]); i++)
			if (elem[i].qe_inode == ino)
				what |= elem[i].qe_what;
	return n < 0 && errno == EAGAIN ? what : -1;
}

static ino_t ino_of(const char *path)
{
	struct stat st;

	must(stat(path, &st));
	return st.st_ino;
}

static bool is(const char *step, intmask_t got, intmask_t want)
{
	if (got != want)
		ksft_print_msg("%s: %#x, not %#x\n", step, got, want);
	return got == want;
}

static bool life_of_a_file(void)
{
	bool good;
	ino_t ino;

	touch("tree/f");
	ino = ino_of("tree/f");
	good = express("tree/f", ALL);
	append("tree/f", 1);
	good &= is("write", said(ino), IMON_CONTENT);
	must(chmod("tree/f", 0600));
	good &= is("chmod", said(ino), IMON_ATTRIBUTE);
	must(rename("tree/f", "tree/g"));
	good &= is("rename", said(ino), IMON_RENAME);
	must(unlink("tree/g"));
	good &= is("unlink", said(ino), IMON_DELETE);
	touch("tree/g");
	append("tree/g", 1);
	return good & is("another", said(ino_of("tree/g")), 0);
}

static bool directory(void)
{
	bool good;
	ino_t ino;

	make_dir("tree/d");
	ino = ino_of("tree/d");
	good = express("tree/d", ALL);
	touch("tree/d/f");
	good &= is("create", said(ino), IMON_CONTENT);
	append("tree/d/f", 1);
	must(chmod("tree/d/f", 0600));
	good &= is("in it", said(ino), 0);
	must(chmod("tree/d", 0700));
	good &= is("chmod", said(ino), IMON_ATTRIBUTE);
	must(rename("tree/d/f", "tree/f"));
	good &= is("rename", said(ino), IMON_CONTENT);
	must(rmdir("tree/d"));
	return good & is("rmdir", said(ino), IMON_DELETE);
}

/* Interest adds up, and is taken back bit by bit. */
static bool masks(void)
{
	bool good;
	ino_t ino;

	touch("tree/f");
	ino = ino_of("tree/f");
	good = express("tree/f", IMON_ATTRIBUTE);
	append("tree/f", 1);
	good &= is("not asked", said(ino), 0);
	good &= express("tree/f", IMON_CONTENT);
	append("tree/f", 1);
	must(chmod("tree/f", 0600));
	good &= is("both", said(ino), IMON_CONTENT | IMON_ATTRIBUTE);
	must(revoke_all("tree/f", IMON_CONTENT));
	append("tree/f", 1);
	good &= is("revoked", said(ino), 0);
	must(revoke_all("tree/f", ALL));
	must(chmod("tree/f", 0644));
	good &= is("all revoked", said(ino), 0);
	return good && revoke_all("tree/f", ALL) < 0 && errno == ENOENT;
}

static bool program(void)
{
	bool good;
	ino_t ino;
	pid_t pid;
	int in[2];

	must(system("cp /bin/busybox tree/cat"));
	ino = ino_of("tree/cat");
	good = express("tree/cat", IMON_EXEC | IMON_EXIT);
	must(pipe2(in, O_CLOEXEC));
	pid = must(fork());
	if (!pid) {
		dup2(in[0], 0);
		execl("tree/cat", "cat", NULL);
		_exit(1);
	}
	close(in[0]);
	must(poll(&(struct pollfd){ .fd = imon, .events = POLLIN }, 1,
		  NL_DEADLINE_MS));
	good &= is("start", said(ino), IMON_EXEC);
	close(in[1]);
	must(waitpid(pid, NULL, 0));
	must(poll(&(struct pollfd){ .fd = imon, .events = POLLIN }, 1,
		  NL_DEADLINE_MS));
	return good & is("end", said(ino), IMON_EXIT);
}

static void run_once(const char *path)
{
	pid_t pid = must(fork());

	if (!pid) {
		execl(path, "true", NULL);
		_exit(1);
	}
	must(waitpid(pid, NULL, 0));
}

/* Who reads late still learns whether it runs: start and end take turns. */
static bool program_twice(void)
{
	const intmask_t want[] = { IMON_EXEC, IMON_EXIT, IMON_EXEC, IMON_EXIT };
	qelem_t elem[20];
	bool good;
	ssize_t n;

	must(system("cp /bin/busybox tree/true"));
	good = express("tree/true", IMON_EXEC | IMON_EXIT);
	run_once("tree/true");
	run_once("tree/true");
	n = must(read(imon, elem, sizeof(elem)));
	good &= n == sizeof(elem[0]) * ARRAY_LEN(want);
	for (size_t i = 0; i < ARRAY_LEN(want) && good; i++)
		good = is("turn", elem[i].qe_what, want[i]);
	return good;
}

/* A read sleeps until there is something, and gets whole elements. */
static bool blocking(void)
{
	qelem_t elem[2];
	bool good;
	pid_t pid;

	touch("tree/f");
	good = express("tree/f", ALL);
	must(fcntl(imon, F_SETFL, 0));
	pid = must(fork());
	if (!pid) {
		append("tree/f", 1);
		_exit(0);
	}
	good &= read(imon, elem, sizeof(elem) - 1) == sizeof(elem[0]) &&
		elem[0].qe_inode == ino_of("tree/f");
	must(waitpid(pid, NULL, 0));
	must(fcntl(imon, F_SETFL, O_NONBLOCK));
	said(0);
	return good;
}

static bool refusals(void)
{
	struct interest nowhere = { "tree/nothing", NULL, ALL };
	struct interest no_mask = { "tree", NULL, 0 };
	struct interest odd_mask = { "tree", NULL, 0x100 };
	struct interest bad_path = { (const char *)1, NULL, ALL };
	struct interest bad_stat = { "tree", (famstat_t *)1, ALL };
	qelem_t elem;
	bool good;

	good = ioctl(imon, IMONIOC_EXPRESS, &nowhere) < 0 && errno == ENOENT;
	good &= ioctl(imon, IMONIOC_EXPRESS, &no_mask) < 0 && errno == EINVAL;
	good &= ioctl(imon, IMONIOC_EXPRESS, &odd_mask) < 0 && errno == EINVAL;
	good &= ioctl(imon, IMONIOC_EXPRESS, &bad_path) < 0 && errno == EFAULT;
	good &= ioctl(imon, IMONIOC_EXPRESS, &bad_stat) < 0 && errno == EFAULT;
	good &= ioctl(imon, IMONIOC_EXPRESS, NULL) < 0 && errno == EFAULT;
	good &= ioctl(imon, 0x1234, NULL) < 0 && errno == ENOTTY;
	good &= read(imon, &elem, sizeof(elem) - 1) < 0 && errno == EINVAL;
	touch("tree/f");
	return good & is("nothing", said(ino_of("tree")), 0) &&
	       open_device() < 0 && errno == EBUSY;
}

/* Reachable by way of /proc, but no place that anybody could tell of. */
static bool no_name(void)
{
	char path[64];
	struct interest interest = { path, NULL, ALL };
	bool good;
	int ends[2];

	must(pipe2(ends, O_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	good = ioctl(imon, IMONIOC_EXPRESS, &interest) < 0 && errno == EINVAL;
	close(ends[0]);
	close(ends[1]);
	return good;
}

/* Far more than one read, or one queue, holds. */
static bool thousands(void)
{
	const int many = fixture_times(3000);
	char name[32];
	int n = 0;

	for (int i = 0; i < many; i++) {
		snprintf(name, sizeof(name), "tree/%d", i);
		touch(name);
		express(name, ALL);
	}
	for (int i = 0; i < many; i++) {
		snprintf(name, sizeof(name), "tree/%d", i);
		must(chmod(name, 0600));
	}
	for (;;) {
		qelem_t elem[20];
		ssize_t got = read(imon, elem, sizeof(elem));

		if (got < 0)
			break;
		n += got / sizeof(elem[0]);
	}
	if (n != many)
		ksft_print_msg("%d of %d\n", n, many);
	return n == many;
}

static bool unmounted(void)
{
	bool good;
	ino_t ino;

	make_dir("out/m");
	must(mount("none", "out/m", "tmpfs", 0, NULL));
	touch("out/m/f");
	ino = ino_of("out/m/f");
	good = express("out/m/f", ALL);
	must(umount("out/m"));
	return good & is("umount", said(ino), IMON_DELETE);
}

static const struct test tests[] = {
	{ "a file is told of from its first to its last", life_of_a_file },
	{ "a directory says when its names change", directory },
	{ "masks add up and are revoked", masks },
	{ "a program starts and ends", program },
	{ "a program that ran twice is told in order", program_twice },
	{ "a read waits", blocking },
	{ "nonsense is refused", refusals },
	{ "a pipe is refused", no_name },
	{ "thousands of interests are told of once each", thousands },
	{ "an umount ends an interest", unmounted },
};

static bool off_by_default(void)
{
	return open_device() < 0;
}

static const struct test without[] = {
	{ "there is no device unless it is asked for", off_by_default },
};

/* The parameter is for the loading only. */
static bool reload(void)
{
	if (!fixture_owns_module())
		return fixture_skip("the module is not ours to load anew");
	must_nl(module_unload());
	must_nl(module_load_with("chardev=1"));
	imon = open_device();
	return imon >= 0;
}

static const struct test loading[] = {
	{ "there is one if it is asked for", reload },
};

static void skip_all(void)
{
	for (unsigned int i = 0; i < n_places; i++)
		for (size_t k = 0; k < ARRAY_LEN(tests); k++)
			fixture_result(fixture_skip("there is no device"),
				       places[i].name, tests[k].name);
}

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), ARRAY_LEN(without) + ARRAY_LEN(loading));
	fixture_run_once(without, ARRAY_LEN(without));
	fixture_run_once(loading, ARRAY_LEN(loading));
	if (imon < 0)
		skip_all();
	else
		fixture_run(tests, ARRAY_LEN(tests));
	close(imon);
	fixture_end();
}
