// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "model.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ksft.h"

#define SHOWN 5

static struct model_node *find(const struct model *m, const char *path)
{
	for (size_t i = 0; i < m->n; i++)
		if (!strcmp(m->v[i].path, path))
			return &m->v[i];
	return NULL;
}

static struct model_node *find_or_add(struct model *m, const char *path)
{
	struct model_node *node = find(m, path);

	if (node)
		return node;
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 64;
		m->v = realloc(m->v, m->cap * sizeof(*m->v));
		if (!m->v)
			abort();
	}
	node = &m->v[m->n++];
	memset(node, 0, sizeof(*node));
	node->path = strdup(path);
	return node;
}

/* What follows @dir and a slash in @path; "" when equal, NULL when not in. */
static const char *below(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	if (!len)
		return path;
	if (strncmp(dir, path, len))
		return NULL;
	if (!path[len])
		return "";
	return path[len] == '/' ? path + len + 1 : NULL;
}

static void forget_below(struct model *m, const char *dir, bool itself)
{
	for (size_t i = 0; i < m->n; i++) {
		const char *rest = below(dir, m->v[i].path);

		if (rest && (itself || *rest))
			m->v[i].known = false;
	}
}

/* The entry as it is now, and whether it is a directory. */
static bool look(struct model *m, const char *path)
{
	char full[4096 + 256];
	struct model_node *node;
	struct stat st;

	snprintf(full, sizeof(full), "%s/%s", m->root, path);
	if (lstat(full, &st)) {
		forget_below(m, path, true);
		return false;
	}
	node = find_or_add(m, path);
	node->known = true;
	node->ino = st.st_ino;
	node->mode = st.st_mode;
	if (S_ISDIR(st.st_mode))
		return true;
	forget_below(m, path, false);
	node->size = st.st_size;
	node->mtime = st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec;
	return false;
}

static void look_below(struct model *m, const char *dir, bool recursive)
{
	char full[4096 + 256], path[4096];
	struct dirent *entry;
	DIR *stream;

	snprintf(full, sizeof(full), "%s/%s", m->root, dir);
	stream = opendir(full);
	if (!stream)
		return;
	while ((entry = readdir(stream))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "",
			 entry->d_name);
		if (look(m, path) && recursive)
			look_below(m, path, true);
	}
	closedir(stream);
}

void model_take(struct model *m, const char *root)
{
	memset(m, 0, sizeof(*m));
	m->root = root;
	look_below(m, "", true);
}

void model_free(struct model *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->v[i].path);
	free(m->v);
}

static void note(struct model *m, const char *path, enum model_scan scan)
{
	struct model_node *node = find_or_add(m, path);

	if (node->scan < scan)
		node->scan = scan;
}

/*
 * Whether what is below @path is not known: it lies in a tree that waits for
 * its scan, or nobody told of it under that name. The latter comes from what
 * happens in a directory between its move and the record of that.
 */
static bool is_unknown(const struct model *m, const char *path)
{
	const struct model_node *node = find(m, path);

	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].scan == SCAN_TREE && below(m->v[i].path, path))
			return true;
	return !node || (!node->known && !node->scan);
}

/* Gives the nodes of @from and below their place under @to. */
static void move(struct model *m, const char *from, const char *to)
{
	bool unknown = is_unknown(m, from);
	size_t n = m->n;

	forget_below(m, to, true);
	for (size_t i = 0; i < n; i++) {
		const char *rest = below(from, m->v[i].path);
		struct model_node *node;
		char path[4096];

		if (!rest || (!m->v[i].known && !m->v[i].scan))
			continue;
		snprintf(path, sizeof(path), "%s%s%s", to, *rest ? "/" : "",
			 rest);
		node = find_or_add(m, path);
		if (node->scan < m->v[i].scan)
			node->scan = m->v[i].scan;
		m->v[i].scan = SCAN_NOTHING;
		if (!m->v[i].known)
			continue;
		node->known = true;
		node->ino = m->v[i].ino;
		node->mode = m->v[i].mode;
		node->size = m->v[i].size;
		node->mtime = m->v[i].mtime;
		m->v[i].known = false;
	}
	if (unknown)
		note(m, to, SCAN_TREE);
}

/*
 * The other half of an exchange: the next record that names one of the two
 * places is the same rename the other way, of another inode.
 */
static struct record *other_half(const struct records *list, size_t at)
{
	const struct record *r = &list->v[at];

	for (size_t i = at + 1; i < list->n; i++) {
		struct record *next = &list->v[i];

		if (next->watch != r->watch || !next->path)
			continue;
		if (strcmp(next->path, r->path) &&
		    strcmp(next->path, r->new_path) &&
		    (!next->new_path || (strcmp(next->new_path, r->path) &&
					 strcmp(next->new_path, r->new_path))))
			continue;
		if (next->mask & IMON_EVENT_RENAME && next->new_path &&
		    next->ino != r->ino && !strcmp(next->path, r->new_path) &&
		    !strcmp(next->new_path, r->path))
			return next;
		return NULL;
	}
	return NULL;
}

/* No name of a file starts with this. */
#define ASIDE "/aside"

/*
 * The moves of a rename. An exchange is made by its first half; what would
 * be its second one is then told by @halves, one flag for each record.
 */
static void apply_rename(struct model *m, const struct records *list,
			 size_t at, bool *halves)
{
	const struct record *r = &list->v[at];
	struct record *other;

	if (halves[at])
		return;
	other = other_half(list, at);
	if (!other) {
		move(m, r->path, r->new_path);
		return;
	}
	halves[other - list->v] = true;
	move(m, r->new_path, ASIDE);
	move(m, r->path, r->new_path);
	move(m, ASIDE, r->path);
}

static bool *new_halves(const struct records *list)
{
	bool *halves = calloc(list->n + 1, sizeof(*halves));

	if (!halves)
		abort();
	return halves;
}

static void note_names_of(struct model *m, uint64_t ino)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].known && m->v[i].ino == ino)
			note(m, m->v[i].path, SCAN_NAME);
}

void model_note(struct model *m, const struct records *list, uint32_t watch)
{
	bool *halves = new_halves(list);

	for (size_t i = 0; i < list->n; i++) {
		const struct record *r = &list->v[i];

		if (r->watch != watch)
			continue;
		if (r->mask & IMON_EVENT_MULTILINK)
			note_names_of(m, r->ino);
		if (r->mask & IMON_EVENT_RENAME && r->path && r->new_path)
			apply_rename(m, list, i, halves);
		else if (r->mask & IMON_EVENT_RENAME && r->path)
			forget_below(m, r->path, true);
		if (r->path)
			note(m, r->path, SCAN_NAME);
		if (r->new_path)
			note(m, r->new_path, SCAN_NAME);
		if (r->mask & IMON_EVENT_DIRTY)
			note(m, r->new_path ? r->new_path :
				r->path ? r->path : "",
			     r->mask & IMON_EVENT_RECURSIVE ?
				SCAN_TREE : SCAN_DIR);
	}
	free(halves);
}

static void forget_children(struct model *m, const char *dir)
{
	for (size_t i = 0; i < m->n; i++) {
		const char *rest = below(dir, m->v[i].path);
		char full[4096 + 256];
		struct stat st;

		if (!rest || !*rest || strchr(rest, '/') || !m->v[i].known)
			continue;
		snprintf(full, sizeof(full), "%s/%s", m->root, m->v[i].path);
		if (lstat(full, &st))
			forget_below(m, m->v[i].path, true);
	}
}

void model_scan(struct model *m)
{
	/* Nodes that looking adds are not to be scanned themselves. */
	for (size_t i = 0, n = m->n; i < n; i++) {
		enum model_scan scan = m->v[i].scan;
		const char *path = m->v[i].path;

		m->v[i].scan = SCAN_NOTHING;
		if (scan == SCAN_NOTHING || (*path && !look(m, path)))
			continue;
		if (scan == SCAN_TREE)
			forget_below(m, path, false);
		if (scan == SCAN_DIR)
			forget_children(m, path);
		if (scan != SCAN_NAME)
			look_below(m, path, scan == SCAN_TREE);
	}
}

static unsigned int replay_one(struct model *m, const struct record *r)
{
	struct model_node *node = r->path ? find(m, r->path) : NULL;
	bool known = node && node->known;

	if (r->mask & IMON_EVENT_CREATE) {
		node = find_or_add(m, r->path ? r->path : "");
		node->known = true;
		node->ino = r->ino;
		return known;
	}
	if (r->mask & IMON_EVENT_DELETE) {
		if (known)
			node->known = false;
		return !known || node->ino != r->ino;
	}
	return r->mask & IMON_EVENT_RENAME && (!known || node->ino != r->ino);
}

unsigned int model_replay(struct model *m, const struct records *list,
			  uint32_t watch)
{
	bool *halves = new_halves(list);
	unsigned int wrong = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct record *r = &list->v[i];

		if (r->watch != watch)
			continue;
		if (!halves[i] && replay_one(m, r) && ++wrong <= SHOWN)
			ksft_print_msg("cannot be: seq %llu %s\n",
				       (unsigned long long)r->seq,
				       record_text(r));
		if (r->mask & IMON_EVENT_RENAME && r->path && r->new_path)
			apply_rename(m, list, i, halves);
	}
	free(halves);
	return wrong;
}

static bool same(const struct model_node *a, const struct model_node *b,
		 bool names_only)
{
	if (!a->known || !b->known)
		return a->known == b->known;
	if (a->ino != b->ino || names_only)
		return a->ino == b->ino;
	if (a->mode != b->mode || S_ISDIR(a->mode))
		return a->mode == b->mode;
	return a->size == b->size && a->mtime == b->mtime;
}

static void show_node(const char *who, const struct model_node *node)
{
	if (node->known)
		ksft_print_msg("  %s: inode %llu, size %lld\n", who,
			       (unsigned long long)node->ino,
			       (long long)node->size);
	else
		ksft_print_msg("  %s: nothing\n", who);
}

static void show_difference(const struct model_node *had,
			    const struct model_node *is)
{
	ksft_print_msg("'%s' differs:\n", is->path);
	show_node("the reader's belief", had);
	show_node("the truth", is);
}

static unsigned int differs(const struct model *m, bool names_only)
{
	static const struct model_node absent;
	struct model real;
	unsigned int n = 0;

	model_take(&real, m->root);
	for (size_t i = 0; i < m->n; i++)
		find_or_add(&real, m->v[i].path);
	for (size_t i = 0; i < real.n; i++) {
		const struct model_node *is = &real.v[i];
		const struct model_node *had = find(m, is->path);

		if (!had)
			had = &absent;
		if (!same(had, is, names_only) && ++n <= SHOWN)
			show_difference(had, is);
	}
	model_free(&real);
	return n;
}

unsigned int model_differs(const struct model *m)
{
	return differs(m, false);
}

unsigned int model_names_differ(const struct model *m)
{
	return differs(m, true);
}
