/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_PATH_H
#define _IMON_PATH_H

#include <linux/atomic.h>
#include <linux/dcache.h>
#include <linux/fsnotify_backend.h>
#include <linux/hash.h>
#include <linux/seqlock.h>

struct imon_root;

/* Trees inside trees, counted from the object up, that one rename can reach. */
#define IMON_NESTED_MAX 8

/*
 * Every root carries an inode mark of ours with this bit, so that a walk sees
 * at an ancestor, without a look-up, that it may be one.
 */
#define IMON_ROOT_BIT FS_DELETE_SELF

/* Changes, as a full barrier, when a root or an exclusion has come, or a root gone. */
extern atomic_t imon_roots;

/**
 * struct imon_place - a name in the dentry tree
 * @dentry: the object, or, when @name is set, the directory it is in
 * @name: its name; NULL: @dentry is the object itself
 *
 * An empty place (@dentry is NULL) has no path.
 */
struct imon_place {
	struct dentry *dentry;
	const struct qstr *name;
};

/**
 * struct imon_view - under which guard dentries are looked at
 * @seq: rename_lock's sequence when the look began
 * @roots: imon_roots then
 * @locked: rename_lock is held instead, so nothing can move
 *
 * Between imon_view_begin() and imon_view_end() RCU is held: a dentry that
 * was reached by d_parent stays readable. What was read is only true while
 * imon_view_stale() says no.
 */
struct imon_view {
	unsigned int seq;
	int roots;
	bool locked;
};

static inline void imon_view_begin(struct imon_view *view, bool lock)
	__acquires(RCU) __acquires(rename_lock)
{
	rcu_read_lock();
	/* What roots there are by then is seen after it. */
	view->roots = atomic_read_acquire(&imon_roots);
	view->locked = lock;
	if (lock) {
		read_seqlock_excl(&rename_lock);
	} else {
		__acquire(rename_lock);
		view->seq = read_seqbegin(&rename_lock);
	}
}

static inline void imon_view_end(struct imon_view *view)
	__releases(RCU) __releases(rename_lock)
{
	if (view->locked)
		read_sequnlock_excl(&rename_lock);
	else
		__release(rename_lock);
	rcu_read_unlock();
}

static inline bool imon_view_stale(const struct imon_view *view)
{
	return !view->locked && read_seqretry(&rename_lock, view->seq);
}

/**
 * struct imon_hit - a watched tree or directory that holds the place
 * @top: the inode of its root, or the directory
 * @root: its root; NULL: a directory
 * @key: a hash of the names from the root down to the place; equal paths in
 *	one tree have equal keys
 * @len: bytes of that path
 */
struct imon_hit {
	const struct inode *top;
	struct imon_root *root;
	u64 key;
	u32 len;
};

/**
 * struct imon_walk - the trees that hold a place, innermost first
 * @hit: the trees
 * @nr: how many
 * @cut: there are more than fit; the outer ones are missing
 * @excludes: the place is below a directory that is excluded from some tree
 * @detached: the walk did not arrive at the filesystem's root, so the place
 *	may be in any tree
 */
struct imon_walk {
	struct imon_hit hit[IMON_NESTED_MAX];
	unsigned int nr;
	bool cut;
	bool excludes;
	bool detached;
};

/**
 * struct imon_climb - the way from a place to the filesystem's root
 * @dentry: looked at next; NULL: the way is over
 * @key: as in struct imon_hit
 * @weight: of the next name in @key
 * @len: bytes of the names so far, each with a slash
 * @excludes: a directory was passed that is excluded from some tree
 * @detached: the way ended before the filesystem's root
 */
struct imon_climb {
	struct dentry *dentry;
	u64 key;
	u64 weight;
	u32 len;
	bool excludes;
	bool detached;
};

void imon_climb_start(struct imon_climb *at, const struct imon_place *place);
bool imon_climb_next(struct imon_climb *at, struct imon_hit *hit);
void imon_walk(struct imon_walk *walk, const struct imon_place *place);
const struct imon_hit *imon_walk_find(const struct imon_walk *walk,
				      const struct imon_root *root);
int imon_hit_make(struct imon_hit *hit, const struct imon_place *place,
		  const struct inode *top);
int imon_path_copy(char *buf, const struct imon_hit *hit,
		   const struct imon_place *place,
		   const struct imon_view *view);
bool imon_place_ends(const struct imon_place *place, const char *path,
		     unsigned int len, const struct imon_view *view);
bool imon_path_known(struct inode *dir);
struct imon_place imon_place_dir(const struct imon_place *place);
struct imon_place imon_place_top(const struct imon_place *place,
				 const struct inode *top);
void imon_hit_name(struct imon_hit *hit, const struct imon_place *place);

/* What the last name of a path adds to its key. */
static inline u64 imon_name_key(u64 hash_len)
{
	return hash_len * GOLDEN_RATIO_64;
}

/* The directory that a place's name is in; NULL if it just went. */
static inline const struct inode *imon_place_parent(const struct imon_place *place)
{
	if (place->name)
		return READ_ONCE(place->dentry->d_inode);
	return READ_ONCE(READ_ONCE(place->dentry->d_parent)->d_inode);
}

#endif
