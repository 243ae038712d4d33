// SPDX-License-Identifier: GPL-2.0
/*
 * An event's way to the queues of those who watch a tree it is in.
 */
#include <linux/fs.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "monitor.h"
#include "object.h"
#include "source.h"
#include "stats.h"
#include "trace.h"
#include "tree.h"

/* What a tree sees of a hit: nothing, when the place is excluded from it. */
static const struct imon_hit *seen(const struct imon_tree *tree,
				   const struct imon_walk *walk,
				   const struct imon_hit *hit)
{
	if (hit && unlikely(READ_ONCE(tree->nr_excludes)) &&
	    imon_tree_excludes(tree, walk, hit))
		return NULL;
	return hit;
}

/* The trees of one root. 0, or -ESTALE when something moved. */
static int report_root(const struct imon_event *ev, struct imon_root *root,
		       const struct imon_walk *from, const struct imon_walk *to,
		       const struct imon_view *view)
{
	const struct imon_hit *at = imon_walk_find(from, root), *old;
	const struct imon_hit *at_new = imon_walk_find(to, root), *new;
	struct imon_tree *tree;
	int err;

	list_for_each_entry_rcu(tree, &root->trees, root_node) {
		if (!(ev->mask & (imon_watch_mask(&tree->watch) | IMON_EVENT_DIRTY)))
			continue;
		old = seen(tree, from, at);
		new = seen(tree, to, at_new);
		if (!old && !new)
			continue;
		err = imon_monitor_post(&tree->watch, ev, old, new, view);
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
	if (!ev->source)
		return;
	this_cpu_inc(imon_counters.unplaced);
	trace_imon_unplaced(ev);
	imon_root_scan_all(ev->source, false);
	imon_objects_lost(ev->source);
}

static int report_roots(const struct imon_event *ev, const struct imon_walk *old,
			const struct imon_walk *new, const struct imon_view *view)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < old->nr && !err; i++)
		err = report_root(ev, old->hit[i].root, old, new, view);
	for (i = 0; i < new->nr && !err; i++)
		if (!imon_walk_find(old, new->hit[i].root))
			err = report_root(ev, new->hit[i].root, old, new, view);
	return err;
}

static int report(const struct imon_event *ev, struct imon_walk *old,
		  struct imon_walk *new, const struct imon_view *view)
{
	bool objects = imon_objects_any(ev->source);
	int err;

	imon_walk(old, &ev->old);
	imon_walk(new, &ev->new);
	/* Also that nothing was found is only true if nothing has moved. */
	if (imon_view_stale(view))
		return -ESTALE;
	if (!old->nr && !new->nr && !objects)
		return 0;
	if (ev->mask & IMON_EVENT_RENAME && !view->locked)
		return -ESTALE;
	err = report_roots(ev, old, new, view);
	if (!err && objects)
		err = imon_object_names(ev, view);
	return err;
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
