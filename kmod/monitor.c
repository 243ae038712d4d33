// SPDX-License-Identifier: GPL-2.0
/*
 * Monitors: who gets the records, and when they are told.
 *
 * REFCNT: The table has a reference; imon_monitor_delete() drops it. Looking
 * one up takes another. Watches and the writers that come through them have
 * none: deleting a monitor removes its watches first, and its memory goes
 * after a grace period of RCU.
 *
 * LOCKING: imon_config > monitor->reader_lock > queue.lock. A writer takes the
 * last only.
 *
 * LIFETIME: An anonymous monitor is deleted when its reader's socket is
 * closed; a named one by request; all when the module goes.
 */
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include <net/sock.h>

#include "monitor.h"
#include "netlink.h"
#include "repeat.h"
#include "trace.h"
#include "user.h"
#include "watch.h"

#define MONITORS_MAX 1024

/* Set-up of everything; see monitor.h. */
DEFINE_MUTEX(imon_config);

/* By id. Written under imon_config. */
static DEFINE_XARRAY_ALLOC1(monitors);
static u32 monitor_next;
/* Of privileged users, and of others, who cannot use up the former's. */
static u32 monitor_total[2];
static struct workqueue_struct *wq;

/* Whether the reader is due for a wake; its port if so, else 0. */
static u32 wake_due(struct imon_monitor *monitor, u64 *head)
{
	u32 port;

	mutex_lock(&monitor->reader_lock);
	port = monitor->port;
	if (port && !imon_queue_waiting(&monitor->queue, head))
		port = 0;
	mutex_unlock(&monitor->reader_lock);
	return port;
}

static void wake_reader(struct work_struct *work)
{
	struct imon_monitor *monitor =
		container_of(work, struct imon_monitor, wake.work);
	unsigned long window = usecs_to_jiffies(monitor->window_us);
	u64 head;
	u32 port = wake_due(monitor, &head);

	if (!port)
		return;
	WRITE_ONCE(monitor->woken, jiffies);
	trace_imon_wake(monitor->id, port, head);
	/* Its buffer is full, or memory is: neither may cost it the wake. */
	if (imon_netlink_wake(monitor->id, port, head) == -EAGAIN)
		queue_delayed_work(wq, &monitor->wake, max(window, 1UL));
}

/*
 * At once after a quiet time, else when the window is over. Of a monitor
 * without a reader the queue remembers that somebody must be told.
 */
static void schedule_wake(struct imon_monitor *monitor)
{
	unsigned long window = usecs_to_jiffies(monitor->window_us);
	unsigned long quiet = jiffies - READ_ONCE(monitor->woken);

	if (wq_has_sleeper(&monitor->wait))
		wake_up_interruptible(&monitor->wait);
	if (!READ_ONCE(monitor->port))
		return;
	queue_delayed_work(wq, &monitor->wake,
			   quiet < window ? window - quiet : 0);
}

/** imon_monitor_post() - an event for one watch; see imon_queue_post() */
int imon_monitor_post(struct imon_watch *watch, const struct imon_event *ev,
		      const struct imon_hit *old, const struct imon_hit *new,
		      const struct imon_view *view)
{
	struct imon_monitor *monitor = watch->monitor;
	bool wake = false;
	int err;

	err = imon_queue_post(&monitor->queue, &watch->slot, ev, old, new, view,
			      &wake);
	if (wake)
		schedule_wake(monitor);
	return err;
}

/** imon_monitor_carry() - an event for a record that waits; see imon_queue_carry() */
bool imon_monitor_carry(const struct imon_carrier *carrier, u32 mask)
{
	struct imon_monitor *monitor = carrier->watch->monitor;
	bool wake = false, carried;

	carried = imon_queue_carry(&monitor->queue, &carrier->watch->slot, carrier,
				   mask, &wake);
	if (wake)
		schedule_wake(monitor);
	return carried;
}

/** imon_monitor_post_root() - something about a whole tree; cannot fail */
void imon_monitor_post_root(struct imon_watch *watch, u32 mask)
{
	struct imon_monitor *monitor = watch->monitor;
	bool wake = false;

	imon_queue_post_root(&monitor->queue, &watch->slot, mask, &wake);
	if (wake)
		schedule_wake(monitor);
}

/** imon_monitor_post_self() - an event of a watched object; cannot fail */
void imon_monitor_post_self(struct imon_watch *watch, const struct imon_event *ev)
{
	struct imon_monitor *monitor = watch->monitor;
	bool wake = false;

	imon_queue_post_self(&monitor->queue, &watch->slot, ev, &wake);
	if (wake)
		schedule_wake(monitor);
}

/** imon_monitor_end_watch() - what is watched has gone; cannot fail */
void imon_monitor_end_watch(struct imon_watch *watch, u8 state)
{
	struct imon_monitor *monitor = watch->monitor;
	u32 what = state == IMON_WATCH_STATE_DELETED ? IMON_EVENT_ROOT_DELETED :
						       IMON_EVENT_UNMOUNT;
	bool wake = false;

	imon_queue_end_slot(&monitor->queue, &watch->slot, state, what, &wake);
	if (wake)
		schedule_wake(monitor);
}

static struct imon_slot *slot_of(u32 id, void *arg)
{
	struct imon_monitor *monitor = arg;
	struct imon_watch *watch = xa_load(&monitor->watches, id);

	return watch ? &watch->slot : NULL;
}

/* With imon_config held, when the reader has changed, or time is over. */
static void arm_expiry(struct imon_monitor *monitor)
{
	if (monitor->reader)
		cancel_delayed_work(&monitor->expiry);
	else if (monitor->retention_sec && !monitor->dead)
		queue_delayed_work(wq, &monitor->expiry,
				   (unsigned long)monitor->retention_sec * HZ);
}

/*
 * Nobody came in time: what to scan is kept, the details are not. Nor will
 * those be that come until the next time.
 */
static void expire(struct work_struct *work)
{
	struct imon_monitor *monitor =
		container_of(work, struct imon_monitor, expiry.work);
	struct imon_queue_stats stats;

	mutex_lock(&imon_config);
	if (!monitor->reader && !monitor->dead) {
		imon_queue_stats(&monitor->queue, &stats);
		/* The records of slots hold nothing that could be given up. */
		while (stats.bytes &&
		       imon_queue_fold(&monitor->queue, stats.head_seq, slot_of,
				       monitor))
			cond_resched();
		arm_expiry(monitor);
	}
	mutex_unlock(&imon_config);
}

/* With imon_config held. A socket's port is free again before its end is told. */
static void set_reader(struct imon_monitor *monitor, struct sock *reader, u32 port)
{
	if (reader)
		sock_hold(reader);
	if (monitor->reader)
		sock_put(monitor->reader);
	monitor->reader = reader;
	WRITE_ONCE(monitor->port, port);
	arm_expiry(monitor);
}

static void free_monitor(struct work_struct *work)
{
	struct imon_monitor *monitor =
		container_of(to_rcu_work(work), struct imon_monitor, free);

	/* Writers are gone, so nobody schedules it again. */
	cancel_delayed_work_sync(&monitor->wake);
	cancel_delayed_work_sync(&monitor->expiry);
	xa_destroy(&monitor->watches);
	imon_queue_free(&monitor->queue);
	mutex_destroy(&monitor->reader_lock);
	kfree(monitor);
}

void imon_monitor_put(struct imon_monitor *monitor)
{
	if (refcount_dec_and_test(&monitor->ref))
		queue_rcu_work(wq, &monitor->free);
}

/** imon_monitor_get() - a monitor by id, with a reference, or NULL */
struct imon_monitor *imon_monitor_get(u32 id)
{
	struct imon_monitor *monitor;

	lockdep_assert_held(&imon_config);
	monitor = xa_load(&monitors, id);
	if (monitor)
		refcount_inc(&monitor->ref);
	return monitor;
}

/** imon_monitor_get_name() - the same by name, which is not empty */
struct imon_monitor *imon_monitor_get_name(const char *name)
{
	struct imon_monitor *monitor;
	unsigned long id;

	lockdep_assert_held(&imon_config);
	xa_for_each(&monitors, id, monitor) {
		if (!strcmp(monitor->name, name)) {
			refcount_inc(&monitor->ref);
			return monitor;
		}
	}
	return NULL;
}

/** imon_monitor_get_next() - the first with an id of at least @id, or NULL */
struct imon_monitor *imon_monitor_get_next(unsigned long *id)
{
	struct imon_monitor *monitor;

	lockdep_assert_held(&imon_config);
	monitor = xa_find(&monitors, id, ULONG_MAX, XA_PRESENT);
	if (monitor)
		refcount_inc(&monitor->ref);
	return monitor;
}

/** imon_monitor_each_watch() - call @fn for every watch there is */
void imon_monitor_each_watch(void (*fn)(struct imon_watch *watch, void *arg),
			     void *arg)
{
	unsigned long id, watch_id;
	struct imon_monitor *monitor;
	struct imon_watch *watch;

	lockdep_assert_held(&imon_config);
	xa_for_each(&monitors, id, monitor) {
		xa_for_each(&monitor->watches, watch_id, watch) {
			fn(watch, arg);
			cond_resched();
		}
	}
}

/** imon_monitor_count() - monitors that exist */
u32 imon_monitor_count(void)
{
	return READ_ONCE(monitor_total[0]) + READ_ONCE(monitor_total[1]);
}

/**
 * imon_monitor_create() - make a monitor
 * @opt: checked already; a name is not taken
 *
 * Return: the monitor, which is the table's, or an error pointer: -ENOSPC
 * when there are too many, -EDQUOT when the user has too many.
 */
struct imon_monitor *imon_monitor_create(const struct imon_monitor_options *opt)
{
	u32 *total = &monitor_total[opt->unprivileged];
	struct imon_monitor *monitor;
	int err;

	lockdep_assert_held(&imon_config);
	if (*total >= MONITORS_MAX)
		return ERR_PTR(-ENOSPC);
	monitor = kzalloc(sizeof(*monitor), GFP_KERNEL_ACCOUNT);
	if (!monitor)
		return ERR_PTR(-ENOMEM);
	refcount_set(&monitor->ref, 1);
	monitor->mode = opt->mode;
	monitor->window_us = opt->window_us;
	monitor->retention_sec = opt->retention_sec;
	monitor->uid = opt->uid;
	strscpy(monitor->name, opt->name, sizeof(monitor->name));
	xa_init_flags(&monitor->watches, XA_FLAGS_ALLOC1);
	mutex_init(&monitor->reader_lock);
	init_waitqueue_head(&monitor->wait);
	INIT_DELAYED_WORK(&monitor->wake, wake_reader);
	INIT_DELAYED_WORK(&monitor->expiry, expire);
	INIT_RCU_WORK(&monitor->free, free_monitor);
	monitor->woken = jiffies - usecs_to_jiffies(opt->window_us);

	if (opt->unprivileged) {
		monitor->user = imon_user_get(opt->uid);
		err = PTR_ERR_OR_ZERO(monitor->user);
		if (err)
			goto err_free;
	}
	imon_queue_init(&monitor->queue, opt->mode, opt->queue_bytes, opt->actor);
	err = xa_alloc_cyclic(&monitors, &monitor->id, monitor, xa_limit_31b,
			      &monitor_next, GFP_KERNEL_ACCOUNT);
	if (err < 0)
		goto err_queue;
	set_reader(monitor, opt->reader, opt->port);
	WRITE_ONCE(*total, *total + 1);
	return monitor;

err_queue:
	imon_queue_free(&monitor->queue);
	imon_user_put(monitor->user);
err_free:
	kfree(monitor);
	return ERR_PTR(err);
}

/** imon_monitor_delete() - remove a monitor that is in the table */
void imon_monitor_delete(struct imon_monitor *monitor)
{
	u32 *total = &monitor_total[!!monitor->user];

	lockdep_assert_held(&imon_config);
	xa_erase(&monitors, monitor->id);
	WRITE_ONCE(*total, *total - 1);

	mutex_lock(&monitor->reader_lock);
	monitor->dead = true;
	set_reader(monitor, NULL, 0);
	mutex_unlock(&monitor->reader_lock);

	imon_watch_del_all(monitor);
	imon_user_put(monitor->user);
	monitor->user = NULL;
	imon_monitor_put(monitor);
}

/**
 * imon_monitor_attach() - make a socket the reader
 * @monitor: the monitor
 * @reader: the socket
 * @port: its port
 *
 * What was pulled and not acknowledged is pending again.
 *
 * Return: 0, -EBUSY when another socket is attached.
 */
int imon_monitor_attach(struct imon_monitor *monitor, struct sock *reader,
			u32 port)
{
	bool wake = false;
	int err = 0;

	lockdep_assert_held(&imon_config);
	mutex_lock(&monitor->reader_lock);
	if (monitor->reader && monitor->reader != reader) {
		err = -EBUSY;
	} else {
		set_reader(monitor, reader, port);
		wake = imon_queue_rewind(&monitor->queue);
	}
	mutex_unlock(&monitor->reader_lock);
	if (wake)
		schedule_wake(monitor);
	return err;
}

/* Every socket of the protocol comes by when it closes; few are readers. */
static bool is_reader(u32 port)
{
	struct imon_monitor *monitor;
	unsigned long id;
	bool found = false;

	rcu_read_lock();
	xa_for_each(&monitors, id, monitor)
		if (READ_ONCE(monitor->port) == port)
			found = true;
	rcu_read_unlock();
	return found;
}

/**
 * imon_monitor_port_closed() - a socket is gone, and what was only its
 * @port: its port, which another socket may have by now
 */
void imon_monitor_port_closed(u32 port)
{
	struct imon_monitor *monitor;
	unsigned long id;

	if (!is_reader(port))
		return;
	mutex_lock(&imon_config);
	xa_for_each(&monitors, id, monitor) {
		if (monitor->port != port ||
		    !sock_flag(monitor->reader, SOCK_DEAD))
			continue;
		if (!monitor->name[0]) {
			imon_monitor_delete(monitor);
			continue;
		}
		mutex_lock(&monitor->reader_lock);
		set_reader(monitor, NULL, 0);
		mutex_unlock(&monitor->reader_lock);
	}
	mutex_unlock(&imon_config);
}

int imon_monitor_init(void)
{
	wq = alloc_workqueue("imon", WQ_UNBOUND, 0);
	return wq ? 0 : -ENOMEM;
}

/** imon_monitor_exit() - remove all; requests are over */
void imon_monitor_exit(void)
{
	struct imon_monitor *monitor;
	unsigned long id;

	mutex_lock(&imon_config);
	xa_for_each(&monitors, id, monitor)
		imon_monitor_delete(monitor);
	mutex_unlock(&imon_config);

	/* The works that free them are queued after a grace period. */
	rcu_barrier();
	destroy_workqueue(wq);
	xa_destroy(&monitors);
}
