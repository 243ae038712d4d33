// SPDX-License-Identifier: GPL-2.0
#include "imon_cmd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nl_msg msg;

static void start(struct nl_sock *s, uint8_t cmd)
{
	nl_start(&msg, s->family, NLM_F_ACK, cmd);
}

static void start_dump(struct nl_sock *s, uint8_t cmd)
{
	nl_start(&msg, s->family, NLM_F_DUMP, cmd);
}

static void copy_string(char *to, size_t size, const struct nl_attrs *attrs,
			int attr)
{
	char *text = nl_get_bytes(attrs, attr);

	snprintf(to, size, "%s", text ? text : "");
	free(text);
}

static void take_module(const struct nl_attrs *a, void *arg)
{
	struct module_info *m = arg;

	m->instance = nl_get_u32(a, IMON_A_MODULE_INSTANCE);
	m->monitors = nl_get_u32(a, IMON_A_MODULE_MONITORS);
	m->watches = nl_get_u32(a, IMON_A_MODULE_WATCHES);
	m->filesystems = nl_get_u32(a, IMON_A_MODULE_FILESYSTEMS);
	m->events = nl_get_u64(a, IMON_A_MODULE_EVENTS);
	m->unplaced = nl_get_u64(a, IMON_A_MODULE_UNPLACED);
	m->memory_failures = nl_get_u64(a, IMON_A_MODULE_MEMORY_FAILURES);
	copy_string(m->version, sizeof(m->version), a, IMON_A_MODULE_VERSION);
}

int imon_module_get(struct nl_sock *s, struct module_info *out)
{
	memset(out, 0, sizeof(*out));
	start(s, IMON_CMD_MODULE_GET);
	return nl_talk(s, &msg, take_module, out);
}

static void take_monitor(const struct nl_attrs *a, void *arg)
{
	struct monitor_info *m = arg;

	m->id = nl_get_u32(a, IMON_A_MONITOR_ID);
	m->instance = nl_get_u32(a, IMON_A_MONITOR_INSTANCE);
	m->mode = nl_get_u32(a, IMON_A_MONITOR_MODE);
	m->queue_bytes = nl_get_u64(a, IMON_A_MONITOR_QUEUE_BYTES);
	m->window_us = nl_get_u32(a, IMON_A_MONITOR_WINDOW_US);
	m->uid = nl_get_u32(a, IMON_A_MONITOR_UID);
	m->reader = nl_get_u32(a, IMON_A_MONITOR_READER);
	m->watches = nl_get_u32(a, IMON_A_MONITOR_WATCHES);
	m->head_seq = nl_get_u64(a, IMON_A_MONITOR_HEAD_SEQ);
	m->acked_seq = nl_get_u64(a, IMON_A_MONITOR_ACKED_SEQ);
	m->pending = nl_get_u64(a, IMON_A_MONITOR_PENDING);
	m->in_flight = nl_get_u64(a, IMON_A_MONITOR_IN_FLIGHT);
	m->bytes = nl_get_u64(a, IMON_A_MONITOR_BYTES);
	m->bytes_high = nl_get_u64(a, IMON_A_MONITOR_BYTES_HIGH);
	m->queued = nl_get_u64(a, IMON_A_MONITOR_QUEUED);
	m->merged = nl_get_u64(a, IMON_A_MONITOR_MERGED);
	m->degraded = nl_get_u64(a, IMON_A_MONITOR_DEGRADED);
	m->degraded_dir = nl_get_u64(a, IMON_A_MONITOR_DEGRADED_DIR);
	m->degraded_subtree = nl_get_u64(a, IMON_A_MONITOR_DEGRADED_SUBTREE);
	m->degraded_root = nl_get_u64(a, IMON_A_MONITOR_DEGRADED_ROOT);
	m->memory_failures = nl_get_u64(a, IMON_A_MONITOR_MEMORY_FAILURES);
	m->retention_sec = nl_get_u32(a, IMON_A_MONITOR_RETENTION_SEC);
	m->actor = nl_get_u32(a, IMON_A_MONITOR_ACTOR);
	m->delivered = nl_get_u64(a, IMON_A_MONITOR_DELIVERED);
	m->redelivered = nl_get_u64(a, IMON_A_MONITOR_REDELIVERED);
	copy_string(m->name, sizeof(m->name), a, IMON_A_MONITOR_NAME);
}

int imon_monitor_create(struct nl_sock *s, const struct monitor_new *in,
			struct monitor_info *out)
{
	memset(out, 0, sizeof(*out));
	start(s, IMON_CMD_MONITOR_CREATE);
	if (in->name)
		nl_put_str(&msg, IMON_A_MONITOR_NAME, in->name);
	if (in->mode)
		nl_put_u32(&msg, IMON_A_MONITOR_MODE, in->mode);
	if (in->queue_bytes)
		nl_put_u64(&msg, IMON_A_MONITOR_QUEUE_BYTES, in->queue_bytes);
	if (in->window_us)
		nl_put_u32(&msg, IMON_A_MONITOR_WINDOW_US, in->window_us);
	if (in->uid)
		nl_put_u32(&msg, IMON_A_MONITOR_UID, in->uid);
	if (in->retention_sec)
		nl_put_u32(&msg, IMON_A_MONITOR_RETENTION_SEC,
			   in->retention_sec);
	if (in->actor)
		nl_put_u32(&msg, IMON_A_MONITOR_ACTOR, in->actor);
	return nl_talk(s, &msg, take_monitor, out);
}

int imon_monitor_attach(struct nl_sock *s, const char *name,
			struct monitor_info *out)
{
	memset(out, 0, sizeof(*out));
	start(s, IMON_CMD_MONITOR_ATTACH);
	nl_put_str(&msg, IMON_A_MONITOR_NAME, name);
	return nl_talk(s, &msg, take_monitor, out);
}

int imon_monitor_attach_id(struct nl_sock *s, uint32_t id,
			   struct monitor_info *out)
{
	memset(out, 0, sizeof(*out));
	start(s, IMON_CMD_MONITOR_ATTACH);
	nl_put_u32(&msg, IMON_A_MONITOR_ID, id);
	return nl_talk(s, &msg, take_monitor, out);
}

int imon_monitor_delete(struct nl_sock *s, uint32_t id)
{
	start(s, IMON_CMD_MONITOR_DELETE);
	nl_put_u32(&msg, IMON_A_MONITOR_ID, id);
	return nl_talk(s, &msg, NULL, NULL);
}

static void take_watch(const struct nl_attrs *a, void *arg)
{
	struct watch_info *w = arg;

	w->id = nl_get_u32(a, IMON_A_WATCH_ID);
	w->monitor = nl_get_u32(a, IMON_A_WATCH_MONITOR);
	w->scope = nl_get_u32(a, IMON_A_WATCH_SCOPE);
	w->mask = nl_get_u32(a, IMON_A_WATCH_MASK);
	w->state = nl_get_u32(a, IMON_A_WATCH_STATE);
	w->ino = nl_get_u64(a, IMON_A_WATCH_INO);
	w->dev = nl_get_u32(a, IMON_A_WATCH_DEV);
	w->excludes = nl_get_u32(a, IMON_A_WATCH_EXCLUDES);
	copy_string(w->label, sizeof(w->label), a, IMON_A_WATCH_LABEL);
}

int imon_watch_add(struct nl_sock *s, uint32_t monitor, int fd, uint32_t mask,
		   struct watch_info *out)
{
	return imon_watch_add_scope(s, monitor, fd, IMON_SCOPE_TREE, mask, out);
}

int imon_watch_add_scope(struct nl_sock *s, uint32_t monitor, int fd,
			 uint32_t scope, uint32_t mask, struct watch_info *out)
{
	memset(out, 0, sizeof(*out));
	start(s, IMON_CMD_WATCH_ADD);
	if (scope != IMON_SCOPE_TREE)
		nl_put_u32(&msg, IMON_A_WATCH_SCOPE, scope);
	nl_put_u32(&msg, IMON_A_WATCH_MONITOR, monitor);
	nl_put_u32(&msg, IMON_A_WATCH_FD, fd);
	if (mask)
		nl_put_u32(&msg, IMON_A_WATCH_MASK, mask);
	return nl_talk(s, &msg, take_watch, out);
}

/* Where the ids of many go. */
struct many {
	uint32_t *ids;
	size_t room;
	int n;
};

static void take_ids(const struct nl_attrs *a, void *arg)
{
	const struct nlattr *ids = a->at[IMON_A_WATCH_IDS];
	struct many *many = arg;
	size_t len = ids ? ids->nla_len - NLA_HDRLEN : 0;

	if (len / sizeof(*many->ids) > many->room)
		return;
	memcpy(many->ids, (const char *)ids + NLA_HDRLEN, len);
	many->n = len / sizeof(*many->ids);
}

int imon_watch_add_many(struct nl_sock *s, uint32_t monitor, const int *fds,
			size_t n, uint32_t scope, uint32_t *ids)
{
	struct many many = { .ids = ids, .room = n };
	int rc;

	start(s, IMON_CMD_WATCH_ADD);
	nl_put_u32(&msg, IMON_A_WATCH_SCOPE, scope);
	nl_put_u32(&msg, IMON_A_WATCH_MONITOR, monitor);
	nl_put(&msg, IMON_A_WATCH_FDS, fds, n * sizeof(*fds));
	rc = nl_talk(s, &msg, take_ids, &many);
	return rc ?: many.n;
}

int imon_watch_del(struct nl_sock *s, uint32_t monitor, uint32_t id)
{
	start(s, IMON_CMD_WATCH_DEL);
	nl_put_u32(&msg, IMON_A_WATCH_MONITOR, monitor);
	nl_put_u32(&msg, IMON_A_WATCH_ID, id);
	return nl_talk(s, &msg, NULL, NULL);
}

static int exclusion(struct nl_sock *s, uint8_t cmd, uint32_t monitor,
		     uint32_t id, int fd)
{
	start(s, cmd);
	nl_put_u32(&msg, IMON_A_WATCH_MONITOR, monitor);
	nl_put_u32(&msg, IMON_A_WATCH_ID, id);
	nl_put_u32(&msg, IMON_A_WATCH_FD, fd);
	return nl_talk(s, &msg, NULL, NULL);
}

int imon_watch_exclude(struct nl_sock *s, uint32_t monitor, uint32_t id, int fd)
{
	return exclusion(s, IMON_CMD_WATCH_EXCLUDE, monitor, id, fd);
}

int imon_watch_include(struct nl_sock *s, uint32_t monitor, uint32_t id, int fd)
{
	return exclusion(s, IMON_CMD_WATCH_INCLUDE, monitor, id, fd);
}

int imon_event_ack(struct nl_sock *s, uint32_t monitor, uint32_t instance,
		   uint64_t seq)
{
	start(s, IMON_CMD_EVENT_ACK);
	nl_put_u32(&msg, IMON_A_EVENT_MONITOR, monitor);
	nl_put_u32(&msg, IMON_A_EVENT_INSTANCE, instance);
	nl_put_u64(&msg, IMON_A_EVENT_SEQ, seq);
	return nl_talk(s, &msg, NULL, NULL);
}

/* By id, or by name; found is what is looked for, once. */
struct monitor_search {
	uint32_t id;
	const char *name;
	bool found;
	struct monitor_info *out;
};

static void match_monitor(const struct nl_attrs *a, void *arg)
{
	struct monitor_search *search = arg;
	struct monitor_info info;

	memset(&info, 0, sizeof(info));
	take_monitor(a, &info);
	if (search->name ? strcmp(info.name, search->name) :
			   info.id != search->id)
		return;
	*search->out = info;
	search->found = true;
}

static int find_monitor(struct nl_sock *s, struct monitor_search *search)
{
	int rc;

	memset(search->out, 0, sizeof(*search->out));
	start_dump(s, IMON_CMD_MONITOR_LIST);
	rc = nl_talk(s, &msg, match_monitor, search);
	return !rc && !search->found ? -ENOENT : rc;
}

int imon_monitor_find(struct nl_sock *s, uint32_t id, struct monitor_info *out)
{
	struct monitor_search search = { .id = id, .out = out };

	return find_monitor(s, &search);
}

int imon_monitor_find_name(struct nl_sock *s, const char *name,
			   struct monitor_info *out)
{
	struct monitor_search search = { .name = name, .out = out };

	return find_monitor(s, &search);
}

struct watch_search {
	uint32_t id;
	bool any, found;
	struct watch_info *out;
};

static void match_watch(const struct nl_attrs *a, void *arg)
{
	struct watch_search *search = arg;

	if (!search->found && (search->any ||
			       nl_get_u32(a, IMON_A_WATCH_ID) == search->id)) {
		take_watch(a, search->out);
		search->found = true;
	}
}

static int find_watch(struct nl_sock *s, uint32_t monitor,
		      struct watch_search *search)
{
	int rc;

	memset(search->out, 0, sizeof(*search->out));
	start_dump(s, IMON_CMD_WATCH_LIST);
	nl_put_u32(&msg, IMON_A_WATCH_MONITOR, monitor);
	rc = nl_talk(s, &msg, match_watch, search);
	return !rc && !search->found ? -ENOENT : rc;
}

int imon_watch_find(struct nl_sock *s, uint32_t monitor, uint32_t id,
		    struct watch_info *out)
{
	struct watch_search search = { .id = id, .out = out };

	return find_watch(s, monitor, &search);
}

int imon_watch_first(struct nl_sock *s, uint32_t monitor,
		     struct watch_info *out)
{
	struct watch_search search = { .any = true, .out = out };

	return find_watch(s, monitor, &search);
}

struct prefix_search {
	const char *prefix;
	uint32_t id;
};

static void match_prefix(const struct nl_attrs *a, void *arg)
{
	struct prefix_search *search = arg;
	char *name = nl_get_bytes(a, IMON_A_MONITOR_NAME);

	if (name && !strncmp(name, search->prefix, strlen(search->prefix)))
		search->id = nl_get_u32(a, IMON_A_MONITOR_ID);
	free(name);
}

int imon_monitor_delete_all(struct nl_sock *s, const char *prefix)
{
	for (;;) {
		struct prefix_search search = { .prefix = prefix };
		int rc;

		start_dump(s, IMON_CMD_MONITOR_LIST);
		rc = nl_talk(s, &msg, match_prefix, &search);
		if (rc || !search.id)
			return rc;
		rc = imon_monitor_delete(s, search.id);
		if (rc)
			return rc;
	}
}

static void take_record(const struct nl_attrs *a, void *arg)
{
	struct records *list = arg;
	struct record *r;

	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 64;
		list->v = realloc(list->v, list->cap * sizeof(*list->v));
		if (!list->v)
			abort();
	}
	r = &list->v[list->n++];
	r->monitor = nl_get_u32(a, IMON_A_EVENT_MONITOR);
	r->instance = nl_get_u32(a, IMON_A_EVENT_INSTANCE);
	r->seq = nl_get_u64(a, IMON_A_EVENT_SEQ);
	r->watch = nl_get_u32(a, IMON_A_EVENT_WATCH);
	r->mask = nl_get_u32(a, IMON_A_EVENT_MASK);
	r->type = nl_get_u32(a, IMON_A_EVENT_TYPE);
	r->ino = nl_get_u64(a, IMON_A_EVENT_INO);
	r->path = nl_get_bytes(a, IMON_A_EVENT_PATH);
	r->new_path = nl_get_bytes(a, IMON_A_EVENT_NEW_PATH);
	r->comm = nl_get_bytes(a, IMON_A_EVENT_COMM);
	r->pid = nl_get_u32(a, IMON_A_EVENT_PID);
	r->uid = nl_get_u32(a, IMON_A_EVENT_UID);
}

int imon_pull(struct nl_sock *s, uint32_t monitor, struct records *out)
{
	start_dump(s, IMON_CMD_EVENT_PULL);
	nl_put_u32(&msg, IMON_A_EVENT_MONITOR, monitor);
	return nl_talk(s, &msg, take_record, out);
}

int imon_drain(struct nl_sock *s, uint32_t monitor, struct records *out)
{
	size_t before;
	int rc;

	do {
		before = out->n;
		rc = imon_pull(s, monitor, out);
	} while (!rc && out->n != before);
	return rc;
}

void records_clear(struct records *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].path);
		free(r->v[i].new_path);
		free(r->v[i].comm);
	}
	free(r->v);
	memset(r, 0, sizeof(*r));
}

const char *record_text(const struct record *r)
{
	static const char *const bits[] = {
		"CREATE", "DELETE", "RENAME", "MODIFY", "CLOSE_WRITE",
		"ATTRIB", "LINK", "MULTILINK", "DIRTY", "RECURSIVE",
		"ROOT_DELETED", "ROOT_MOVED", "UNMOUNT", "EXEC", "EXIT",
	};
	static char text[2 * IMON_NAMES_MAX];
	size_t n = 0;

	n += snprintf(text, sizeof(text), "watch %u:", r->watch);
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (r->mask & 1U << i)
			n += snprintf(text + n, sizeof(text) - n, " %s",
				      bits[i]);
	if (r->path)
		n += snprintf(text + n, sizeof(text) - n, " '%s'", r->path);
	if (r->new_path)
		snprintf(text + n, sizeof(text) - n, " -> '%s'", r->new_path);
	return text;
}
