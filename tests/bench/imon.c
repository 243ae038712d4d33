// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "subject.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../kselftest/fixture.h"

static struct rig rig;
static struct nl_msg msg;
static uint64_t last;

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

static bool watch_more_imon(const char *path)
{
	rig_watch(&rig, path);
	return true;
}

static bool watch_inodes_imon(unsigned int n, const char *(*path)(unsigned int))
{
	static uint32_t ids[IMON_FDS_MAX / sizeof(uint32_t)];
	static int fds[ARRAY_LEN(ids)];
	unsigned int i = 0;

	while (i < n) {
		int most = n - i < ARRAY_LEN(fds) ? n - i : ARRAY_LEN(fds);

		for (int j = 0; j < most; j++)
			fds[j] = must(open(path(i + j), O_PATH | O_NOFOLLOW |
							O_CLOEXEC));
		if (imon_watch_add_many(&rig.nl, rig.monitor, fds, most,
					IMON_SCOPE_INODE, ids) != most)
			return false;
		for (int j = 0; j < most; j++)
			close(fds[j]);
		i += most;
	}
	return true;
}

/* As for the others: what it is called, and no more. Whether that is the end. */
static bool look(const struct nlmsghdr *h)
{
	const char *at = (const char *)NLMSG_DATA(h) + GENL_HDRLEN;
	const char *after = (const char *)h + h->nlmsg_len;
	bool end = false;

	while (at < after) {
		const struct nlattr *a = (const void *)at;
		const char *data = at + NLA_HDRLEN;

		if (a->nla_type == IMON_A_EVENT_SEQ)
			memcpy(&last, data, sizeof(last));
		else if (a->nla_type == IMON_A_EVENT_PATH)
			end = subject_is_end(data, a->nla_len - NLA_HDRLEN);
		at += NLA_ALIGN(a->nla_len);
	}
	return end;
}

/* One datagram; whether the pull goes on. A wake among it is for the next time. */
static bool take(const char *buf, int n, bool *end)
{
	const struct nlmsghdr *h = (const void *)buf;

	for (; NLMSG_OK(h, (unsigned int)n); h = NLMSG_NEXT(h, n)) {
		if (h->nlmsg_seq != rig.nl.seq)
			rig.nl.wakes++;
		else if (h->nlmsg_type == rig.nl.family)
			*end |= look(h);
		else
			return false;
	}
	return true;
}

static bool drain_imon(void)
{
	static char buf[32768] __attribute__((aligned(8)));
	bool end = false;
	int n;

	must_nl(nl_wait_wake(&rig.nl, NL_DEADLINE_MS));
	nl_start(&msg, rig.nl.family, NLM_F_DUMP, IMON_CMD_EVENT_PULL);
	nl_put_u32(&msg, IMON_A_EVENT_MONITOR, rig.monitor);
	nl_hdr(&msg)->nlmsg_seq = ++rig.nl.seq;
	must_nl(nl_send(&rig.nl, &msg));
	do {
		n = nl_recv(&rig.nl, buf, sizeof(buf), NL_DEADLINE_MS);
		must_nl(n);
	} while (take(buf, n, &end));
	must_nl(imon_event_ack(&rig.nl, rig.monitor, rig.instance, last));
	return end;
}

static void leave_imon(void)
{
	rig_down(&rig);
}

const struct subject subject_imon_log = {
	.name = "imon-log", .watch = watch_imon_log,
	.watch_more = watch_more_imon, .watch_inodes = watch_inodes_imon,
	.drain = drain_imon, .leave = leave_imon,
};

const struct subject subject_imon_state = {
	.name = "imon-state", .watch = watch_imon_state,
	.watch_more = watch_more_imon, .watch_inodes = watch_inodes_imon,
	.drain = drain_imon, .leave = leave_imon,
};
