// SPDX-License-Identifier: GPL-2.0
/* Delivery: wake, pull, acknowledge, and again after the reader changed. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

#define FILES 2000

static const struct monitor_new named = { .name = "ksft.deliver" };

static void make_files(const char *prefix, int n)
{
	char path[64];

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "tree/%s%d", prefix, i);
		touch(path);
	}
}

/* Whether records @from.. are the creations of prefix0, prefix1 and so on. */
static bool are_creations(const struct records *r, size_t from,
			  const char *prefix, int first, int n)
{
	char path[64];

	if (from + n > r->n)
		return false;
	for (int i = 0; i < n; i++) {
		const struct record *got = &r->v[from + i];

		snprintf(path, sizeof(path), "%s%d", prefix, first + i);
		if (got->mask != IMON_EVENT_CREATE || !got->path ||
		    strcmp(got->path, path))
			return false;
	}
	return true;
}

/* A named monitor on "tree" that nobody reads. */
static uint32_t make_named(struct nl_sock *nl)
{
	struct rig r;

	rig_up(&r, &named);
	*nl = (struct nl_sock){ 0 };
	must_nl(nl_open(nl));
	rig_down(&r);
	return r.monitor;
}

static bool wake_comes(void)
{
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	touch("tree/f");
	good = !nl_wait_wake(&r.nl, NL_DEADLINE_MS) &&
	       r.nl.wake_monitor == r.monitor &&
	       r.nl.wake_instance == r.instance && r.nl.wake_seq;
	rig_drain(&r);
	good = good && r.got.n == 1;
	touch("tree/g");
	good = good && !nl_wait_wake(&r.nl, NL_DEADLINE_MS);
	rig_down(&r);
	return good;
}

/* Until the queue was drained one wake is enough, however much comes. */
static bool wake_comes_once(void)
{
	struct monitor_new in = { .window_us = 1000 };
	struct rig r;
	bool good;

	rig_up(&r, &in);
	touch("tree/f");
	good = !nl_wait_wake(&r.nl, NL_DEADLINE_MS);
	make_files("g", 200);
	/* The absence of a wake is no event to wait for. */
	good = good && nl_wait_wake(&r.nl, 100) == -ETIMEDOUT;
	rig_drain(&r);
	good = good && r.got.n == 201;
	rig_down(&r);
	return good;
}

/* One record and the end of the dump take one message, and one recv(). */
static bool end_comes_along(void)
{
	_Alignas(struct nlmsghdr) char buf[4096];
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	static struct nl_msg msg;
	struct rig r;
	bool good;
	int n;

	rig_up(&r, &monitor_defaults);
	touch("tree/f");
	must_nl(nl_wait_wake(&r.nl, NL_DEADLINE_MS));
	nl_start(&msg, r.nl.family, NLM_F_DUMP, IMON_CMD_EVENT_PULL);
	nl_put_u32(&msg, IMON_A_EVENT_MONITOR, r.monitor);
	must_nl(nl_send(&r.nl, &msg));
	n = nl_recv(&r.nl, buf, sizeof(buf), NL_DEADLINE_MS);
	must_nl(n);
	good = NLMSG_OK(h, (unsigned int)n) && h->nlmsg_type == r.nl.family;
	h = NLMSG_NEXT(h, n);
	good = good && NLMSG_OK(h, (unsigned int)n) && h->nlmsg_type == NLMSG_DONE;
	rig_down(&r);
	return good;
}

/* A writer and a reader at full speed: no wake may get lost between them. */
static bool no_wake_lost(void)
{
	const size_t files = fixture_times(FILES);
	struct rig r;
	size_t got = 0;
	bool good = true;
	pid_t writer;

	rig_up(&r, &monitor_defaults);
	writer = must(fork());
	if (!writer) {
		make_files("f", files);
		_exit(0);
	}
	while (good && got < files) {
		good = !nl_wait_wake(&r.nl, NL_DEADLINE_MS);
		rig_drain(&r);
		good = good && are_creations(&r.got, 0, "f", got, r.got.n);
		got += r.got.n;
		if (good && r.got.n)
			must_nl(imon_event_ack(&r.nl, r.monitor, r.instance,
					       r.got.v[r.got.n - 1].seq));
	}
	if (got != files)
		ksft_print_msg("%zu of %zu\n", got, files);
	waitpid(writer, NULL, 0);
	rig_down(&r);
	return good && got == files;
}

/* Pulls, acknowledges half, says so and waits for its death. */
static void read_half_and_hang(int ready, uint32_t monitor)
{
	struct records got = { 0 };
	struct monitor_info info;
	struct nl_sock nl;

	if (nl_open(&nl) || imon_monitor_attach_id(&nl, monitor, &info) ||
	    imon_drain(&nl, monitor, &got) || got.n != 20 ||
	    imon_event_ack(&nl, monitor, info.instance, got.v[9].seq))
		_exit(1);
	must(write(ready, &got.v[9].seq, sizeof(got.v[9].seq)));
	pause();
	_exit(0);
}

/* kill -9 of a reader: what it did not acknowledge comes again, in order. */
static bool reader_killed(void)
{
	struct records got = { 0 };
	struct monitor_info info;
	struct nl_sock nl;
	uint64_t seq = 0;
	uint32_t monitor;
	int ready[2];
	pid_t reader;
	bool good;

	monitor = make_named(&nl);
	make_files("f", 20);
	must(pipe(ready));
	reader = must(fork());
	if (!reader)
		read_half_and_hang(ready[1], monitor);
	close(ready[1]);
	good = read(ready[0], &seq, sizeof(seq)) == sizeof(seq);
	close(ready[0]);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	make_files("g", 5);
	must_nl(imon_monitor_attach(&nl, named.name, &info));
	good = good && info.acked_seq == seq && info.reader == nl.portid;
	must_nl(imon_drain(&nl, monitor, &got));
	good = good && got.n == 15 && got.v[0].seq > seq &&
	       are_creations(&got, 0, "f", 10, 10) &&
	       are_creations(&got, 10, "g", 0, 5);
	for (size_t i = 1; i < got.n; i++)
		good = good && got.v[i].seq > got.v[i - 1].seq;
	if (!good)
		show_records(&got, 20);
	must_nl(imon_monitor_find(&nl, monitor, &info));
	good = good && info.redelivered == 10 && info.delivered == 25;
	must_nl(imon_monitor_delete(&nl, monitor));
	records_clear(&got);
	nl_close(&nl);
	return good;
}

static bool named_outlives(void)
{
	struct records got = { 0 };
	struct monitor_info info;
	struct nl_sock nl;
	uint32_t monitor;
	bool good;

	monitor = make_named(&nl);
	must_nl(imon_monitor_find(&nl, monitor, &info));
	good = !info.reader && !strcmp(info.name, named.name) &&
	       info.watches == 1;
	make_files("f", 3);
	good = good && imon_pull(&nl, monitor, &got) && !got.n &&
	       nl.sentence[0];
	must_nl(imon_monitor_attach(&nl, named.name, &info));
	good = good && info.id == monitor && info.pending == 3;
	must_nl(imon_drain(&nl, monitor, &got));
	good = good && got.n == 3 && are_creations(&got, 0, "f", 0, 3);
	must_nl(imon_monitor_delete(&nl, monitor));
	good = good && imon_monitor_find(&nl, monitor, &info) == -ENOENT &&
	       imon_pull(&nl, monitor, &got) == -ENOENT;
	records_clear(&got);
	nl_close(&nl);
	return good;
}

static bool anonymous_dies(void)
{
	struct module_info before, after;
	struct monitor_info info;
	struct nl_sock nl;
	struct rig r;
	bool good;

	must_nl(nl_open(&nl));
	must_nl(imon_module_get(&nl, &before));
	rig_up(&r, &monitor_defaults);
	must_nl(imon_module_get(&nl, &after));
	good = after.monitors == before.monitors + 1 &&
	       after.watches == before.watches + 1;
	rig_down(&r);
	must_nl(imon_module_get(&nl, &after));
	good = good && after.monitors == before.monitors &&
	       after.watches == before.watches &&
	       imon_monitor_find(&nl, r.monitor, &info) == -ENOENT;
	nl_close(&nl);
	return good;
}

/* An attached monitor is nobody else's to read, to take or to acknowledge. */
static bool others_refused(void)
{
	struct records stolen = { 0 };
	struct monitor_info info;
	struct nl_sock nl;
	struct rig r;
	bool good;
	int rc;

	must_nl(nl_open(&nl));
	rig_up(&r, &monitor_defaults);
	make_files("f", 3);
	rc = imon_pull(&nl, r.monitor, &stolen);
	good = (rc == -EPERM || rc == -EACCES) && nl.sentence[0] && !stolen.n;
	rc = imon_monitor_attach_id(&nl, r.monitor, &info);
	good = good && rc && nl.sentence[0];
	rig_drain(&r);
	good = good && r.got.n == 3;
	rc = imon_event_ack(&nl, r.monitor, r.instance, r.got.v[0].seq);
	good = good && (rc == -EPERM || rc == -EACCES) && nl.sentence[0];
	rc = imon_monitor_delete(&nl, r.monitor);
	good = good && (rc == -EPERM || rc == -EACCES) && nl.sentence[0];
	must_nl(imon_monitor_find(&nl, r.monitor, &info));
	good = good && info.in_flight == 3 && info.reader == r.nl.portid;
	nl_close(&nl);
	rig_down(&r);
	return good;
}

static bool wrong_acks_refused(void)
{
	struct monitor_info info;
	struct rig r;
	uint64_t seq;
	bool good;
	int rc;

	rig_up(&r, &monitor_defaults);
	make_files("f", 3);
	rig_drain(&r);
	seq = r.got.v[2].seq;
	touch("tree/waits");
	rc = imon_event_ack(&r.nl, r.monitor, r.instance, seq + 1);
	good = (rc == -EINVAL || rc == -ERANGE) && r.nl.sentence[0];
	rc = imon_event_ack(&r.nl, r.monitor, r.instance, UINT64_MAX);
	good = good && (rc == -EINVAL || rc == -ERANGE) && r.nl.sentence[0];
	rc = imon_event_ack(&r.nl, r.monitor, r.instance + 1, seq);
	good = good && rc == -ESTALE && r.nl.sentence[0];
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = good && info.in_flight == 3 && info.pending == 1;
	must_nl(imon_event_ack(&r.nl, r.monitor, r.instance, seq));
	must_nl(imon_monitor_find(&r.nl, r.monitor, &info));
	good = good && !info.in_flight && info.acked_seq == seq;
	rig_down(&r);
	return good;
}

/* Attaches at the signal, says how that went, holds on until told. */
static void race_to_attach(int go, int result, int done)
{
	struct monitor_info info;
	struct nl_sock nl;
	char c;
	int rc;

	must_nl(nl_open(&nl));
	if (read(go, &c, 1))
		_exit(1);
	rc = imon_monitor_attach(&nl, named.name, &info);
	must(write(result, &rc, sizeof(rc)));
	_exit(read(done, &c, 1) ? 1 : 0);
}

static bool one_wins(void)
{
	int go[2], result[2], done[2], rc[2] = { 0, 0 };
	pid_t racers[2];

	must(pipe(go));
	must(pipe(result));
	must(pipe(done));
	for (int i = 0; i < 2; i++) {
		racers[i] = must(fork());
		if (racers[i])
			continue;
		close(go[1]);
		close(done[1]);
		race_to_attach(go[0], result[1], done[0]);
	}
	/* The end of the pipe is the signal, to both at once. */
	close(go[1]);
	close(result[1]);
	for (int i = 0; i < 2; i++)
		if (read(result[0], &rc[i], sizeof(rc[i])) != sizeof(rc[i]))
			rc[0] = rc[1] = -EIO;
	close(done[1]);
	for (int i = 0; i < 2; i++)
		waitpid(racers[i], NULL, 0);
	close(go[0]);
	close(result[0]);
	close(done[0]);
	return (!rc[0] && rc[1] == -EBUSY) || (!rc[1] && rc[0] == -EBUSY);
}

static bool attach_race(void)
{
	struct nl_sock nl;
	uint32_t monitor;
	bool good = true;

	monitor = make_named(&nl);
	for (int i = 0; i < 20 && good; i++)
		good = one_wins();
	must_nl(imon_monitor_delete(&nl, monitor));
	nl_close(&nl);
	return good;
}

static const struct test tests[] = {
	{ "a wake comes, and again after a pull", wake_comes },
	{ "one wake is enough until the pull", wake_comes_once },
	{ "the end of a pull comes with the last record", end_comes_along },
	{ "no wake gets lost at full speed", no_wake_lost },
	{ "a killed reader's records come again in order", reader_killed },
	{ "a named monitor collects without a reader", named_outlives },
	{ "an anonymous monitor dies with its socket", anonymous_dies },
	{ "another socket is refused", others_refused },
	{ "wrong acknowledgements are refused", wrong_acks_refused },
	{ "of two that attach one wins", attach_race },
};

int main(void)
{
	fixture_begin(ARRAY_LEN(tests), 0);
	fixture_run(tests, ARRAY_LEN(tests));
	fixture_end();
}
