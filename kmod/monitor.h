/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_MONITOR_H
#define _IMON_MONITOR_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/uidgid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <uapi/linux/imon.h>

#include "queue.h"

struct imon_event;
struct imon_user;
struct imon_watch;
struct sock;

/* Bounds of a queue, in bytes. */
#define IMON_QUEUE_MIN		4096ULL
#define IMON_QUEUE_DEFAULT	(16ULL << 20)
#define IMON_QUEUE_MAX		(1024ULL << 20)

#define IMON_WINDOW_DEFAULT_US	5000U
#define IMON_WINDOW_MAX_US	(60U * 1000 * 1000)
#define IMON_RETENTION_MAX_SEC	(366U * 24 * 60 * 60)

/**
 * struct imon_monitor - a queue, the watches that fill it, and its reader
 * @ref: one of the table's, one of each who looked it up
 * @id: unique in the module
 * @mode: IMON_MODE_*
 * @window_us: shortest time between wakes
 * @uid: who may attach: of the creator, or whom that one named
 * @user: who has to keep to limits for it; NULL: a privileged creator
 * @retention_sec: how long records are kept without a reader; 0: for ever
 * @name: empty: anonymous, and gone with its reader
 * @watches: by id; imon_config
 * @nr_watches: how many; imon_config
 * @reader_lock: serialises all that a reader does, and who it is
 * @reader: the attached socket, with a reference, or NULL; written under
 *	imon_config and reader_lock
 * @port: its port, or 0
 * @dead: deleted, under reader_lock; whoever still has it gets nothing
 * @queue: the records
 * @wait: a reader that is no socket sleeps here
 * @wake: tells the reader
 * @woken: when it last did, in jiffies; only @wake writes
 * @expiry: gives up what nobody came for
 * @free: the last reference is gone
 */
struct imon_monitor {
	refcount_t ref;
	u32 id;
	u32 mode;
	u32 window_us;
	kuid_t uid;
	struct imon_user *user;
	u32 retention_sec;
	char name[IMON_NAME_MAX + 1];
	struct xarray watches;
	u32 nr_watches;
	struct mutex reader_lock; /* what a reader does, and who it is */
	struct sock *reader;
	u32 port;
	bool dead;
	struct imon_queue queue;
	wait_queue_head_t wait;
	struct delayed_work wake;
	unsigned long woken;
	struct delayed_work expiry;
	struct rcu_work free;
};

/*
 * Serialises making, changing and removing monitors, watches and sources.
 * Outermost; nothing in a callback of the VFS takes it.
 */
extern struct mutex imon_config;

/**
 * struct imon_monitor_options - what a monitor is made from
 * @name: empty: anonymous
 * @mode: IMON_MODE_*
 * @queue_bytes: bound of the queue
 * @window_us: shortest time between wakes
 * @retention_sec: how long records are kept without a reader; 0: for ever
 * @actor: records say who made the change
 * @uid: who may attach
 * @unprivileged: the creator, who has to keep to limits
 * @reader: of an anonymous one
 * @port: the reader's
 */
struct imon_monitor_options {
	const char *name;
	u32 mode;
	u64 queue_bytes;
	u32 window_us;
	u32 retention_sec;
	bool actor;
	kuid_t uid;
	bool unprivileged;
	struct sock *reader;
	u32 port;
};

int imon_monitor_init(void);
void imon_monitor_exit(void);

struct imon_monitor *imon_monitor_create(const struct imon_monitor_options *opt);
void imon_monitor_delete(struct imon_monitor *monitor);
struct imon_monitor *imon_monitor_get(u32 id);
struct imon_monitor *imon_monitor_get_name(const char *name);
struct imon_monitor *imon_monitor_get_next(unsigned long *id);
void imon_monitor_put(struct imon_monitor *monitor);
void imon_monitor_each_watch(void (*fn)(struct imon_watch *watch, void *arg),
			     void *arg);
u32 imon_monitor_count(void);

int imon_monitor_attach(struct imon_monitor *monitor, struct sock *reader,
			u32 port);
void imon_monitor_port_closed(u32 port);

int imon_monitor_post(struct imon_watch *watch, const struct imon_event *ev,
		      const struct imon_hit *old, const struct imon_hit *new,
		      const struct imon_view *view);
bool imon_monitor_carry(const struct imon_carrier *carrier, u32 mask);
void imon_monitor_post_self(struct imon_watch *watch,
			    const struct imon_event *ev);
void imon_monitor_post_root(struct imon_watch *watch, u32 mask);
void imon_monitor_end_watch(struct imon_watch *watch, u8 state);

#endif
