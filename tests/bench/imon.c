// SPDX-License-Identifier: GPL-2.0
#include "subject.h"

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

static bool watch_inode_imon(const char *path)
{
	rig_watch_scope(&rig, path, IMON_SCOPE_INODE, 0);
	return true;
}

/* As for the others: what it is called, and no more. */
static void look(const struct nl_attrs *attrs, void *end)
{
	const struct nlattr *path = attrs->at[IMON_A_EVENT_PATH];

	last = nl_get_u64(attrs, IMON_A_EVENT_SEQ);
	*(bool *)end |= subject_is_end((const char *)path + NLA_HDRLEN,
				       path->nla_len - NLA_HDRLEN);
}

static bool drain_imon(void)
{
	bool end = false;

	must_nl(nl_wait_wake(&rig.nl, NL_DEADLINE_MS));
	nl_start(&msg, rig.nl.family, NLM_F_DUMP, IMON_CMD_EVENT_PULL);
	nl_put_u32(&msg, IMON_A_EVENT_MONITOR, rig.monitor);
	must_nl(nl_talk(&rig.nl, &msg, look, &end));
	must_nl(imon_event_ack(&rig.nl, rig.monitor, rig.instance, last));
	return end;
}

static void leave_imon(void)
{
	rig_down(&rig);
}

const struct subject subject_imon_log = {
	.name = "imon-log", .watch = watch_imon_log,
	.watch_more = watch_more_imon, .watch_inode = watch_inode_imon,
	.drain = drain_imon, .leave = leave_imon,
};

const struct subject subject_imon_state = {
	.name = "imon-state", .watch = watch_imon_state,
	.watch_more = watch_more_imon, .watch_inode = watch_inode_imon,
	.drain = drain_imon, .leave = leave_imon,
};
