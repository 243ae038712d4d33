// SPDX-License-Identifier: GPL-2.0
/*
 * Which trees hold a place, and what it is called in them.
 *
 * LOCKING: everything here runs between imon_view_begin() and
 * imon_view_end(). Without rename_lock held, dentries may move under us: the
 * results are then only good if imon_view_stale() says no afterwards, under
 * the lock of the queue they go into. Nothing here waits, takes a reference
 * or allocates.
 *
 * Names are read without d_lock. A name and its length change only under
 * rename_lock (__d_move), so when the sequence is still the same after the
 * two were loaded, they belong together; and the bytes stay readable until
 * the RCU section ends, even if a rename replaces them right then.
 */
#include <linux/string.h>
#include <linux/stringhash.h>

#include <uapi/linux/imon.h>

#include "path.h"
#include "tree.h"

atomic_t imon_roots;

/* Order matters: a/b and b/a must differ. The last name's part is that of any. */
static inline void climb_add(struct imon_climb *at, u64 hash_len)
{
	at->key += hash_len * at->weight;
	at->weight *= GOLDEN_RATIO_64;
	at->len += hashlen_len(hash_len) + 1;
}

/**
 * imon_climb_start() - begin to look for the trees that hold a place
 * @at: the way
 * @place: the place; may be empty
 */
void imon_climb_start(struct imon_climb *at, const struct imon_place *place)
{
	at->dentry = place->dentry;
	at->key = 0;
	at->weight = GOLDEN_RATIO_64;
	at->len = 0;
	at->excludes = false;
	at->detached = false;
	if (place->name)
		climb_add(at, place->name->hash_len);
}

/* One directory up; false at the top. */
static inline bool climb_up(struct imon_climb *at)
{
	struct dentry *parent = READ_ONCE(at->dentry->d_parent);

	if (parent == at->dentry)
		return false;
	climb_add(at, READ_ONCE(at->dentry->d_name.hash_len));
	at->dentry = parent;
	return true;
}

static inline void climb_hit(const struct imon_climb *at, struct imon_hit *hit,
			     const struct inode *top, struct imon_root *root)
{
	hit->top = top;
	hit->root = root;
	hit->key = at->key;
	/* Each name was counted with a slash; the first has none. */
	hit->len = at->len ? at->len - 1 : 0;
}

static bool is_detached(const struct dentry *top)
{
	return top != top->d_sb->s_root &&
	       READ_ONCE(top->d_flags) & DCACHE_DISCONNECTED;
}

/**
 * imon_climb_next() - go up to the next root
 * @way: the way
 * @hit: the root found
 *
 * Return: whether there was one; if not, the way is over.
 */
bool imon_climb_next(struct imon_climb *way, struct imon_hit *hit)
{
	/* A copy, which the compiler can keep in registers. */
	struct imon_climb at = *way;
	struct imon_root *root = NULL;
	struct inode *inode;

	while (at.dentry && !root) {
		inode = READ_ONCE(at.dentry->d_inode);
		if (unlikely(inode && READ_ONCE(inode->i_fsnotify_mask) & IMON_ROOT_BIT))
			root = imon_root_find(inode);
		if (root)
			climb_hit(&at, hit, inode, root);
		if (!climb_up(&at)) {
			at.detached = is_detached(at.dentry);
			at.dentry = NULL;
		}
	}
	/* What is below a directory, which itself is not left out. */
	if (root && hit->len && !list_empty(&root->excludes))
		at.excludes = true;
	*way = at;
	return root;
}

/**
 * imon_walk() - find the trees that hold a place
 * @walk: what was found
 * @place: the place
 */
void imon_walk(struct imon_walk *walk, const struct imon_place *place)
{
	struct imon_climb at;
	struct imon_hit hit;

	walk->nr = 0;
	walk->cut = false;
	imon_climb_start(&at, place);
	while (!walk->cut && imon_climb_next(&at, &hit)) {
		walk->cut = walk->nr == IMON_NESTED_MAX;
		if (!walk->cut)
			walk->hit[walk->nr++] = hit;
	}
	walk->excludes = at.excludes;
	walk->detached = at.detached;
}

/** imon_walk_find() - the hit of one root, or NULL */
const struct imon_hit *imon_walk_find(const struct imon_walk *walk,
				      const struct imon_root *root)
{
	unsigned int i;

	for (i = 0; i < walk->nr; i++)
		if (walk->hit[i].root == root)
			return &walk->hit[i];
	return NULL;
}

/**
 * imon_hit_make() - what a walk would find for one tree
 * @hit: the result; its root is kept
 * @place: a place
 * @top: the inode of the root of a tree that holds it
 *
 * Return: 0, or -ESTALE when the tree does not hold the place any more.
 */
int imon_hit_make(struct imon_hit *hit, const struct imon_place *place,
		  const struct inode *top)
{
	struct imon_climb at;

	imon_climb_start(&at, place);
	do {
		if (READ_ONCE(at.dentry->d_inode) == top) {
			climb_hit(&at, hit, top, hit->root);
			return 0;
		}
	} while (climb_up(&at));
	return -ESTALE;
}

/**
 * imon_hit_name() - a place as its directory alone sees it
 * @hit: the result
 * @place: a place
 */
void imon_hit_name(struct imon_hit *hit, const struct imon_place *place)
{
	struct imon_climb at;

	imon_climb_start(&at, place);
	if (!place->name)
		climb_up(&at);
	climb_hit(&at, hit, READ_ONCE(at.dentry->d_inode), NULL);
}

/* Puts a name in front of @end; NULL if it does not fit or may be torn. */
static char *prepend(char *buf, char *end, const struct qstr *name,
		     const struct imon_view *view)
{
	u32 len = hashlen_len(READ_ONCE(name->hash_len));
	const unsigned char *bytes = READ_ONCE(name->name);

	if (imon_view_stale(view) || end - buf < len)
		return NULL;
	return memcpy(end - len, bytes, len);
}

/**
 * imon_path_copy() - write out the path of a place
 * @buf: room for @hit->len bytes; no NUL is added
 * @hit: the tree, as a walk of this view found it
 * @place: the place
 * @view: the view
 *
 * Return: 0, or -ESTALE when something moved.
 */
int imon_path_copy(char *buf, const struct imon_hit *hit,
		   const struct imon_place *place, const struct imon_view *view)
{
	const struct inode *top = hit->top;
	struct dentry *dentry = place->dentry;
	char *end = buf + hit->len;

	if (place->name) {
		end = prepend(buf, end, place->name, view);
		if (!end)
			return -ESTALE;
	}
	while (READ_ONCE(dentry->d_inode) != top) {
		struct dentry *parent = READ_ONCE(dentry->d_parent);

		if (parent == dentry)
			return -ESTALE;
		if (end != buf + hit->len) {
			if (end == buf)
				return -ESTALE;
			*--end = '/';
		}
		end = prepend(buf, end, &dentry->d_name, view);
		if (!end)
			return -ESTALE;
		dentry = parent;
	}
	return end == buf && !imon_view_stale(view) ? 0 : -ESTALE;
}

/**
 * imon_place_ends() - whether a path ends in the last name of a place
 * @place: a place
 * @path: a path of at least one name
 * @len: its length
 * @view: the view
 */
bool imon_place_ends(const struct imon_place *place, const char *path,
		     unsigned int len, const struct imon_view *view)
{
	const struct qstr *name = place->name ?: &place->dentry->d_name;
	u32 own = hashlen_len(READ_ONCE(name->hash_len));
	const unsigned char *bytes = READ_ONCE(name->name);

	if (imon_view_stale(view) || own > len)
		return false;
	return !memcmp(bytes, path + len - own, own) &&
	       (own == len || path[len - own - 1] == '/');
}

/** imon_place_dir() - the directory that a place is in */
struct imon_place imon_place_dir(const struct imon_place *place)
{
	struct dentry *dir = place->dentry;

	return (struct imon_place){
		.dentry = place->name ? dir : READ_ONCE(dir->d_parent),
	};
}

/**
 * imon_place_top() - the directory right below a root that a place is in
 * @place: a place
 * @top: the inode of the root of a tree that holds it
 *
 * Return: that directory, which may be the place itself; the root for a name
 * that lies directly in it.
 */
struct imon_place imon_place_top(const struct imon_place *place,
				 const struct inode *top)
{
	struct imon_place at = { .dentry = place->dentry };

	for (;;) {
		struct dentry *parent = READ_ONCE(at.dentry->d_parent);

		if (READ_ONCE(at.dentry->d_inode) == top ||
		    READ_ONCE(parent->d_inode) == top || parent == at.dentry)
			return at;
		at.dentry = parent;
	}
}

/**
 * imon_path_known() - whether names in memory lead from a directory up to the
 *	filesystem's root
 * @dir: the directory; RCU is held
 */
bool imon_path_known(struct inode *dir)
{
	struct dentry *dentry = NULL;

	spin_lock(&dir->i_lock);
	if (!hlist_empty(&dir->i_dentry))
		dentry = hlist_entry(dir->i_dentry.first, struct dentry, d_alias);
	spin_unlock(&dir->i_lock);
	while (dentry && !IS_ROOT(dentry) && !d_unhashed(dentry))
		dentry = READ_ONCE(dentry->d_parent);
	return dentry && dentry == dentry->d_sb->s_root;
}
