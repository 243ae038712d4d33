// SPDX-License-Identifier: GPL-2.0
/*
 * An event's way to the queues of those who watch a tree it is in.
 */
#include <linux/fs.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "monitor.h"
#include "object.h"
#include "repeat.h"
#include "route.h"
#include "source.h"
#include "stats.h"
#include "trace.h"
#include "tree.h"

static bool wanted(const struct imon_event *ev, const struct imon_tree *tree)
{
	return ev->mask & (imon_watch_mask(&tree->watch) | IMON_EVENT_DIRTY);
}

/* Whether a place in a tree is left out of it; @excludes: of some tree it is. */
static bool hidden(const struct imon_tree *tree, const struct imon_place *place,
		   bool excludes)
{
	return unlikely(excludes) && READ_ONCE(tree->nr_excludes) &&
	       imon_tree_excluded(tree, place);
}

/* The trees of one root. 0, 1 if to none it is new, -ESTALE if something moved. */
static inline int report_hit(const struct imon_event *ev,
			     const struct imon_hit *hit, bool excludes,
			     const struct imon_view *view)
{
	struct imon_tree *tree;
	int repeat = 1, err;

	list_for_each_entry_rcu(tree, &hit->root->trees, root_node) {
		if (ev->carrier) {
			ev->carrier->nr_watches++;
			ev->carrier->watch = &tree->watch;
		}
		if (!wanted(ev, tree) || hidden(tree, &ev->old, excludes))
			continue;
		err = imon_monitor_post(&tree->watch, ev, hit, NULL, view);
		if (err < 0)
			return err;
		repeat &= err;
	}
	return repeat;
}

/* Up to the filesystem's root; remembers the way. -ENOENT if it ended before. */
static noinline int report_up(const struct imon_event *ev,
			      const struct imon_view *view)
{
	struct imon_hit hit = { .root = NULL };
	struct imon_climb at;
	unsigned int n = 0;
	int repeat = 1, err;

	imon_climb_start(&at, &ev->old);
	while (imon_climb_next(&at, &hit)) {
		err = report_hit(ev, &hit, at.excludes, view);
		if (err < 0)
			return err;
		repeat &= err;
		n++;
	}
	if (unlikely(at.detached))
		return -ENOENT;
	if (n < 2 && !at.excludes)
		imon_route_note(&ev->old, &hit, view);
	return repeat;
}

static int report_trees(const struct imon_event *ev, const struct imon_view *view)
{
	struct imon_hit hit;

	if (!imon_route_find(&hit, &ev->old, view))
		return report_up(ev, view);
	return hit.root ? report_hit(ev, &hit, false, view) : 1;
}

/*
 * All but renames. What was found is checked under each queue's lock; that
 * nothing was found is only true if nothing has moved.
 */
static int report_place(const struct imon_event *ev, const struct imon_view *view)
{
	int found = report_trees(ev, view), err;

	if (found == -ESTALE || imon_view_stale(view))
		return -ESTALE;
	if (!imon_objects_any(ev->source))
		return found;
	err = imon_object_names(ev, view);
	if (err)
		return err;
	return min(found, 0);
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

/* The trees of one root, which may hold the old name, the new, or both. */
static int report_moved(const struct imon_event *ev, struct imon_root *root,
			const struct imon_walk *from, const struct imon_walk *to,
			const struct imon_view *view)
{
	const struct imon_hit *old, *new;
	struct imon_tree *tree;
	int err;

	list_for_each_entry_rcu(tree, &root->trees, root_node) {
		if (!wanted(ev, tree))
			continue;
		old = imon_walk_find(from, root);
		if (old && hidden(tree, &ev->old, from->excludes))
			old = NULL;
		new = imon_walk_find(to, root);
		if (new && hidden(tree, &ev->new, to->excludes))
			new = NULL;
		if (!old && !new)
			continue;
		err = imon_monitor_post(&tree->watch, ev, old, new, view);
		if (err)
			return err;
	}
	return 0;
}

static int report_walks(const struct imon_event *ev, const struct imon_walk *old,
			const struct imon_walk *new, const struct imon_view *view)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < old->nr && !err; i++)
		err = report_moved(ev, old->hit[i].root, old, new, view);
	for (i = 0; i < new->nr && !err; i++)
		if (!imon_walk_find(old, new->hit[i].root))
			err = report_moved(ev, new->hit[i].root, old, new, view);
	return err;
}

/* Posted only while nothing can move. Its stack is not for all events to pay. */
static noinline int report_rename(const struct imon_event *ev,
				  const struct imon_view *view)
{
	bool objects = imon_objects_any(ev->source);
	struct imon_walk old, new;
	int err;

	imon_walk(&old, &ev->old);
	imon_walk(&new, &ev->new);
	if (imon_view_stale(view))
		return -ESTALE;
	if (!old.nr && !new.nr && !objects)
		return 0;
	if (!view->locked)
		return -ESTALE;
	err = report_walks(ev, &old, &new, view);
	if (!err && objects)
		err = imon_object_names(ev, view);
	if (!err && (old.detached || old.cut || new.detached || new.cut))
		err = -ENOENT;
	return err;
}

/* What comes next of the same object need not come this far. */
static void note(const struct imon_event *ev, bool repeat)
{
	struct imon_carrier *carrier = ev->carrier;
	u32 mask = ev->mask & ~IMON_EVENT_REPEATS ? 0 : ev->mask;

	if (carrier->nr_watches != 1 || imon_objects_any(ev->source))
		carrier->named = NULL;
	if (carrier->named || (repeat && mask))
		imon_repeat_note(carrier, mask);
}

/* If negative, @ev has to be reported again, or is lost. */
static int report_once(const struct imon_event *ev, bool lock)
{
	struct imon_carrier *carrier = ev->carrier;
	struct imon_view view;
	int err;

	if (carrier) {
		carrier->nr_watches = 0;
		carrier->watch = NULL;
		carrier->named = NULL;
		carrier->epoch = imon_repeat_epoch();
	}
	imon_view_begin(&view, lock);
	if (unlikely(ev->mask & IMON_EVENT_RENAME))
		err = report_rename(ev, &view);
	else
		err = report_place(ev, &view);
	imon_view_end(&view);
	if (carrier && err >= 0 && !lock) {
		carrier->seq = view.seq;
		note(ev, err > 0);
	}
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
	if (unlikely(err < 0))
		imon_event_lost(ev);
}
