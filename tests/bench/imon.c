// SPDX-License-Identifier: GPL-2.0
#include "subject.h"

#include "../kselftest/fixture.h"

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

static bool drain_imon(void)
{
	bool end = false;

	must_nl(nl_wait_wake(&rig.nl, NL_DEADLINE_MS));
	records_clear(&rig.got);
	must_nl(imon_pull(&rig.nl, rig.monitor, &rig.got));
	for (size_t i = 0; i < rig.got.n; i++)
		end |= rig.got.v[i].path && subject_is_end(rig.got.v[i].path);
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
	.name = "imon-log", .watch = watch_imon_log,
	.watch_more = watch_more_imon, .watch_inode = watch_inode_imon,
	.drain = drain_imon, .leave = leave_imon,
};

const struct subject subject_imon_state = {
	.name = "imon-state", .watch = watch_imon_state,
	.watch_more = watch_more_imon, .watch_inode = watch_inode_imon,
	.drain = drain_imon, .leave = leave_imon,
};
