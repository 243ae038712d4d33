// SPDX-License-Identifier: GPL-2.0
/*
 * Watches of single directories and inodes, of which there may be millions.
 *
 * They have no mark and pin nothing: the filesystem's mark sees what happens
 * to them, and a table finds them by inode number (table.c) and identity
 * (identity.c). Where a number does not last, the inode is pinned after all.
 *
 * REFCNT: Each member of a table is a user of its source, and, if it asks for
 * that, of the feed of programs.
 *
 * LOCKING: imon_config serialises adding and removing by users; objects_lock
 * guards, against an umount, whether an object is in its table, and the
 * counts. It nests outside a queue's lock. Callbacks look up under RCU.
 *
 * LIFETIME: A table is made with the first object of a filesystem, and freed
 * with the filesystem's mark, after all callbacks. Objects leave it when they
 * are removed or their filesystem is unmounted. Their memory goes after a
 * grace period.
 */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "identity.h"
#include "monitor.h"
#include "object.h"
#include "path.h"
#include "source.h"
#include "table.h"

/**
 * struct imon_objects - the objects of a filesystem
 * @by_ino: by inode number
 * @source: the filesystem
 * @exec: its feed of programs, while members ask for that; objects_lock
 * @id: what a struct imon_object knows it by
 * @nr: members, until their inodes are put; objects_lock
 * @pins: members are struct pinned
 * @lost: makes all directories dirty
 */
struct imon_objects {
	struct imon_table by_ino;
	struct imon_source *source;
	struct imon_source *exec;
	u32 id;
	u32 nr;
	bool pins;
	struct work_struct lost;
};

/**
 * struct pinned - an object whose inode must not be evicted
 * @object: what all objects have
 * @inode: with a reference while @object is in its table
 */
struct pinned {
	struct imon_object object;
	struct inode *inode;
};

static struct kmem_cache *cache;
/* Under imon_config; entries are good while objects are in them. */
static DEFINE_XARRAY_ALLOC1(tables);
static DEFINE_SPINLOCK(objects_lock);

static inline struct imon_object *imon_object(const struct imon_watch *watch)
{
	return container_of(watch, struct imon_object, watch);
}

static struct imon_objects *table_of(const struct imon_source *source)
{
	/* Pairs with the release in table_new(). */
	return source ? smp_load_acquire(&source->objects) : NULL;
}

static struct imon_object *with_identity(struct imon_object *object, u32 id)
{
	while (object && object->identity != id)
		object = imon_table_next(object);
	return object;
}

/* The first object that an inode is; either may be NULL. Under RCU. */
static struct imon_object *first(struct imon_objects *table, struct inode *inode)
{
	struct imon_object *object;

	if (!table || !inode)
		return NULL;
	object = imon_table_find(&table->by_ino, inode->i_ino);
	return object ? with_identity(object,
				      imon_identity(inode, table->pins)) : NULL;
}

/* Another object that is the same inode. */
static struct imon_object *next(const struct imon_object *object)
{
	return with_identity(imon_table_next(object), object->identity);
}

/**
 * imon_object_self() - what happened to an object, whatever its names
 * @ev: the event; its places are not looked at
 * @inode: the object
 */
void imon_object_self(const struct imon_event *ev, struct inode *inode)
{
	struct imon_objects *table = table_of(ev->source);
	struct imon_object *object;

	rcu_read_lock();
	for (object = first(table, inode); object; object = next(object))
		if (ev->mask & imon_watch_mask(&object->watch))
			imon_monitor_post_self(&object->watch, ev);
	rcu_read_unlock();
}

/** imon_object_moved() - an object has another name, or one in another place */
void imon_object_moved(const struct imon_source *source, struct inode *inode)
{
	struct imon_objects *table = table_of(source);
	struct imon_object *object;

	rcu_read_lock();
	for (object = first(table, inode); object; object = next(object))
		imon_monitor_post_root(&object->watch, IMON_EVENT_ROOT_MOVED);
	rcu_read_unlock();
}

/* One directory's view of an event. */
static int names_in(const struct imon_event *ev, struct imon_objects *table,
		    struct inode *dir, const struct imon_hit *old,
		    const struct imon_hit *new, const struct imon_view *view)
{
	struct imon_object *object;
	int err;

	for (object = first(table, dir); object; object = next(object)) {
		if (object->watch.slot.scope != IMON_SCOPE_DIR ||
		    !(ev->mask & imon_watch_mask(&object->watch)))
			continue;
		err = imon_monitor_post(&object->watch, ev, old, new, view);
		if (err < 0)
			return err;
	}
	return 0;
}

/**
 * imon_object_names() - what happened to names, for the directories they are in
 * @ev: the event
 * @view: the view; of a rename locked
 *
 * Return: 0, or -ESTALE when something moved.
 */
int imon_object_names(const struct imon_event *ev, const struct imon_view *view)
{
	struct imon_objects *table = table_of(ev->source);
	struct inode *from, *to = NULL;
	struct imon_hit old, new;
	int err;

	/* The root of a filesystem has no name, and its parent is itself. */
	if (!ev->old.name && IS_ROOT(ev->old.dentry))
		return 0;
	from = (struct inode *)imon_place_parent(&ev->old);
	imon_hit_name(&old, &ev->old);
	if (ev->new.dentry) {
		to = (struct inode *)imon_place_parent(&ev->new);
		imon_hit_name(&new, &ev->new);
	}
	if (imon_view_stale(view))
		return -ESTALE;
	if (from == to)
		return names_in(ev, table, from, &old, &new, view);
	err = names_in(ev, table, from, &old, NULL, view);
	return err ?: names_in(ev, table, to, NULL, &new, view);
}

/* What is to be done without a lock when an object has left its table. */
struct leftover {
	struct imon_objects *table;
	struct inode *inode;
	u32 want;
};

/* One member less. An umount waits for the last. */
static void put_leftover(const struct leftover *left)
{
	struct imon_objects *table = left->table;
	struct imon_source *source;
	bool last;

	if (!table)
		return;
	/* Before the count: until that is 0, its filesystem is there. */
	if (left->inode)
		iput(left->inode);
	source = table->source;
	spin_lock(&objects_lock);
	WRITE_ONCE(table->nr, table->nr - 1);
	last = !table->nr;
	spin_unlock(&objects_lock);
	if (last) {
		/* Pairs with the wait in imon_objects_unmount(). */
		smp_mb();
		wake_up_var(&table->nr);
	}
	/* With its last user the table may go. */
	imon_source_put(source, left->want);
}

static void make_dirty(struct imon_watch *watch, void *arg)
{
	const struct imon_objects *table = arg;

	if (watch->slot.scope == IMON_SCOPE_DIR &&
	    READ_ONCE(imon_object(watch)->table) == table->id)
		imon_monitor_post_root(watch, IMON_EVENT_DIRTY);
}

/*
 * By way of the monitors: a walk through the table that lets others in between
 * may miss objects that stay.
 */
static void make_all_dirty(struct work_struct *work)
{
	mutex_lock(&imon_config);
	imon_monitor_each_watch(make_dirty,
				container_of(work, struct imon_objects, lost));
	mutex_unlock(&imon_config);
}

/**
 * imon_objects_lost() - an event has no place: any directory may have changed
 * @source: the filesystem
 *
 * There may be too many for whoever made the change to see to them.
 */
void imon_objects_lost(const struct imon_source *source)
{
	if (imon_objects_any(source))
		schedule_work(&table_of(source)->lost);
}

static struct imon_objects *table_new(struct imon_source *source, bool pins)
{
	struct imon_objects *table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	int err;

	if (!table)
		return ERR_PTR(-ENOMEM);
	table->source = source;
	table->pins = pins;
	INIT_WORK(&table->lost, make_all_dirty);
	err = imon_table_init(&table->by_ino, &objects_lock);
	if (err)
		goto err_free;
	err = xa_alloc(&tables, &table->id, table, xa_limit_32b, GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_table;
	/* Callbacks may look right now. */
	smp_store_release(&source->objects, table);
	return table;

err_table:
	imon_table_free(&table->by_ino);
err_free:
	kfree(table);
	return ERR_PTR(err);
}

/** imon_objects_free() - a filesystem's mark is freed, after its callbacks */
void imon_objects_free(struct imon_source *source)
{
	struct imon_objects *table = source->objects;

	if (!table)
		return;
	cancel_work_sync(&table->lost);
	xa_erase(&tables, table->id);
	imon_table_free(&table->by_ino);
	kfree(table);
}

/* Takes an object out of its table, if it is in one. */
static void leave(struct imon_object *object, struct leftover *left)
{
	struct imon_objects *table;

	lockdep_assert_held(&objects_lock);
	table = xa_load(&tables, object->table);
	if (!table)
		return;
	imon_table_remove(&table->by_ino, object);
	object->table = 0;
	if (table->pins)
		left->inode = container_of(object, struct pinned, object)->inode;
	left->want = imon_watch_mask(&object->watch);
	if (left->want & IMON_EVENT_PROGRAM)
		imon_source_put(table->exec, left->want);
	left->table = table;
}

static void end(struct imon_object *object, u8 state, struct leftover *left)
{
	imon_monitor_end_watch(&object->watch, state);
	spin_lock(&objects_lock);
	leave(object, left);
	spin_unlock(&objects_lock);
}

/** imon_object_deleted() - the last name of an object is gone */
void imon_object_deleted(const struct imon_source *source, struct inode *inode)
{
	struct imon_objects *table = table_of(source);
	struct imon_object *object;
	struct leftover left;

	do {
		left = (struct leftover){ };
		rcu_read_lock();
		object = first(table, inode);
		if (object)
			end(object, IMON_WATCH_STATE_DELETED, &left);
		rcu_read_unlock();
		put_leftover(&left);
	} while (object);
}

/** imon_objects_unmount() - a filesystem's mark is on its way out */
void imon_objects_unmount(struct imon_source *source)
{
	struct imon_objects *table = table_of(source);
	struct imon_object *object;
	u32 bucket = U32_MAX;

	if (!table)
		return;
	do {
		struct leftover left = { };

		rcu_read_lock();
		object = imon_table_any(&table->by_ino, &bucket);
		if (object)
			end(object, IMON_WATCH_STATE_UNMOUNTED, &left);
		rcu_read_unlock();
		put_leftover(&left);
		cond_resched();
	} while (object);
	/* Who has taken one out holds its inode for a moment longer. */
	wait_var_event(&table->nr, !READ_ONCE(table->nr));
}

/** imon_object_alloc() - memory for an object, or NULL */
struct imon_watch *imon_object_alloc(const struct imon_watch_wish *wish)
{
	struct imon_object *object;
	struct pinned *pinned;

	if (imon_identity_lasts(wish->inode->i_sb)) {
		object = kmem_cache_zalloc(cache, GFP_KERNEL_ACCOUNT);
		return object ? &object->watch : NULL;
	}
	pinned = kzalloc(sizeof(*pinned), GFP_KERNEL_ACCOUNT);
	if (!pinned)
		return NULL;
	pinned->object.watch.slot.owner_flag = true;
	return &pinned->object.watch;
}

static void free_object(struct rcu_head *rcu)
{
	struct imon_object *object =
		container_of(rcu, struct imon_object, watch.slot.root.rcu);

	if (object->watch.slot.owner_flag)
		kfree(container_of(object, struct pinned, object));
	else
		kmem_cache_free(cache, object);
}

void imon_object_free(struct imon_watch *watch)
{
	call_rcu(&watch->slot.root.rcu, free_object);
}

/* Puts an object into a table that has room; the caller has looked both feeds up. */
static void join(struct imon_object *object, struct imon_objects *table,
		 struct imon_source *exec, struct inode *inode)
{
	object->identity = imon_identity(inode, table->pins);
	if (table->pins) {
		ihold(inode);
		container_of(object, struct pinned, object)->inode = inode;
	}
	spin_lock(&objects_lock);
	imon_table_insert(&table->by_ino, object);
	object->table = table->id;
	WRITE_ONCE(table->nr, table->nr + 1);
	if (exec)
		table->exec = exec;
	spin_unlock(&objects_lock);
}

/** imon_object_attach() - begin to watch */
int imon_object_attach(struct imon_watch *watch, struct inode *inode)
{
	u32 want = imon_watch_mask(watch);
	struct imon_source *source, *exec = NULL;
	struct imon_objects *table;
	int err;

	source = imon_source_get(inode->i_sb, IMON_FEED_CHANGE, want);
	if (IS_ERR(source))
		return PTR_ERR(source);
	table = table_of(source) ?: table_new(source, watch->slot.owner_flag);
	if (IS_ERR(table)) {
		err = PTR_ERR(table);
		goto err_source;
	}
	err = imon_table_reserve(&table->by_ino);
	if (err)
		goto err_source;
	if (want & IMON_EVENT_PROGRAM) {
		exec = imon_source_get(inode->i_sb, IMON_FEED_EXEC, want);
		if (IS_ERR(exec)) {
			err = PTR_ERR(exec);
			goto err_source;
		}
	}
	join(imon_object(watch), table, exec, inode);
	return 0;

err_source:
	imon_source_put(source, want);
	return err;
}

/** imon_object_detach() - stop watching */
void imon_object_detach(struct imon_watch *watch)
{
	struct leftover left = { };

	spin_lock(&objects_lock);
	leave(imon_object(watch), &left);
	spin_unlock(&objects_lock);
	put_leftover(&left);
}

/** imon_object_watched() - whether a monitor has this very watch already */
bool imon_object_watched(const struct imon_monitor *monitor,
			 struct inode *inode, u32 scope)
{
	struct imon_objects *table = table_of(imon_source_find(inode->i_sb));
	struct imon_object *object;
	bool found = false;

	rcu_read_lock();
	for (object = first(table, inode); object; object = next(object))
		if (object->watch.monitor == monitor &&
		    object->watch.slot.scope == scope)
			found = true;
	rcu_read_unlock();
	return found;
}

/** imon_object_dev() - device number of the filesystem, 0 when that is gone */
u32 imon_object_dev(const struct imon_watch *watch)
{
	struct imon_objects *table;
	u32 dev;

	spin_lock(&objects_lock);
	table = xa_load(&tables, imon_object(watch)->table);
	dev = table ? table->source->dev : 0;
	spin_unlock(&objects_lock);
	return dev;
}

int imon_object_init(void)
{
	cache = KMEM_CACHE(imon_object, SLAB_ACCOUNT);
	return cache ? 0 : -ENOMEM;
}

/** imon_object_exit() - callers have seen to the end of all callbacks */
void imon_object_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(cache);
	xa_destroy(&tables);
}
