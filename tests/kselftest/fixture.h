/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every program here needs around its tests: the module loaded, a
 * scratch folder on each filesystem, a watched tree in it.
 */
#ifndef IMON_FIXTURE_H
#define IMON_FIXTURE_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "imon_cmd.h"
#include "ksft.h"

/* Ends the program when a system call that is no subject of a test fails. */
#define must(call)							\
	({								\
		__typeof__(call) must_rc = (call);			\
		if (must_rc < 0)					\
			ksft_exit_fail_msg("%s:%d: %s: %s\n", __FILE__,	\
				__LINE__, #call, strerror(errno));	\
		must_rc;						\
	})

/* The same for what returns -errno. */
#define must_nl(call)							\
	({								\
		int must_rc = (call);					\
		if (must_rc < 0)					\
			ksft_exit_fail_msg("%s:%d: %s: %s\n", __FILE__,	\
				__LINE__, #call, strerror(-must_rc));	\
	})

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A filesystem to test on; absent when nothing is mounted there. */
struct place {
	char dir[256];
	const char *name;
	bool present;
};

#define PLACES_MAX 4
#define PLACES_FEW 2
extern struct place places[PLACES_MAX];
extern unsigned int n_places;

/*
 * Loads the module (IMON_KO, else /lib/imon/imon.ko) unless it is there
 * already, finds the places (IMON_TEST_DIRS, else /mnt/ext4, tmpfs, xfs and
 * btrfs) and prints the plan. Skips everything without root or module.
 */
void fixture_begin(unsigned int tests_per_place, unsigned int tests_once);

/* The same for what takes long: on the first few places only. */
void fixture_begin_long(unsigned int tests_per_place, unsigned int tests_once);

/* A test that works in a fresh scratch folder and says whether all is well. */
struct test {
	const char *name;
	bool (*run)(void);
};

/* Runs each test on each place. */
void fixture_run(const struct test *tests, size_t n);

/* The same on one place. */
void fixture_run_on(const struct place *p, const struct test *tests, size_t n);

/* The same on the first place only, for what no filesystem has a part in. */
void fixture_run_once(const struct test *tests, size_t n);

/* The first place that is present, else the first. */
const struct place *fixture_place(void);

/* One verdict; all go through here, since each C file counts for itself. */
void fixture_result(bool good, const char *where, const char *name);

/* Says why a test cannot be made here; its verdict is then "skipped". */
bool fixture_skip(const char *reason);
bool fixture_skips(void);

/* Unloads what was loaded, says how it went and ends the program. */
void fixture_end(void);

/* Whether the tests may unload the module: nobody else had loaded it. */
bool fixture_owns_module(void);

/*
 * Deletes all monitors; whether then nothing of a module is left that is still
 * the one loaded as @instance.
 */
bool fixture_nothing_left(uint32_t instance);
int module_load(void);
int module_load_with(const char *parameters);
int module_unload(void);

/*
 * Makes an empty scratch folder with a "tree" and an "out" folder and makes
 * it the working directory; the one before is removed.
 */
void scratch_enter(const struct place *p);
void scratch_leave(void);
void remove_tree(const char *path);

/* A watched folder and the socket that reads about it. */
struct rig {
	struct nl_sock nl;
	uint32_t monitor, instance, watch;
	struct records got;
};

extern const struct monitor_new monitor_defaults;

/* A monitor as @in wants it; rig_up() also lets it watch the tree "tree". */
void rig_begin(struct rig *r, const struct monitor_new *in);
void rig_up(struct rig *r, const struct monitor_new *in);
void rig_down(struct rig *r);

/* Watches @path too, as a tree or as @scope with @mask: the watch's id. */
uint32_t rig_watch(struct rig *r, const char *path);
uint32_t rig_watch_scope(struct rig *r, const char *path, uint32_t scope,
			 uint32_t mask);
uint32_t rig_state(struct rig *r, uint32_t watch);

/* What the watch's tree leaves out from now on, or not any more: 0 or -errno. */
int rig_exclude(struct rig *r, const char *path);
int rig_include(struct rig *r, const char *path);

/* Drops what was got before and takes all that waits. */
void rig_drain(struct rig *r);

/*
 * How often a test does what it does @n times: the percentage of it that LOAD
 * says, if it does. Less where a kernel is slow, more in search of a race.
 */
unsigned int fixture_times(unsigned int n);

/* The seed of random tests: SEED, else from the clock; printed. */
unsigned int fixture_seed(void);

/* Lets the kernel forget every inode and name that nobody uses. */
void drop_caches(void);

/* Prints records, at most @max of them. */
void show_records(const struct records *r, size_t max);

#endif
