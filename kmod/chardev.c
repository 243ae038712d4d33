// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/imon, the classic door: a reader of a monitor of its own, whose watches
 * are of single directories and inodes (include/uapi/linux/imon_dev.h).
 *
 * LOCKING: door_lock > imon_config > reader_lock. It guards the interests and
 * who reads; nobody sleeps for records with it held.
 *
 * LIFETIME: The monitor lives as long as the device is open, and that holds
 * the module.
 */
#include <linux/capability.h>
#include <linux/cdev.h>
#include <linux/cred.h>
#include <linux/device/class.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/kdev_t.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>

#include <uapi/linux/imon_dev.h>

#include "chardev.h"
#include "monitor.h"
#include "watch.h"

#define NAME "imon"

/* Elements copied at a time. */
#define BATCH 32

#define CLASSIC (IMON_CONTENT | IMON_ATTRIBUTE | IMON_DELETE | IMON_EXEC | \
		 IMON_EXIT | IMON_RENAME)

static bool chardev;
module_param(chardev, bool, 0444);
MODULE_PARM_DESC(chardev, "offer /dev/imon, for programs such as FAM's daemon (default: N)");

/**
 * struct interest_in - an inode that the reader wants to hear of
 * @node: by device and inode number
 * @dev: as stat(2) tells it
 * @ino: the same
 * @mask: IMON_CONTENT and so on
 * @watch: what tells about it
 */
struct interest_in {
	struct hlist_node node;
	u64 dev;
	u64 ino;
	u32 mask;
	struct imon_watch *watch;
};

/**
 * struct door - the open device
 * @monitor: its records
 * @interests: by device and inode number
 * @watches: the same, by id of the watch
 */
struct door {
	struct imon_monitor *monitor;
	DECLARE_HASHTABLE(interests, 12);
	struct xarray watches;
};

/* The only one, or NULL. */
static struct door *door;
static DEFINE_MUTEX(door_lock);
static struct class *class;
static int major;

/* What is asked of a watch. That the thing goes or moves is told always. */
static u32 wanted(u32 mask, bool dir)
{
	u32 want = IMON_EVENT_ATTRIB;

	if (dir)
		want |= IMON_EVENT_CREATE | IMON_EVENT_DELETE | IMON_EVENT_RENAME;
	else
		want |= IMON_EVENT_MODIFY | IMON_EVENT_CLOSE_WRITE;
	if (mask & (IMON_EXEC | IMON_EXIT))
		want |= IMON_EVENT_PROGRAM;
	return want;
}

/* A record in the five words of old. */
static u32 classic(const struct imon_record *rec)
{
	const struct imon_named *named = imon_named(rec);
	const u32 names = IMON_EVENT_CREATE | IMON_EVENT_DELETE |
			  IMON_EVENT_RENAME | IMON_EVENT_DIRTY;
	u32 what = 0;

	if (rec->mask & names)
		what |= IMON_CONTENT;
	/* About something in the directory, which has an interest of its own. */
	if (named && (named->old_len || named->new_len))
		return what;
	if (rec->mask & (IMON_EVENT_MODIFY | IMON_EVENT_CLOSE_WRITE))
		what |= IMON_CONTENT;
	if (rec->mask & IMON_EVENT_ATTRIB)
		what |= IMON_ATTRIBUTE;
	if (rec->mask & (IMON_EVENT_ROOT_DELETED | IMON_EVENT_UNMOUNT))
		what |= IMON_DELETE;
	if (rec->mask & IMON_EVENT_EXEC)
		what |= IMON_EXEC;
	if (rec->mask & IMON_EVENT_EXIT)
		what |= IMON_EXIT;
	if (rec->mask & IMON_EVENT_ROOT_MOVED)
		what |= IMON_RENAME;
	return what;
}

static struct interest_in *find(u64 dev, u64 ino)
{
	struct interest_in *at;

	hash_for_each_possible(door->interests, at, node, dev ^ ino)
		if (at->dev == dev && at->ino == ino)
			return at;
	return NULL;
}

static void unwatch(struct interest_in *at)
{
	xa_erase(&door->watches, imon_watch_id(at->watch));
	mutex_lock(&imon_config);
	imon_watch_del(at->watch);
	mutex_unlock(&imon_config);
	at->watch = NULL;
}

static int watch(struct interest_in *at, struct inode *inode, u32 mask)
{
	bool dir = S_ISDIR(inode->i_mode);
	const struct imon_watch_wish wish = {
		.inode = inode,
		.scope = dir ? IMON_SCOPE_DIR : IMON_SCOPE_INODE,
		.mask = wanted(mask, dir),
	};
	struct imon_watch *new;
	int err;

	mutex_lock(&imon_config);
	new = imon_watch_add(door->monitor, &wish, NULL);
	mutex_unlock(&imon_config);
	if (IS_ERR(new))
		return PTR_ERR(new);
	at->watch = new;
	err = xa_err(xa_store(&door->watches, imon_watch_id(new), at, GFP_KERNEL));
	if (err)
		unwatch(at);
	return err;
}

static void forget(struct interest_in *at)
{
	if (at->watch)
		unwatch(at);
	hash_del(&at->node);
	kfree(at);
}

/* Programs were not asked for so far: what happens in between is made up for. */
static int widen(struct interest_in *at, struct inode *inode, u32 mask)
{
	int err;

	if (!(mask & ~at->mask & (IMON_EXEC | IMON_EXIT)))
		return 0;
	unwatch(at);
	err = watch(at, inode, at->mask | mask);
	if (!err)
		imon_monitor_post_root(at->watch, IMON_EVENT_MODIFY |
						  IMON_EVENT_ATTRIB |
						  IMON_EVENT_ROOT_MOVED);
	return err;
}

static int interest_add(struct inode *inode, u64 dev, u64 ino, u32 mask)
{
	struct interest_in *at = find(dev, ino);
	int err;

	/* Its end was not read yet, and something else has its number. */
	if (at && READ_ONCE(at->watch->slot.state) != IMON_WATCH_STATE_ACTIVE) {
		forget(at);
		at = NULL;
	}
	if (at) {
		err = widen(at, inode, mask);
	} else {
		at = kzalloc(sizeof(*at), GFP_KERNEL_ACCOUNT);
		if (!at)
			return -ENOMEM;
		at->dev = dev;
		at->ino = ino;
		hash_add(door->interests, &at->node, dev ^ ino);
		err = watch(at, inode, mask);
	}
	if (err)
		forget(at);
	else
		at->mask |= mask;
	return err;
}

static int express(struct interest __user *arg)
{
	struct interest in;
	struct kstat stat;
	struct path path;
	famstat_t told;
	int err;

	if (copy_from_user(&in, arg, sizeof(in)))
		return -EFAULT;
	if (!in.mask || in.mask & ~CLASSIC)
		return -EINVAL;
	err = user_path_at(AT_FDCWD, (const char __user *)in.path, LOOKUP_FOLLOW,
			   &path);
	if (err)
		return err;
	/* Pipes, sockets and the like, by way of /proc: nobody tells of them. */
	err = -EINVAL;
	if (path.dentry->d_sb->s_flags & SB_NOUSER)
		goto out;
	err = vfs_getattr(&path, &stat, STATX_INO, AT_STATX_DONT_SYNC);
	if (err)
		goto out;
	told.st_dev = new_encode_dev(stat.dev);
	told.st_ino = stat.ino;
	/* First, so that whoever is not told has no interest either. */
	if (in.stat && copy_to_user((void __user *)in.stat, &told, sizeof(told))) {
		err = -EFAULT;
		goto out;
	}
	mutex_lock(&door_lock);
	err = interest_add(d_inode(path.dentry), told.st_dev, told.st_ino, in.mask);
	mutex_unlock(&door_lock);
out:
	path_put(&path);
	return err;
}

static int revoke(const revoke_t __user *arg)
{
	struct interest_in *at;
	revoke_t rv;
	int err = 0;

	if (copy_from_user(&rv, arg, sizeof(rv)))
		return -EFAULT;
	mutex_lock(&door_lock);
	at = find(rv.dev, rv.ino);
	if (!at) {
		err = -ENOENT;
	} else {
		at->mask &= ~rv.mask;
		if (!at->mask)
			forget(at);
	}
	mutex_unlock(&door_lock);
	return err;
}

static long door_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case IMONIOC_EXPRESS:
		return express((void __user *)arg);
	case IMONIOC_REVOKE:
		return revoke((void __user *)arg);
	default:
		return -ENOTTY;
	}
}

/**
 * struct batch - records on their way out
 * @elem: what they are made into
 * @n: how many
 * @max: how many there is room for
 * @ended: watches that have ended; one may say so twice
 * @nr_ended: how many
 * @seq: the last record
 * @head: the newest that waited at the beginning
 */
struct batch {
	qelem_t elem[BATCH];
	unsigned int n;
	unsigned int max;
	u32 ended[BATCH];
	unsigned int nr_ended;
	u64 seq;
	u64 head;
};

static bool take(const struct imon_record *rec, void *arg)
{
	struct batch *batch = arg;
	struct interest_in *at;
	u32 what;

	if (batch->n == batch->max || batch->nr_ended == BATCH ||
	    rec->seq > batch->head)
		return false;
	batch->seq = rec->seq;
	at = xa_load(&door->watches, rec->watch);
	if (!at)
		return true;
	what = classic(rec);
	if (what & IMON_DELETE)
		batch->ended[batch->nr_ended++] = rec->watch;
	what &= at->mask;
	if (what)
		batch->elem[batch->n++] = (qelem_t){
			.qe_dev = at->dev,
			.qe_inode = at->ino,
			.qe_what = what,
		};
	return true;
}

/* Up to BATCH elements; 0: nothing waits. */
static ssize_t read_batch(char __user *buf, unsigned int max)
{
	struct imon_monitor *monitor = door->monitor;
	struct batch batch = { .max = min_t(unsigned int, max, BATCH) };
	struct interest_in *at;
	unsigned int i;

	lockdep_assert_held(&door_lock);
	mutex_lock(&monitor->reader_lock);
	imon_queue_waiting(&monitor->queue, &batch.head);
	while (imon_queue_pull(&monitor->queue, take, &batch))
		cond_resched();
	mutex_unlock(&monitor->reader_lock);
	if (copy_to_user(buf, batch.elem, batch.n * sizeof(qelem_t))) {
		imon_queue_rewind(&monitor->queue);
		return -EFAULT;
	}
	imon_queue_ack(&monitor->queue, batch.seq);
	for (i = 0; i < batch.nr_ended; i++) {
		at = xa_load(&door->watches, batch.ended[i]);
		if (at)
			forget(at);
	}
	return batch.n * sizeof(qelem_t);
}

static bool waiting(void)
{
	u64 head;

	return imon_queue_waiting(&door->monitor->queue, &head);
}

static ssize_t door_read(struct file *file, char __user *buf, size_t count,
			 loff_t *pos)
{
	ssize_t n;
	int err;

	if (count < sizeof(qelem_t))
		return -EINVAL;
	for (;;) {
		mutex_lock(&door_lock);
		n = read_batch(buf, count / sizeof(qelem_t));
		mutex_unlock(&door_lock);
		if (n)
			return n;
		/* What waits may be nothing that the reader asked for. */
		if (signal_pending(current))
			return -ERESTARTSYS;
		if (waiting())
			continue;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		err = wait_event_interruptible(door->monitor->wait, waiting());
		if (err)
			return err;
	}
}

static __poll_t door_poll(struct file *file, poll_table *table)
{
	poll_wait(file, &door->monitor->wait, table);
	return waiting() ? EPOLLIN | EPOLLRDNORM : 0;
}

static int door_open(struct inode *inode, struct file *file)
{
	const struct imon_monitor_options opt = {
		.name = "",
		/* Whether a program started or ended last is in the order. */
		.mode = IMON_MODE_LOG,
		.queue_bytes = IMON_QUEUE_DEFAULT,
		.uid = current_euid(),
	};
	struct imon_monitor *monitor;
	struct door *new;
	int err = 0;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	new = kvzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	hash_init(new->interests);
	xa_init(&new->watches);

	mutex_lock(&door_lock);
	if (door) {
		err = -EBUSY;
	} else {
		mutex_lock(&imon_config);
		monitor = imon_monitor_create(&opt);
		mutex_unlock(&imon_config);
		err = PTR_ERR_OR_ZERO(monitor);
	}
	if (!err) {
		new->monitor = monitor;
		door = new;
		new = NULL;
	}
	mutex_unlock(&door_lock);
	kvfree(new);
	return err ?: stream_open(inode, file);
}

static int door_release(struct inode *inode, struct file *file)
{
	struct hlist_node *next;
	struct interest_in *at;
	unsigned int bucket;

	mutex_lock(&door_lock);
	hash_for_each_safe(door->interests, bucket, next, at, node)
		forget(at);
	mutex_lock(&imon_config);
	imon_monitor_delete(door->monitor);
	mutex_unlock(&imon_config);
	xa_destroy(&door->watches);
	kvfree(door);
	door = NULL;
	mutex_unlock(&door_lock);
	return 0;
}

static const struct file_operations door_fops = {
	.owner = THIS_MODULE,
	.open = door_open,
	.release = door_release,
	.read = door_read,
	.poll = door_poll,
	.unlocked_ioctl = door_ioctl,
};

int imon_chardev_init(void)
{
	struct device *device;

	if (!chardev)
		return 0;
	/* Old programs look for the name in /proc/devices. */
	major = register_chrdev(0, NAME, &door_fops);
	if (major < 0)
		return major;
	class = class_create(NAME);
	if (IS_ERR(class))
		goto err_chrdev;
	device = device_create(class, NULL, MKDEV(major, 0), NULL, NAME);
	if (IS_ERR(device))
		goto err_class;
	return 0;

err_class:
	class_destroy(class);
err_chrdev:
	unregister_chrdev(major, NAME);
	return -ENODEV;
}

void imon_chardev_exit(void)
{
	if (!chardev)
		return;
	device_destroy(class, MKDEV(major, 0));
	class_destroy(class);
	unregister_chrdev(major, NAME);
}
