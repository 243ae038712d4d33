// SPDX-License-Identifier: GPL-2.0
/*
 * Programs: when the first instance starts and when the last one ends.
 *
 * An exec opens the program; that struct file, marked __FMODE_EXEC, is then
 * held by the memory of the process and of all that fork from it, and is
 * closed when the last of them has ended. So an instance is such a file:
 * FS_OPEN_EXEC begins it and its close ends it, without a look at processes.
 * A script is opened, and closed as soon as its interpreter takes over.
 *
 * Instances are kept in a table while somebody asks. Those that run when the
 * first asks are found among the processes.
 *
 * LOCKING: table_lock, below imon_config and a task's alloc_lock; nothing is
 * taken under it.
 *
 * LIFETIME: An instance holds no reference: its file is open until the event
 * that removes it. When nobody asks any more there are no more events, and
 * when the last callback is over (free_mark), what is left is forgotten.
 *
 * EXCEPTIONS: 6.1 tells nothing of an exec by descriptor (fexecve), so of it
 * only the end is seen. AT_EXECVE_CHECK looks like a program that ends at
 * once. When there is no memory for an instance its end is reported even if
 * others run.
 */
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/hashtable.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <uapi/linux/imon.h>

#include "event.h"
#include "exec.h"
#include "hook.h"
#include "source.h"
#include "trace.h"

/**
 * struct instance - a program that runs
 * @node: in the table, by inode
 * @inode: the program; only compared, as the others are
 * @file: what its exec opened
 * @owner: the mark that brought it
 */
struct instance {
	struct hlist_node node;
	const struct inode *inode;
	const struct file *file;
	const struct fsnotify_mark *owner;
};

static DEFINE_HASHTABLE(table, 8);
static DEFINE_SPINLOCK(table_lock);

/*
 * Whether a program has an instance, and which one is @file. What an earlier
 * mark of the filesystem has left behind, until it is freed, counts for
 * nothing.
 */
static bool running(const struct inode *inode, const struct file *file,
		    const struct fsnotify_mark *owner, struct instance **which)
{
	struct instance *at;
	bool found = false;

	*which = NULL;
	hash_for_each_possible(table, at, node, (unsigned long)inode) {
		if (at->inode != inode || at->owner != owner)
			continue;
		found = true;
		if (at->file == file)
			*which = at;
	}
	return found;
}

/* Whether it is the first. */
static bool begin(const struct inode *inode, const struct file *file,
		  const struct fsnotify_mark *owner)
{
	struct instance *new = kmalloc(sizeof(*new), GFP_NOWAIT | __GFP_NOWARN |
						     __GFP_ACCOUNT);
	struct instance *old;
	bool first;

	spin_lock(&table_lock);
	first = !running(inode, file, owner, &old);
	if (new && !old) {
		new->inode = inode;
		new->file = file;
		new->owner = owner;
		hash_add(table, &new->node, (unsigned long)inode);
		new = NULL;
	}
	spin_unlock(&table_lock);
	kfree(new);
	return first;
}

/* Whether it was the last. */
static bool end(const struct inode *inode, const struct file *file,
		const struct fsnotify_mark *owner)
{
	struct instance *this, *other;
	bool last;

	spin_lock(&table_lock);
	running(inode, file, owner, &this);
	if (this)
		hash_del(&this->node);
	last = !running(inode, file, owner, &other);
	spin_unlock(&table_lock);
	kfree(this);
	return last;
}

/*
 * The instance that a task runs, if its program is on @sb. While the task has
 * its memory, that keeps the file.
 */
static void begin_task(struct task_struct *task, const struct super_block *sb,
		       const struct fsnotify_mark *owner)
{
	struct file *file;

	task_lock(task);
	file = task->mm ? rcu_dereference(task->mm->exe_file) : NULL;
	if (file && file->f_flags & __FMODE_EXEC &&
	    file_inode(file)->i_sb == sb)
		begin(file_inode(file), file, owner);
	task_unlock(task);
}

/**
 * imon_exec_begin() - somebody asks for the programs of a filesystem
 * @sb: the filesystem
 * @owner: the mark that is on it now
 */
void imon_exec_begin(const struct super_block *sb,
		     const struct fsnotify_mark *owner)
{
	struct task_struct *process, *thread;

	rcu_read_lock();
	for_each_process_thread(process, thread)
		begin_task(thread, sb, owner);
	rcu_read_unlock();
}

/** imon_exec_end() - a mark is freed: nobody asks, or it is unmounted */
void imon_exec_end(const struct fsnotify_mark *owner)
{
	struct hlist_node *next;
	struct instance *at;
	unsigned int bucket;

	spin_lock(&table_lock);
	hash_for_each_safe(table, bucket, next, at, node) {
		if (at->owner == owner) {
			hash_del(&at->node);
			kfree(at);
		}
	}
	spin_unlock(&table_lock);
}

/** imon_exec_hook() - handle_event for programs */
int imon_exec_hook(struct fsnotify_group *group, u32 mask, const void *data,
		   int data_type, struct inode *dir, const struct qstr *name,
		   u32 cookie, struct fsnotify_iter_info *iter_info)
{
	const struct fsnotify_mark *owner = iter_info->marks[FSNOTIFY_ITER_TYPE_SB];
	const struct path *path = fsnotify_data_path(data, data_type);
	struct imon_event ev = { };
	const struct file *file;
	struct inode *inode;

	if (!path)
		return 0;
	file = container_of(path, struct file, f_path);
	if (!(file->f_flags & __FMODE_EXEC))
		return 0;
	inode = file_inode(file);
	if (mask & FS_OPEN_EXEC) {
		if (!begin(inode, file, owner))
			return 0;
		ev.mask = IMON_EVENT_EXEC;
	} else {
		if (!end(inode, file, owner))
			return 0;
		ev.mask = IMON_EVENT_EXIT;
	}
	ev.source = imon_source_find(inode->i_sb);
	if (!ev.source)
		return 0;
	imon_hook_fill(&ev, inode);
	trace_imon_event(&ev);
	imon_hook_object(&ev, inode, path->dentry);
	return 0;
}
