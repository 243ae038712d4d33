// SPDX-License-Identifier: GPL-2.0
/*
 * The floor: what the kernel's own part of a notification costs. A mark on the
 * superblock of the folder named, with imon's mask, and a callback that
 * returns at once. For measurements only.
 */
#include <linux/fs.h>
#include <linux/fsnotify_backend.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/slab.h>

static char *path;
module_param(path, charp, 0444);
MODULE_PARM_DESC(path, "a folder of the filesystem to watch");

static struct fsnotify_group *group;
static struct fsnotify_mark *mark;

static int handle_event(struct fsnotify_group *group, u32 mask, const void *data,
			int data_type, struct inode *dir, const struct qstr *name,
			u32 cookie, struct fsnotify_iter_info *iter_info)
{
	return 0;
}

static void free_mark(struct fsnotify_mark *mark)
{
	kfree(mark);
}

static const struct fsnotify_ops ops = {
	.handle_event = handle_event,
	.free_mark = free_mark,
};

static int add_mark(void)
{
	struct path at;
	int err;

	err = kern_path(path, LOOKUP_DIRECTORY, &at);
	if (err)
		return err;
	mark = kzalloc(sizeof(*mark), GFP_KERNEL);
	if (!mark) {
		path_put(&at);
		return -ENOMEM;
	}
	fsnotify_init_mark(mark, group);
	mark->mask = FS_MODIFY | FS_ATTRIB | FS_CLOSE_WRITE | FS_CREATE |
		     FS_DELETE | FS_RENAME;
	err = fsnotify_add_mark(mark, at.mnt->mnt_sb, FSNOTIFY_OBJ_TYPE_SB, 0);
	path_put(&at);
	if (err)
		fsnotify_put_mark(mark);
	return err;
}

static int __init floor_init(void)
{
	int err;

	if (!path)
		return -EINVAL;
	group = fsnotify_alloc_group(&ops, 0);
	if (IS_ERR(group))
		return PTR_ERR(group);
	err = add_mark();
	if (err)
		fsnotify_put_group(group);
	return err;
}

static void __exit floor_exit(void)
{
	fsnotify_destroy_mark(mark, group);
	fsnotify_put_mark(mark);
	fsnotify_put_group(group);
	fsnotify_wait_marks_destroyed();
}

module_init(floor_init);
module_exit(floor_exit);

MODULE_DESCRIPTION("An empty fsnotify callback, to measure against");
MODULE_LICENSE("GPL");
