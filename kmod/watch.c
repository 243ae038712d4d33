// SPDX-License-Identifier: GPL-2.0
/*
 * Watches of all scopes: what they have in common. Trees are in tree.c,
 * directories and inodes in object.c.
 *
 * REFCNT: A watch belongs to its monitor, and has no references.
 *
 * LOCKING: imon_config (monitor.h) serialises adding and removing, and guards
 * the monitor's table.
 *
 * LIFETIME: What is watched may go (removed, unmounted): the watch then stays,
 * and says so in its state, until the monitor removes it. Its memory goes
 * after a grace period of RCU, for those who found it before.
 */
#include <linux/netlink.h>
#include <linux/xarray.h>

#include "monitor.h"
#include "object.h"
#include "repeat.h"
#include "tree.h"
#include "user.h"
#include "watch.h"

/* Ids are spread over all monitors, so that one taken for another is refused. */
static u32 watch_next;
static atomic_t watch_total = ATOMIC_INIT(0);

/** imon_watch_count() - watches that exist */
u32 imon_watch_count(void)
{
	return atomic_read(&watch_total);
}

/** imon_watch_find() - a watch of a monitor by id, or NULL */
struct imon_watch *imon_watch_find(const struct imon_monitor *monitor, u32 id)
{
	lockdep_assert_held(&imon_config);
	return xa_load((struct xarray *)&monitor->watches, id);
}

/** imon_watch_next() - the first with an id of at least @id, or NULL */
struct imon_watch *imon_watch_next(const struct imon_monitor *monitor,
				   unsigned long *id)
{
	lockdep_assert_held(&imon_config);
	return xa_find((struct xarray *)&monitor->watches, id, ULONG_MAX,
		       XA_PRESENT);
}

/** imon_watch_dev() - device number of the filesystem, 0 when that is gone */
u32 imon_watch_dev(const struct imon_watch *watch)
{
	if (imon_watch_is_tree(watch))
		return imon_tree(watch)->dev;
	return imon_object_dev(watch);
}

static struct imon_watch *watch_alloc(const struct imon_watch_wish *wish)
{
	if (wish->scope == IMON_SCOPE_TREE)
		return imon_tree_alloc(wish);
	return imon_object_alloc(wish);
}

static int watch_attach(struct imon_watch *watch, struct inode *inode)
{
	if (imon_watch_is_tree(watch))
		return imon_tree_attach(watch, inode);
	return imon_object_attach(watch, inode);
}

/* After this only readers under RCU know it. */
static void watch_end(struct imon_watch *watch)
{
	xa_erase(&watch->monitor->watches, imon_watch_id(watch));
	if (imon_watch_is_tree(watch))
		imon_tree_detach(watch);
	else
		imon_object_detach(watch);
	imon_queue_drop_slot(&watch->monitor->queue, &watch->slot);
	/* Nor do they by what repeat.c knows. */
	imon_repeat_forget();
	if (imon_watch_is_tree(watch))
		imon_tree_free(watch);
	else
		imon_object_free(watch);
}

/* Gives it an id, and the id to its records. */
static struct imon_watch *watch_new(struct imon_monitor *monitor,
				    const struct imon_watch_wish *wish)
{
	struct imon_watch *watch = watch_alloc(wish);
	int err;

	if (!watch)
		return ERR_PTR(-ENOMEM);
	watch->monitor = monitor;
	/* Also what nobody has to ask for. */
	imon_slot_init(&watch->slot, wish->mask | ~IMON_EVENT_ASKABLE,
		       wish->scope, wish->inode);
	err = xa_alloc_cyclic(&monitor->watches, &watch->slot.root.watch, watch,
			      xa_limit_31b, &watch_next, GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		if (imon_watch_is_tree(watch))
			imon_tree_free(watch);
		else
			imon_object_free(watch);
		return ERR_PTR(err);
	}
	return watch;
}

static bool watched_already(const struct imon_monitor *monitor,
			    const struct imon_watch_wish *wish)
{
	if (wish->scope == IMON_SCOPE_TREE)
		return imon_tree_watched(monitor, wish->inode);
	return imon_object_watched(monitor, wish->inode, wish->scope);
}

static void say_why(int err, struct netlink_ext_ack *extack)
{
	if (err == -ENOENT)
		NL_SET_ERR_MSG(extack, "it was removed");
	else if (err == -EDQUOT)
		NL_SET_ERR_MSG(extack,
			       "you have as many watches as imon's max_user_watches allows");
	else
		NL_SET_ERR_MSG(extack,
			       "the filesystem takes no marks, or no memory");
}

/**
 * imon_watch_add() - watch something
 * @monitor: whose queue is filled; imon_config is held
 * @wish: what
 * @extack: gets the sentence
 *
 * Return: the watch, which @monitor has now, or an error pointer. When it
 * returns, every later change is reported.
 */
struct imon_watch *imon_watch_add(struct imon_monitor *monitor,
				  const struct imon_watch_wish *wish,
				  struct netlink_ext_ack *extack)
{
	const struct inode *inode = wish->inode;
	struct imon_watch *watch;
	int err;

	lockdep_assert_held(&imon_config);
	if (watched_already(monitor, wish)) {
		NL_SET_ERR_MSG(extack, "the monitor watches this already");
		return ERR_PTR(-EEXIST);
	}
	err = imon_user_add_watch(monitor->user);
	if (err)
		goto err_say;
	watch = watch_new(monitor, wish);
	if (IS_ERR(watch)) {
		err = PTR_ERR(watch);
		goto err_user;
	}
	err = watch_attach(watch, wish->inode);
	/*
	 * What was removed before it was watched will send no news; what is
	 * removed from now on will.
	 */
	if (!err && (IS_DEADDIR(inode) || !inode->i_nlink))
		err = -ENOENT;
	if (err)
		goto err_end;
	imon_repeat_forget();
	monitor->nr_watches++;
	atomic_inc(&watch_total);
	return watch;

err_end:
	watch_end(watch);
err_user:
	imon_user_del_watch(monitor->user);
err_say:
	say_why(err, extack);
	return ERR_PTR(err);
}

/** imon_watch_del() - stop watching; imon_config is held */
void imon_watch_del(struct imon_watch *watch)
{
	struct imon_monitor *monitor = watch->monitor;

	lockdep_assert_held(&imon_config);
	monitor->nr_watches--;
	atomic_dec(&watch_total);
	imon_user_del_watch(monitor->user);
	watch_end(watch);
}

/** imon_watch_del_all() - the monitor goes; imon_config is held */
void imon_watch_del_all(struct imon_monitor *monitor)
{
	struct imon_watch *watch;
	unsigned long id;

	xa_for_each(&monitor->watches, id, watch) {
		imon_watch_del(watch);
		cond_resched();
	}
}
