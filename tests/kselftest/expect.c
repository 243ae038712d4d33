// SPDX-License-Identifier: GPL-2.0
#include "expect.h"

#include <stdio.h>
#include <sys/stat.h>

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* MULTILINK is compared only where a table asks for it. */
static bool matches(const struct record *r, const struct expected *e)
{
	uint32_t mask = r->mask;

	if (!(e->mask & IMON_EVENT_MULTILINK))
		mask &= ~IMON_EVENT_MULTILINK;
	return mask == e->mask && same_text(r->path, e->path) &&
	       same_text(r->new_path, e->new_path);
}

static bool allowed(const struct record *r, const struct operation *op)
{
	for (size_t i = 0; i < EXPECT_MAX && op->may[i].mask; i++)
		if (matches(r, &op->may[i]))
			return true;
	return false;
}

/* What there is at a path that a record has; -1: nothing, by now. */
static int stat_named(const char *root, const char *path, struct stat *st)
{
	char full[2 * IMON_NAMES_MAX];

	snprintf(full, sizeof(full), "%s%s%s", root, *path ? "/" : "", path);
	return lstat(full, st);
}

/* Inode and type of what record @at names, as far as it is still there. */
static bool tells_inode(const struct records *list, size_t at, const char *root)
{
	const struct record *r = &list->v[at];
	const char *path = r->new_path ? r->new_path : r->path;
	const uint32_t gone = IMON_EVENT_DELETE | IMON_EVENT_ROOT_DELETED |
			      IMON_EVENT_ROOT_MOVED;
	struct stat st;

	if (!path)
		return false;
	for (size_t i = at + 1; i < list->n; i++) {
		const struct record *later = &list->v[i];

		if (same_text(later->new_path, path) ||
		    (later->mask & IMON_EVENT_CREATE &&
		     same_text(later->path, path)))
			return r->ino;
	}
	if (r->mask & gone || stat_named(root, path, &st))
		return r->ino;
	return r->ino == st.st_ino && r->type == (st.st_mode & S_IFMT);
}

static bool as_wanted(const struct operation *op, const struct rig *r)
{
	const char *root = op->root ? op->root : "tree";
	size_t n = 0;

	for (size_t i = 0; i < r->got.n; i++) {
		const struct record *got = &r->got.v[i];

		if (got->watch != r->watch || got->monitor != r->monitor ||
		    got->instance != r->instance ||
		    (i && got->seq <= got[-1].seq))
			return false;
		if (n < EXPECT_MAX && op->want[n].mask &&
		    matches(got, &op->want[n]) && tells_inode(&r->got, i, root))
			n++;
		else if (!allowed(got, op))
			return false;
	}
	return n == EXPECT_MAX || !op->want[n].mask;
}

void test_operation(const struct place *p, const struct operation *op)
{
	struct monitor_new in = { .mode = op->mode };
	struct rig r;
	bool good;

	if (!p->present) {
		fixture_result(fixture_skip("nothing is mounted there"),
			       p->name, op->name);
		return;
	}
	scratch_enter(p);
	if (op->prepare)
		op->prepare();
	if (fixture_skips()) {
		fixture_result(true, p->name, op->name);
		return;
	}
	rig_begin(&r, &in);
	r.watch = rig_watch_scope(&r, op->root ? op->root : "tree", op->scope,
				  op->mask);
	if (op->exclude)
		must_nl(rig_exclude(&r, op->exclude));
	op->run();
	rig_drain(&r);
	good = as_wanted(op, &r);
	if (!good)
		show_records(&r.got, EXPECT_MAX);
	fixture_result(good, p->name, op->name);
	rig_down(&r);
}

static bool in_reach(const struct record *r, const char *path)
{
	const char *dir = r->new_path ? r->new_path : r->path ? r->path : "";
	size_t len = strlen(dir);
	const char *rest;

	if (len && (strncmp(dir, path, len) || path[len] != '/'))
		return false;
	rest = len ? path + len + 1 : path;
	return r->mask & IMON_EVENT_RECURSIVE || !strchr(rest, '/');
}

bool records_cover(const struct records *list, uint32_t watch, const char *path)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct record *r = &list->v[i];

		if (r->watch != watch)
			continue;
		if ((r->path && !strcmp(r->path, path)) ||
		    (r->new_path && !strcmp(r->new_path, path)))
			return true;
		if (r->mask & IMON_EVENT_DIRTY && in_reach(r, path))
			return true;
	}
	return false;
}

const struct record *records_find(const struct records *list, uint32_t watch,
				  uint32_t mask, const char *path)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct record *r = &list->v[i];

		if (r->watch == watch && (r->mask & mask) == mask &&
		    ((r->path && !strcmp(r->path, path)) ||
		     (r->new_path && !strcmp(r->new_path, path))))
			return r;
	}
	return NULL;
}
