// SPDX-License-Identifier: GPL-2.0
/* Made by scripts/netlink-gen from Documentation/netlink/specs/imon.yaml; do not edit. */

#include "netlink-gen.h"

static const struct nla_policy imon_nl_monitor_create_policy[IMON_A_MONITOR_ACTOR + 1] = {
	[IMON_A_MONITOR_NAME] = { .type = NLA_NUL_STRING, .len = IMON_NAME_MAX },
	[IMON_A_MONITOR_MODE] = { .type = NLA_U32 },
	[IMON_A_MONITOR_QUEUE_BYTES] = { .type = NLA_U64 },
	[IMON_A_MONITOR_WINDOW_US] = { .type = NLA_U32 },
	[IMON_A_MONITOR_UID] = { .type = NLA_U32 },
	[IMON_A_MONITOR_RETENTION_SEC] = { .type = NLA_U32 },
	[IMON_A_MONITOR_ACTOR] = { .type = NLA_U32 },
};

static const struct nla_policy imon_nl_monitor_attach_policy[IMON_A_MONITOR_NAME + 1] = {
	[IMON_A_MONITOR_ID] = { .type = NLA_U32 },
	[IMON_A_MONITOR_NAME] = { .type = NLA_NUL_STRING, .len = IMON_NAME_MAX },
};

static const struct nla_policy imon_nl_monitor_delete_policy[IMON_A_MONITOR_NAME + 1] = {
	[IMON_A_MONITOR_ID] = { .type = NLA_U32 },
	[IMON_A_MONITOR_NAME] = { .type = NLA_NUL_STRING, .len = IMON_NAME_MAX },
};

static const struct nla_policy imon_nl_watch_add_policy[IMON_A_WATCH_FDS + 1] = {
	[IMON_A_WATCH_MONITOR] = { .type = NLA_U32 },
	[IMON_A_WATCH_FD] = { .type = NLA_U32 },
	[IMON_A_WATCH_SCOPE] = { .type = NLA_U32 },
	[IMON_A_WATCH_MASK] = { .type = NLA_U32 },
	[IMON_A_WATCH_LABEL] = { .type = NLA_NUL_STRING, .len = IMON_LABEL_MAX },
	[IMON_A_WATCH_FDS] = { .type = NLA_BINARY, .len = IMON_FDS_MAX },
};

static const struct nla_policy imon_nl_watch_del_policy[IMON_A_WATCH_MONITOR + 1] = {
	[IMON_A_WATCH_ID] = { .type = NLA_U32 },
	[IMON_A_WATCH_MONITOR] = { .type = NLA_U32 },
};

static const struct nla_policy imon_nl_watch_list_policy[IMON_A_WATCH_MONITOR + 1] = {
	[IMON_A_WATCH_MONITOR] = { .type = NLA_U32 },
};

static const struct nla_policy imon_nl_event_pull_policy[IMON_A_EVENT_MONITOR + 1] = {
	[IMON_A_EVENT_MONITOR] = { .type = NLA_U32 },
};

static const struct nla_policy imon_nl_event_ack_policy[IMON_A_EVENT_SEQ + 1] = {
	[IMON_A_EVENT_MONITOR] = { .type = NLA_U32 },
	[IMON_A_EVENT_INSTANCE] = { .type = NLA_U32 },
	[IMON_A_EVENT_SEQ] = { .type = NLA_U64 },
};

static const struct nla_policy imon_nl_watch_exclude_policy[IMON_A_WATCH_FD + 1] = {
	[IMON_A_WATCH_ID] = { .type = NLA_U32 },
	[IMON_A_WATCH_MONITOR] = { .type = NLA_U32 },
	[IMON_A_WATCH_FD] = { .type = NLA_U32 },
};

static const struct nla_policy imon_nl_watch_include_policy[IMON_A_WATCH_FD + 1] = {
	[IMON_A_WATCH_ID] = { .type = NLA_U32 },
	[IMON_A_WATCH_MONITOR] = { .type = NLA_U32 },
	[IMON_A_WATCH_FD] = { .type = NLA_U32 },
};

const struct genl_ops imon_nl_ops[IMON_NL_N_OPS] = {
	{
		.cmd = IMON_CMD_MODULE_GET,
		.doit = imon_nl_module_get_doit,
	},
	{
		.cmd = IMON_CMD_MONITOR_CREATE,
		.policy = imon_nl_monitor_create_policy,
		.maxattr = IMON_A_MONITOR_ACTOR,
		.doit = imon_nl_monitor_create_doit,
	},
	{
		.cmd = IMON_CMD_MONITOR_ATTACH,
		.policy = imon_nl_monitor_attach_policy,
		.maxattr = IMON_A_MONITOR_NAME,
		.doit = imon_nl_monitor_attach_doit,
	},
	{
		.cmd = IMON_CMD_MONITOR_DELETE,
		.policy = imon_nl_monitor_delete_policy,
		.maxattr = IMON_A_MONITOR_NAME,
		.doit = imon_nl_monitor_delete_doit,
	},
	{
		.cmd = IMON_CMD_MONITOR_LIST,
		.dumpit = imon_nl_monitor_list_dumpit,
	},
	{
		.cmd = IMON_CMD_WATCH_ADD,
		.policy = imon_nl_watch_add_policy,
		.maxattr = IMON_A_WATCH_FDS,
		.doit = imon_nl_watch_add_doit,
	},
	{
		.cmd = IMON_CMD_WATCH_DEL,
		.policy = imon_nl_watch_del_policy,
		.maxattr = IMON_A_WATCH_MONITOR,
		.doit = imon_nl_watch_del_doit,
	},
	{
		.cmd = IMON_CMD_WATCH_LIST,
		.policy = imon_nl_watch_list_policy,
		.maxattr = IMON_A_WATCH_MONITOR,
		.dumpit = imon_nl_watch_list_dumpit,
	},
	{
		.cmd = IMON_CMD_EVENT_PULL,
		.policy = imon_nl_event_pull_policy,
		.maxattr = IMON_A_EVENT_MONITOR,
		.dumpit = imon_nl_event_pull_dumpit,
		.done = imon_nl_event_pull_done,
	},
	{
		.cmd = IMON_CMD_EVENT_ACK,
		.policy = imon_nl_event_ack_policy,
		.maxattr = IMON_A_EVENT_SEQ,
		.doit = imon_nl_event_ack_doit,
	},
	{
		.cmd = IMON_CMD_WATCH_EXCLUDE,
		.policy = imon_nl_watch_exclude_policy,
		.maxattr = IMON_A_WATCH_FD,
		.doit = imon_nl_watch_exclude_doit,
	},
	{
		.cmd = IMON_CMD_WATCH_INCLUDE,
		.policy = imon_nl_watch_include_policy,
		.maxattr = IMON_A_WATCH_FD,
		.doit = imon_nl_watch_include_doit,
	},
};
