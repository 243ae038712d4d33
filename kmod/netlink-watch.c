// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about watches: add, delete, list.
 */
#include <linux/file.h>
#include <linux/fs.h>

#include "event.h"
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
	if (*wish->label && wish->scope != IMON_SCOPE_TREE) {
		NL_SET_ERR_MSG_ATTR(extack, a, "only a tree has a label");
		return -EINVAL;
	}
	if (!attrs[IMON_A_WATCH_MONITOR] || !attrs[IMON_A_WATCH_FD]) {
		NL_SET_ERR_MSG(extack, "no monitor or no descriptor given");
		return -EINVAL;
	}
	return 0;
}

/* What is behind a descriptor of the sender, in whose context we are. */
static struct file *get_file_of(const struct nlattr *a, bool dir,
				struct netlink_ext_ack *extack)
{
	struct file *file = fget_raw(nla_get_u32(a));
	int err = 0;

	if (!file) {
		NL_SET_ERR_MSG_ATTR(extack, a, "not an open descriptor");
		return ERR_PTR(-EBADF);
	}
	if (dir && !d_is_dir(file->f_path.dentry)) {
		NL_SET_ERR_MSG_ATTR(extack, a, "not a directory");
		err = -ENOTDIR;
	} else if (file_inode(file)->i_sb->s_flags & SB_NOUSER) {
		NL_SET_ERR_MSG_ATTR(extack, a, "not on a filesystem with names");
		err = -EINVAL;
	}
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

/* Whether the sender may watch that, as with inotify. */
static int check_right(struct sk_buff *skb, const struct imon_watch_wish *wish,
		       struct file *file, struct netlink_ext_ack *extack)
{
	int err;

	if (imon_nl_admin(skb))
		return 0;
	if (wish->scope == IMON_SCOPE_TREE) {
		NL_SET_ERR_MSG(extack, "to watch a tree needs " IMON_NL_ADMIN);
		return -EPERM;
	}
	if (wish->mask & IMON_EVENT_PROGRAM) {
		NL_SET_ERR_MSG(extack, "to watch programs needs " IMON_NL_ADMIN);
		return -EPERM;
	}
	/* The descriptor itself proves nothing: it may be O_PATH. */
	err = file_permission(file, MAY_READ);
	if (err)
		NL_SET_ERR_MSG(extack, "you may not read what is to be watched");
	return err;
}

/* With imon_config held. */
static struct imon_watch *add(struct sk_buff *skb, struct genl_info *info,
			      struct file *file, struct imon_watch_wish *wish)
{
	struct imon_monitor *monitor;
	struct imon_watch *watch;

	monitor = imon_nl_monitor(skb, info->attrs[IMON_A_WATCH_MONITOR],
				  IMON_NL_MANAGE, info->extack);
	if (IS_ERR(monitor))
		return ERR_CAST(monitor);
	wish->inode = file_inode(file);
	if (imon_nl_admin(skb) || imon_user_allowed()) {
		watch = imon_watch_add(monitor, wish, info->extack);
	} else {
		NL_SET_ERR_MSG(info->extack, "imon's parameter unprivileged is off; needs "
			       IMON_NL_ADMIN);
		watch = ERR_PTR(-EPERM);
	}
	imon_monitor_put(monitor);
	return watch;
}

/* The same. Cannot fail for want of room. */
static int reply_add(struct sk_buff *reply, void *hdr, struct genl_info *info,
		     const struct imon_watch *watch)
{
	nla_put_u32(reply, IMON_A_WATCH_ID, imon_watch_id(watch));
	nla_put_u32(reply, IMON_A_WATCH_MONITOR, watch->monitor->id);
	nla_put_u64_64bit(reply, IMON_A_WATCH_INO, watch->slot.root.ino,
			  IMON_A_WATCH_PAD);
	nla_put_u32(reply, IMON_A_WATCH_DEV, imon_watch_dev(watch));
	return imon_nl_send(reply, hdr, info);
}

int imon_nl_watch_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct imon_watch_wish wish = { };
	struct imon_watch *watch;
	struct sk_buff *reply;
	struct file *file;
	void *hdr;
	int err;

	err = parse_watch(info->attrs, &wish, info->extack);
	if (err)
		return err;
	file = get_file_of(info->attrs[IMON_A_WATCH_FD],
			   wish.scope != IMON_SCOPE_INODE, info->extack);
	if (IS_ERR(file))
		return PTR_ERR(file);

	/* Without a lock: it may be for a server in userspace to say. */
	err = check_right(skb, &wish, file, info->extack);
	if (err)
		goto out;
	reply = imon_nl_reply(info, &hdr);
	if (!reply) {
		err = -ENOMEM;
		goto out;
	}
	mutex_lock(&imon_config);
	watch = add(skb, info, file, &wish);
	if (IS_ERR(watch)) {
		nlmsg_free(reply);
		err = PTR_ERR(watch);
	} else {
		err = reply_add(reply, hdr, info, watch);
		if (err)
			imon_watch_del(watch);
	}
	mutex_unlock(&imon_config);
out:
	fput(file);
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
	struct file *file;
	int err;

	if (!info->attrs[IMON_A_WATCH_FD]) {
		NL_SET_ERR_MSG(info->extack, "no descriptor given");
		return -EINVAL;
	}
	file = get_file_of(info->attrs[IMON_A_WATCH_FD], true, info->extack);
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
