// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about watches: add, delete, list.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/magic.h>

#include "event.h"
#include "identity.h"
#include "monitor.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "tree.h"
#include "user.h"

/* What a user asked for, checked as far as that goes without the file. */
static int parse_watch(struct nlattr **attrs, struct imon_watch_wish *wish,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *a;

	a = attrs[IMON_A_WATCH_SCOPE];
	wish->scope = a ? nla_get_u32(a) : IMON_SCOPE_TREE;
	if (wish->scope > IMON_SCOPE_INODE) {
		NL_SET_ERR_MSG_ATTR(extack, a, "no such scope");
		return -EOPNOTSUPP;
	}
	a = attrs[IMON_A_WATCH_MASK];
	wish->mask = a ? nla_get_u32(a) : IMON_EVENT_DEFAULT;
	if (!wish->mask || wish->mask & ~IMON_EVENT_ASKABLE) {
		NL_SET_ERR_MSG_ATTR(extack, a,
				    "the mask has events that cannot be asked for, or none");
		return -EINVAL;
	}
	a = attrs[IMON_A_WATCH_LABEL];
	wish->label = a ? nla_data(a) : "";
	if (*wish->label && (wish->scope != IMON_SCOPE_TREE ||
			     attrs[IMON_A_WATCH_FDS])) {
		NL_SET_ERR_MSG_ATTR(extack, a, "only a tree by itself has a label");
		return -EINVAL;
	}
	a = attrs[IMON_A_WATCH_FDS];
	if (a && (attrs[IMON_A_WATCH_FD] || !nla_len(a) || nla_len(a) % sizeof(u32))) {
		NL_SET_ERR_MSG_ATTR(extack, a,
				    "either fd, or fds with 32 bits for each descriptor");
		return -EINVAL;
	}
	if (!attrs[IMON_A_WATCH_MONITOR] || (!a && !attrs[IMON_A_WATCH_FD])) {
		NL_SET_ERR_MSG(extack, "no monitor or no descriptor given");
		return -EINVAL;
	}
	return 0;
}

/* What is behind the @i-th descriptor in @a of the sender, in whose context we are. */
static struct file *get_file_of(const struct nlattr *a, unsigned int i, bool dir,
				struct netlink_ext_ack *extack)
{
	struct file *file = fget_raw(((const u32 *)nla_data(a))[i]);
	int err = 0;

	if (!file) {
		NL_SET_ERR_MSG_ATTR(extack, a, "not an open descriptor");
		return ERR_PTR(-EBADF);
	}
	if (dir && !d_is_dir(file->f_path.dentry)) {
		NL_SET_ERR_MSG_ATTR(extack, a, "not a directory");
		err = -ENOTDIR;
	} else if (file_inode(file)->i_sb->s_flags & SB_NOUSER ||
		   file_inode(file)->i_sb->s_magic == NSFS_MAGIC) {
		NL_SET_ERR_MSG_ATTR(extack, a, "not on a filesystem with names");
		err = -EINVAL;
	}
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

/* Whether only an administrator may ask for that; an error then, if it is none. */
static int check_wish(bool admin, const struct imon_watch_wish *wish,
		      struct netlink_ext_ack *extack)
{
	if (admin)
		return 0;
	if (wish->scope == IMON_SCOPE_TREE)
		NL_SET_ERR_MSG(extack, "to watch a tree needs " IMON_NL_ADMIN);
	else if (wish->mask & IMON_EVENT_PROGRAM)
		NL_SET_ERR_MSG(extack, "to watch programs needs " IMON_NL_ADMIN);
	else
		return 0;
	return -EPERM;
}

/**
 * struct target - what a descriptor of a request names
 * @file: what is behind it, held
 * @watch: made of it; good while imon_config is held
 */
struct target {
	struct file *file;
	struct imon_watch *watch;
};

/*
 * Whether the sender may read a file; the descriptor itself proves nothing when
 * it is O_PATH. All of generic netlink waits for a command, so that no server,
 * in userspace or far away, is asked: only what is known, or on a disk.
 */
static int check_read(struct file *file, struct netlink_ext_ack *extack)
{
	int err;

	rcu_read_lock();
	err = file_permission(file, MAY_READ | MAY_NOT_BLOCK);
	rcu_read_unlock();
	if (err == -ECHILD && file->f_mode & FMODE_READ)
		err = 0;
	else if (err == -ECHILD && imon_identity_lasts(file_inode(file)->i_sb))
		err = file_permission(file, MAY_READ);
	if (!err)
		return 0;
	if (err == -ECHILD)
		NL_SET_ERR_MSG(extack,
			       "a server would have to say whether you may: open it for reading");
	else
		NL_SET_ERR_MSG(extack, "you may not read what is to be watched");
	return -EACCES;
}

/*
 * Finds what is to be watched, up to the first that cannot be: how many, or why
 * not even one.
 */
static int gather(const struct nlattr *fds, bool admin,
		  const struct imon_watch_wish *wish, struct target *targets,
		  unsigned int n, struct netlink_ext_ack *extack)
{
	bool dir = wish->scope != IMON_SCOPE_INODE;
	unsigned int i;
	int err = 0;

	for (i = 0; i < n; i++) {
		struct netlink_ext_ack *why = i ? NULL : extack;
		struct file *file = get_file_of(fds, i, dir, why);

		if (IS_ERR(file)) {
			err = PTR_ERR(file);
			break;
		}
		targets[i].file = file;
		err = admin ? 0 : check_read(file, why);
		if (err)
			break;
	}
	return i ?: err;
}

/* The same, of watching them. With imon_config held. */
static int add(struct sk_buff *skb, struct genl_info *info,
	       struct imon_watch_wish *wish, struct target *targets, unsigned int n)
{
	struct imon_monitor *monitor;
	unsigned int i;
	int err = 0;

	monitor = imon_nl_monitor(skb, info->attrs[IMON_A_WATCH_MONITOR],
				  IMON_NL_MANAGE, info->extack);
	if (IS_ERR(monitor))
		return PTR_ERR(monitor);
	if (!imon_nl_admin(skb) && !imon_user_allowed()) {
		NL_SET_ERR_MSG(info->extack, "imon's parameter unprivileged is off; needs "
			       IMON_NL_ADMIN);
		err = -EPERM;
		n = 0;
	}
	for (i = 0; i < n; i++) {
		wish->inode = file_inode(targets[i].file);
		targets[i].watch = imon_watch_add(monitor, wish,
						  i ? NULL : info->extack);
		if (IS_ERR(targets[i].watch)) {
			err = PTR_ERR(targets[i].watch);
			break;
		}
	}
	imon_monitor_put(monitor);
	return i ?: err;
}

/* The same. Nothing can fail for want of room. */
static void put_added(struct sk_buff *reply, const struct imon_watch *watch)
{
	nla_put_u32(reply, IMON_A_WATCH_ID, imon_watch_id(watch));
	nla_put_u32(reply, IMON_A_WATCH_MONITOR, watch->monitor->id);
	nla_put_u64_64bit(reply, IMON_A_WATCH_INO, watch->slot.root.ino,
			  IMON_A_WATCH_PAD);
	nla_put_u32(reply, IMON_A_WATCH_DEV, imon_watch_dev(watch));
}

static void put_ids(struct sk_buff *reply, const struct target *targets,
		    unsigned int n)
{
	u32 *ids = nla_data(nla_reserve(reply, IMON_A_WATCH_IDS, n * sizeof(*ids)));

	BUILD_BUG_ON(nla_total_size(IMON_FDS_MAX) > GENLMSG_DEFAULT_SIZE);
	while (n--)
		ids[n] = imon_watch_id(targets[n].watch);
}

/* Watches the targets and sends @reply, of which it disposes. */
static int add_and_tell(struct sk_buff *skb, struct genl_info *info,
			struct imon_watch_wish *wish, struct target *targets,
			unsigned int n, struct sk_buff *reply, void *hdr)
{
	int done, err;

	mutex_lock(&imon_config);
	done = add(skb, info, wish, targets, n);
	if (done > 0) {
		if (info->attrs[IMON_A_WATCH_FDS])
			put_ids(reply, targets, done);
		else
			put_added(reply, targets->watch);
		err = imon_nl_send(reply, hdr, info);
		/* Nobody knows their ids. */
		while (err && done)
			imon_watch_del(targets[--done].watch);
	} else {
		nlmsg_free(reply);
		err = done;
	}
	mutex_unlock(&imon_config);
	return err;
}

int imon_nl_watch_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *fds = info->attrs[IMON_A_WATCH_FDS] ?:
				   info->attrs[IMON_A_WATCH_FD];
	struct netlink_ext_ack *extack = info->extack;
	struct imon_watch_wish wish = { };
	bool admin = imon_nl_admin(skb);
	struct target *targets;
	struct sk_buff *reply;
	unsigned int i, n;
	int err, found;
	void *hdr;

	err = parse_watch(info->attrs, &wish, extack) ?:
	      check_wish(admin, &wish, extack);
	if (err)
		return err;
	n = nla_len(fds) / sizeof(u32);
	targets = kcalloc(n, sizeof(*targets), GFP_KERNEL);
	if (!targets) {
		NL_SET_ERR_MSG(extack, "no memory for the request");
		return -ENOMEM;
	}
	found = gather(fds, admin, &wish, targets, n, extack);
	reply = found > 0 ? imon_nl_reply(info, &hdr) : NULL;
	if (reply)
		err = add_and_tell(skb, info, &wish, targets, found, reply, hdr);
	else
		err = found > 0 ? -ENOMEM : found;
	for (i = 0; i < n; i++)
		if (targets[i].file)
			fput(targets[i].file);
	kfree(targets);
	return err;
}

/* With imon_config held. */
static struct imon_watch *find(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *id = info->attrs[IMON_A_WATCH_ID];
	struct imon_monitor *monitor;
	struct imon_watch *watch;

	if (!id) {
		NL_SET_ERR_MSG(info->extack, "no watch given");
		return ERR_PTR(-EINVAL);
	}
	monitor = imon_nl_monitor(skb, info->attrs[IMON_A_WATCH_MONITOR],
				  IMON_NL_MANAGE, info->extack);
	if (IS_ERR(monitor))
		return ERR_CAST(monitor);
	watch = imon_watch_find(monitor, nla_get_u32(id));
	imon_monitor_put(monitor);
	if (!watch) {
		NL_SET_ERR_MSG(info->extack, "the monitor has no watch of this id");
		return ERR_PTR(-ENOENT);
	}
	return watch;
}

int imon_nl_watch_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct imon_watch *watch;

	mutex_lock(&imon_config);
	watch = find(skb, info);
	if (!IS_ERR(watch))
		imon_watch_del(watch);
	mutex_unlock(&imon_config);
	return PTR_ERR_OR_ZERO(watch);
}

/* Excludes a directory from a tree, or includes it again. */
static int set_excluded(struct sk_buff *skb, struct genl_info *info,
			struct dentry *dir, bool exclude)
{
	struct imon_watch *watch = find(skb, info);
	int err;

	if (IS_ERR(watch))
		return PTR_ERR(watch);
	if (!imon_watch_is_tree(watch)) {
		NL_SET_ERR_MSG(info->extack, "only a tree has directories to exclude");
		return -EINVAL;
	}
	if (exclude)
		return imon_tree_exclude(imon_tree(watch), dir, info->extack);
	err = imon_tree_include(imon_tree(watch), d_inode(dir));
	if (err)
		NL_SET_ERR_MSG(info->extack, "the directory is not excluded");
	return err;
}

static int exclusion(struct sk_buff *skb, struct genl_info *info, bool exclude)
{
	const struct nlattr *a = info->attrs[IMON_A_WATCH_FD];
	struct file *file;
	int err;

	if (!a) {
		NL_SET_ERR_MSG(info->extack, "no descriptor given");
		return -EINVAL;
	}
	file = get_file_of(a, 0, true, info->extack);
	if (IS_ERR(file))
		return PTR_ERR(file);
	mutex_lock(&imon_config);
	err = set_excluded(skb, info, file->f_path.dentry, exclude);
	mutex_unlock(&imon_config);
	fput(file);
	return err;
}

int imon_nl_watch_exclude_doit(struct sk_buff *skb, struct genl_info *info)
{
	return exclusion(skb, info, true);
}

int imon_nl_watch_include_doit(struct sk_buff *skb, struct genl_info *info)
{
	return exclusion(skb, info, false);
}

static int put_tree(struct sk_buff *skb, const struct imon_watch *watch)
{
	const struct imon_tree *tree = imon_tree(watch);

	return nla_put_string(skb, IMON_A_WATCH_LABEL, tree->label) ?:
	       nla_put_u32(skb, IMON_A_WATCH_EXCLUDES,
			   READ_ONCE(tree->nr_excludes));
}

static int put_watch(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct imon_watch *watch)
{
	const struct imon_slot *slot = &watch->slot;
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &imon_nl_family,
				NLM_F_MULTI, IMON_CMD_WATCH_LIST);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, IMON_A_WATCH_ID, imon_watch_id(watch)) ||
	    nla_put_u32(skb, IMON_A_WATCH_MONITOR, watch->monitor->id) ||
	    nla_put_u32(skb, IMON_A_WATCH_SCOPE, slot->scope) ||
	    nla_put_u32(skb, IMON_A_WATCH_MASK, imon_watch_mask(watch)) ||
	    nla_put_u32(skb, IMON_A_WATCH_STATE, READ_ONCE(slot->state)) ||
	    nla_put_u64_64bit(skb, IMON_A_WATCH_INO, slot->root.ino,
			      IMON_A_WATCH_PAD) ||
	    nla_put_u32(skb, IMON_A_WATCH_DEV, imon_watch_dev(watch)) ||
	    (imon_watch_is_tree(watch) && put_tree(skb, watch))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* The watches of one monitor from an id on. */
static int put_watches(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct imon_monitor *monitor, unsigned long *id)
{
	struct imon_watch *watch;
	int err = 0;

	while (!err && (watch = imon_watch_next(monitor, id))) {
		err = put_watch(skb, cb, watch);
		if (!err)
			++*id;
	}
	return err;
}

/* The id of the only monitor asked for, 0 for all. */
static int parse_list(struct netlink_callback *cb, u32 *only)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	const struct nlattr *a = attrs ? attrs[IMON_A_WATCH_MONITOR] : NULL;
	struct imon_monitor *monitor;

	*only = a ? nla_get_u32(a) : 0;
	/* It may go while its watches are listed. */
	if (!a || cb->args[0])
		return 0;
	monitor = imon_monitor_get(*only);
	if (!monitor || !imon_nl_visible(cb->skb, monitor)) {
		if (monitor)
			imon_monitor_put(monitor);
		NL_SET_ERR_MSG_ATTR(cb->extack, a, "no monitor has this id");
		return -ENOENT;
	}
	imon_monitor_put(monitor);
	return 0;
}

/*
 * cb->args[0]: the monitor whose watches come next
 * cb->args[1]: the next watch of it
 *
 * Both by id, so that one that comes or goes between two messages disturbs no
 * other.
 */
int imon_nl_watch_list_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned long id, watch = cb->args[1];
	struct imon_monitor *monitor;
	u32 only;
	int err;

	mutex_lock(&imon_config);
	err = parse_list(cb, &only);
	id = max_t(unsigned long, cb->args[0], only);
	while (!err && (monitor = imon_monitor_get_next(&id))) {
		if (id != cb->args[0])
			watch = 0;
		cb->args[0] = id;
		if ((!only || id == only) && imon_nl_visible(cb->skb, monitor))
			err = put_watches(skb, cb, monitor, &watch);
		imon_monitor_put(monitor);
		if (!err)
			id++;
	}
	mutex_unlock(&imon_config);
	if (!err)
		cb->args[0] = ULONG_MAX;
	cb->args[1] = watch;
	return skb->len ?: err;
}
