/* SPDX-License-Identifier: GPL-2.0 */
/* Made by scripts/netlink-gen from Documentation/netlink/specs/imon.yaml; do not edit. */

/* To be included by nl_fuzz.c alone. */
static const struct nl_request nl_requests[] = {
	{ IMON_CMD_MODULE_GET, NLM_F_ACK, {
	} },
	{ IMON_CMD_MONITOR_CREATE, NLM_F_ACK, {
		{ IMON_A_MONITOR_NAME, NL_STRING, "monitor-name" },
		{ IMON_A_MONITOR_MODE, NL_U32, "monitor-mode" },
		{ IMON_A_MONITOR_QUEUE_BYTES, NL_U64, "monitor-queue-bytes" },
		{ IMON_A_MONITOR_WINDOW_US, NL_U32, "monitor-window-us" },
		{ IMON_A_MONITOR_UID, NL_U32, "monitor-uid" },
		{ IMON_A_MONITOR_RETENTION_SEC, NL_U32, "monitor-retention-sec" },
		{ IMON_A_MONITOR_ACTOR, NL_U32, "monitor-actor" },
	} },
	{ IMON_CMD_MONITOR_ATTACH, NLM_F_ACK, {
		{ IMON_A_MONITOR_ID, NL_U32, "monitor-id" },
		{ IMON_A_MONITOR_NAME, NL_STRING, "monitor-name" },
	} },
	{ IMON_CMD_MONITOR_DELETE, NLM_F_ACK, {
		{ IMON_A_MONITOR_ID, NL_U32, "monitor-id" },
		{ IMON_A_MONITOR_NAME, NL_STRING, "monitor-name" },
	} },
	{ IMON_CMD_MONITOR_LIST, NLM_F_DUMP, {
	} },
	{ IMON_CMD_WATCH_ADD, NLM_F_ACK, {
		{ IMON_A_WATCH_MONITOR, NL_U32, "watch-monitor" },
		{ IMON_A_WATCH_FD, NL_U32, "watch-fd" },
		{ IMON_A_WATCH_SCOPE, NL_U32, "watch-scope" },
		{ IMON_A_WATCH_MASK, NL_U32, "watch-mask" },
		{ IMON_A_WATCH_LABEL, NL_STRING, "watch-label" },
		{ IMON_A_WATCH_FDS, NL_BINARY, "watch-fds" },
	} },
	{ IMON_CMD_WATCH_DEL, NLM_F_ACK, {
		{ IMON_A_WATCH_MONITOR, NL_U32, "watch-monitor" },
		{ IMON_A_WATCH_ID, NL_U32, "watch-id" },
	} },
	{ IMON_CMD_WATCH_LIST, NLM_F_DUMP, {
		{ IMON_A_WATCH_MONITOR, NL_U32, "watch-monitor" },
	} },
	{ IMON_CMD_EVENT_PULL, NLM_F_DUMP, {
		{ IMON_A_EVENT_MONITOR, NL_U32, "event-monitor" },
	} },
	{ IMON_CMD_EVENT_ACK, NLM_F_ACK, {
		{ IMON_A_EVENT_MONITOR, NL_U32, "event-monitor" },
		{ IMON_A_EVENT_INSTANCE, NL_U32, "event-instance" },
		{ IMON_A_EVENT_SEQ, NL_U64, "event-seq" },
	} },
	{ IMON_CMD_WATCH_EXCLUDE, NLM_F_ACK, {
		{ IMON_A_WATCH_MONITOR, NL_U32, "watch-monitor" },
		{ IMON_A_WATCH_ID, NL_U32, "watch-id" },
		{ IMON_A_WATCH_FD, NL_U32, "watch-fd" },
	} },
	{ IMON_CMD_WATCH_INCLUDE, NLM_F_ACK, {
		{ IMON_A_WATCH_MONITOR, NL_U32, "watch-monitor" },
		{ IMON_A_WATCH_ID, NL_U32, "watch-id" },
		{ IMON_A_WATCH_FD, NL_U32, "watch-fd" },
	} },
};
