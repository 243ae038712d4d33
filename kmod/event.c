// SPDX-License-Identifier: GPL-2.0
/*
 * An event's way to the queues of those who watch a tree it is in.
 */
#include <linux/fs.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "monitor.h"
#include "watch.h"

/* The watches of one tree. 0, or -ESTALE when something moved. */
static int report_tree(const struct imon_event *ev, struct imon_root *root,
		       const struct imon_hit *old, const struct imon_hit *new,
		       const struct imon_view *view)
{
	struct imon_watch *watch;
	int err;

	list_for_each_entry_rcu(watch, &root->watches, root_node) {
		if (!(ev->mask & (watch->mask | IMON_EVENT_DIRTY)))
			continue;
		err = imon_monitor_post(watch, ev, old, new, view);
		if (err)
			return err;
	}
	return 0;
}

/**
 * imon_event_lost() - report an event of which nobody knows where it was
 * @ev: the event
 *
 * Any tree of the filesystem may have changed, so all are to be scanned.
 */
void imon_event_lost(const struct imon_event *ev)
{
	imon_root_tell_all(ev->sb, IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE);
}

static int report(const struct imon_event *ev, struct imon_walk *old,
		  struct imon_walk *new, const struct imon_view *view)
{
	unsigned int i;
	int err;

	imon_walk(old, &ev->old);
	imon_walk(new, &ev->new);
	/* Also that nothing was found is only true if nothing has moved. */
	if (imon_view_stale(view))
		return -ESTALE;
	if (!old->nr && !new->nr)
		return 0;
	if (ev->mask & IMON_EVENT_RENAME && !view->locked)
		return -ESTALE;

	for (i = 0; i < old->nr; i++) {
		struct imon_root *root = old->hit[i].root;

		err = report_tree(ev, root, &old->hit[i],
				  imon_walk_find(new, root), view);
		if (err)
			return err;
	}
	for (i = 0; i < new->nr; i++) {
		struct imon_root *root = new->hit[i].root;

		if (imon_walk_find(old, root))
			continue;
		err = report_tree(ev, root, NULL, &new->hit[i], view);
		if (err)
			return err;
	}
	return 0;
}

/* Whether all is well; else @ev has to be reported again, or is lost. */
static int report_once(const struct imon_event *ev, bool lock)
{
	struct imon_walk old, new;
	struct imon_view view;
	int err;

	imon_view_begin(&view, lock);
	err = report(ev, &old, &new, &view);
	if (!err && unlikely(old.detached || old.cut || new.detached || new.cut))
		err = -ENOENT;
	imon_view_end(&view);
	return err;
}

/**
 * imon_event_report() - put an event into every queue that wants it
 * @ev: the event
 *
 * Paths are found without locks. When a rename, anywhere, gets in between,
 * it is done again with renames locked out. A watch that was served the
 * first time may then see the event twice, which is why a rename, the one
 * event that cannot bear that, is only ever posted with the lock.
 */
void imon_event_report(const struct imon_event *ev)
{
	int err = report_once(ev, false);

	if (err == -ESTALE)
		err = report_once(ev, true);
	if (unlikely(err))
		imon_event_lost(ev);
}
