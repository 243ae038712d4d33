// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "fixture.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

const struct monitor_new monitor_defaults;
struct place places[PLACES_MAX];
unsigned int n_places;

static bool owns_module;
static pid_t main_pid;
static char scratch[512];
static const char *skip_reason;

bool fixture_owns_module(void)
{
	return owns_module;
}

int module_load(void)
{
	return module_load_with("");
}

int module_load_with(const char *parameters)
{
	const char *path = getenv("IMON_KO");
	int fd, rc;

	fd = open(path ? path : "/lib/imon/imon.ko", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return rc;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "imon", O_NONBLOCK) ? -errno : 0;
}

bool fixture_nothing_left(uint32_t instance)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct module_info info;
	struct nl_sock s;
	bool good;

	must_nl(nl_open(&s));
	must_nl(imon_monitor_delete_all(&s, ""));
	/* A filesystem is let go a moment later, of which nothing tells. */
	for (int i = 0; i < NL_DEADLINE_MS; i++) {
		must_nl(imon_module_get(&s, &info));
		if (!info.filesystems)
			break;
		nanosleep(&pause, NULL);
	}
	good = info.instance == instance && !info.monitors && !info.watches &&
	       !info.filesystems;
	if (!good)
		ksft_print_msg("%u monitors, %u watches, %u filesystems left\n",
			       info.monitors, info.watches, info.filesystems);
	nl_close(&s);
	return good;
}

static void leave_nothing_behind(void)
{
	if (getpid() != main_pid)
		return;
	scratch_leave();
	if (owns_module) {
		owns_module = false;
		module_unload();
	}
}

static bool is_mount_point(const char *dir)
{
	struct stat here, above;
	char up[512];

	snprintf(up, sizeof(up), "%s/..", dir);
	return !stat(dir, &here) && !stat(up, &above) &&
	       here.st_dev != above.st_dev;
}

static void find_places(unsigned int max)
{
	const char *own = getenv("IMON_TEST_DIRS");
	char *list = strdup(own ? own : "/mnt/ext4:/mnt/tmpfs:/mnt/xfs:/mnt/btrfs");
	char *save = NULL;

	for (char *dir = strtok_r(list, ":", &save); dir && n_places < max;
	     dir = strtok_r(NULL, ":", &save)) {
		struct place *p = &places[n_places++];
		const char *slash;

		snprintf(p->dir, sizeof(p->dir), "%s", dir);
		slash = strrchr(p->dir, '/');
		p->name = slash ? slash + 1 : p->dir;
		p->present = own ? !access(dir, W_OK) : is_mount_point(dir);
	}
	free(list);
}

static void begin_on(unsigned int max_places, unsigned int tests_per_place,
		     unsigned int tests_once)
{
	struct nl_sock probe;
	int rc;

	main_pid = getpid();
	/* What fork() copies must not be printed twice. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	ksft_print_header();
	if (geteuid())
		ksft_exit_skip("root is needed\n");
	rc = nl_open(&probe);
	if (rc == -ENOENT) {
		rc = module_load();
		owns_module = !rc;
	} else if (!rc) {
		nl_close(&probe);
	}
	if (rc)
		ksft_exit_skip("the module is not there: %s\n", strerror(-rc));
	atexit(leave_nothing_behind);
	find_places(max_places);
	ksft_set_plan(n_places * tests_per_place + tests_once);
}

void fixture_begin(unsigned int tests_per_place, unsigned int tests_once)
{
	begin_on(PLACES_MAX, tests_per_place, tests_once);
}

void fixture_begin_long(unsigned int tests_per_place, unsigned int tests_once)
{
	begin_on(PLACES_FEW, tests_per_place, tests_once);
}

bool fixture_skip(const char *reason)
{
	skip_reason = reason;
	return true;
}

bool fixture_skips(void)
{
	return skip_reason;
}

void fixture_result(bool good, const char *where, const char *name)
{
	if (skip_reason)
		ksft_test_result_skip("%s: %s: %s\n", where, name, skip_reason);
	else
		ksft_test_result(good, "%s: %s\n", where, name);
	skip_reason = NULL;
}

static void run_one(const struct place *p, const struct test *test)
{
	bool good;

	if (p->present) {
		scratch_enter(p);
		good = test->run();
	} else {
		good = fixture_skip("nothing is mounted there");
	}
	fixture_result(good, p->name, test->name);
}

void fixture_run_on(const struct place *p, const struct test *tests, size_t n)
{
	for (size_t k = 0; k < n; k++)
		run_one(p, &tests[k]);
}

void fixture_run(const struct test *tests, size_t n)
{
	for (unsigned int i = 0; i < n_places; i++)
		fixture_run_on(&places[i], tests, n);
}

const struct place *fixture_place(void)
{
	for (unsigned int i = 0; i < n_places; i++)
		if (places[i].present)
			return &places[i];
	return &places[0];
}

void fixture_run_once(const struct test *tests, size_t n)
{
	fixture_run_on(fixture_place(), tests, n);
}

void fixture_end(void)
{
	int rc;

	scratch_leave();
	if (owns_module) {
		owns_module = false;
		rc = module_unload();
		if (rc)
			ksft_exit_fail_msg("cannot unload the module: %s\n",
					   strerror(-rc));
	}
	ksft_finished();
}

static int remove_entry(const char *path, const struct stat *st, int flag,
			struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void remove_tree(const char *path)
{
	nftw(path, remove_entry, 32, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void scratch_leave(void)
{
	if (!scratch[0])
		return;
	must(chdir("/"));
	remove_tree(scratch);
	scratch[0] = '\0';
}

void scratch_enter(const struct place *p)
{
	static unsigned int count;

	scratch_leave();
	snprintf(scratch, sizeof(scratch), "%s/imon.%d.%u", p->dir, getpid(),
		 count++);
	must(mkdir(scratch, 0755));
	must(chdir(scratch));
	must(mkdir("tree", 0755));
	must(mkdir("out", 0755));
}

void rig_begin(struct rig *r, const struct monitor_new *in)
{
	struct monitor_info info;

	memset(r, 0, sizeof(*r));
	must_nl(nl_open(&r->nl));
	must_nl(imon_monitor_create(&r->nl, in, &info));
	r->monitor = info.id;
	r->instance = info.instance;
	if (in->name)
		must_nl(imon_monitor_attach_id(&r->nl, r->monitor, &info));
}

void rig_up(struct rig *r, const struct monitor_new *in)
{
	rig_begin(r, in);
	r->watch = rig_watch(r, "tree");
}

uint32_t rig_watch_scope(struct rig *r, const char *path, uint32_t scope,
			 uint32_t mask)
{
	struct watch_info watch;
	int fd;

	fd = must(open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	must_nl(imon_watch_add_scope(&r->nl, r->monitor, fd, scope, mask,
				     &watch));
	close(fd);
	return watch.id;
}

uint32_t rig_watch(struct rig *r, const char *path)
{
	return rig_watch_scope(r, path, IMON_SCOPE_TREE, 0);
}

int rig_exclude(struct rig *r, const char *path)
{
	int fd = must(open(path, O_PATH | O_CLOEXEC));
	int rc = imon_watch_exclude(&r->nl, r->monitor, r->watch, fd);

	close(fd);
	return rc;
}

int rig_include(struct rig *r, const char *path)
{
	int fd = must(open(path, O_PATH | O_CLOEXEC));
	int rc = imon_watch_include(&r->nl, r->monitor, r->watch, fd);

	close(fd);
	return rc;
}

uint32_t rig_state(struct rig *r, uint32_t watch)
{
	struct watch_info info;

	must_nl(imon_watch_find(&r->nl, r->monitor, watch, &info));
	return info.state;
}

void rig_down(struct rig *r)
{
	records_clear(&r->got);
	nl_close(&r->nl);
}

void rig_drain(struct rig *r)
{
	records_clear(&r->got);
	must_nl(imon_drain(&r->nl, r->monitor, &r->got));
}

unsigned int fixture_times(unsigned int n)
{
	const char *load = getenv("LOAD");
	unsigned long times = n;

	if (load)
		times = times * strtoul(load, NULL, 0) / 100;
	return times ? times : 1;
}

unsigned int fixture_seed(void)
{
	const char *own = getenv("SEED");
	unsigned int seed = time(NULL) ^ getpid();

	if (own)
		seed = strtoul(own, NULL, 0);
	ksft_print_msg("SEED=%u\n", seed);
	return seed;
}

void drop_caches(void)
{
	int fd = must(open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC));

	sync();
	must(write(fd, "2", 1));
	close(fd);
}

void show_records(const struct records *r, size_t max)
{
	for (size_t i = 0; i < r->n && i < max; i++)
		ksft_print_msg("got: %s\n", record_text(&r->v[i]));
	if (r->n > max)
		ksft_print_msg("and %zu more\n", r->n - max);
}
