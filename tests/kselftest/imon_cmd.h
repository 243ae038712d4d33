/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of the imon family, one function each, and what they answer. */
#ifndef IMON_CMD_H
#define IMON_CMD_H

#include "imon_nl.h"

struct module_info {
	uint32_t instance, monitors, watches, filesystems;
	uint64_t events, unplaced, memory_failures;
	char version[64];
};

/* Zero and NULL: the attribute is not sent. */
struct monitor_new {
	const char *name;
	uint32_t mode;
	uint64_t queue_bytes;
	uint32_t window_us, uid, retention_sec, actor;
};

struct monitor_info {
	uint32_t id, instance, mode, window_us, uid, reader, watches;
	uint32_t retention_sec, actor;
	uint64_t queue_bytes, head_seq, acked_seq, pending, in_flight;
	uint64_t bytes, bytes_high, queued, merged, degraded;
	uint64_t degraded_dir, degraded_subtree, degraded_root;
	uint64_t memory_failures, delivered, redelivered;
	char name[IMON_NAME_MAX + 1];
};

struct watch_info {
	uint32_t id, monitor, scope, mask, state, dev, excludes;
	uint64_t ino;
	char label[IMON_LABEL_MAX + 1];
};

struct record {
	uint64_t seq, ino;
	uint32_t monitor, instance, watch, mask, type;
	/* NULL when the record has none. */
	char *path, *new_path, *comm;
	/* Of the one who made the change, when comm says that it is known. */
	uint32_t pid, uid;
};

struct records {
	struct record *v;
	size_t n, cap;
};

/* All return 0 or -errno, with the kernel's sentence in @s. */
int imon_module_get(struct nl_sock *s, struct module_info *out);
int imon_monitor_create(struct nl_sock *s, const struct monitor_new *in,
			struct monitor_info *out);
int imon_monitor_attach(struct nl_sock *s, const char *name,
			struct monitor_info *out);
int imon_monitor_attach_id(struct nl_sock *s, uint32_t id,
			   struct monitor_info *out);
int imon_monitor_delete(struct nl_sock *s, uint32_t id);
int imon_watch_add(struct nl_sock *s, uint32_t monitor, int fd, uint32_t mask,
		   struct watch_info *out);
int imon_watch_add_scope(struct nl_sock *s, uint32_t monitor, int fd,
			 uint32_t scope, uint32_t mask, struct watch_info *out);

/* Watches @n objects in one request: how many of them, or -errno. */
int imon_watch_add_many(struct nl_sock *s, uint32_t monitor, const int *fds,
			size_t n, uint32_t scope, uint32_t *ids);
int imon_watch_del(struct nl_sock *s, uint32_t monitor, uint32_t id);
int imon_watch_exclude(struct nl_sock *s, uint32_t monitor, uint32_t id, int fd);
int imon_watch_include(struct nl_sock *s, uint32_t monitor, uint32_t id, int fd);
int imon_event_ack(struct nl_sock *s, uint32_t monitor, uint32_t instance,
		   uint64_t seq);

/* -ENOENT when the list does not hold it. */
int imon_monitor_find(struct nl_sock *s, uint32_t id, struct monitor_info *out);
int imon_monitor_find_name(struct nl_sock *s, const char *name,
			   struct monitor_info *out);
int imon_watch_find(struct nl_sock *s, uint32_t monitor, uint32_t id,
		    struct watch_info *out);
int imon_watch_first(struct nl_sock *s, uint32_t monitor,
		     struct watch_info *out);

/* Removes every monitor whose name starts with @prefix. */
int imon_monitor_delete_all(struct nl_sock *s, const char *prefix);

/* One dump; its records are appended. */
int imon_pull(struct nl_sock *s, uint32_t monitor, struct records *out);

/* Dumps until one brings nothing. */
int imon_drain(struct nl_sock *s, uint32_t monitor, struct records *out);

void records_clear(struct records *r);

/* The record as one line of text, in a static buffer. */
const char *record_text(const struct record *r);

#endif
