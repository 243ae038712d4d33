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
#include "watch.h"

/* What a user asked for, checked as far as that goes without the file. */
static int parse_watch(struct nlattr **attrs, u32 *mask, const char **label,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *a;

	a = attrs[IMON_A_WATCH_SCOPE];
	if (a && nla_get_u32(a) != IMON_SCOPE_TREE) {
		NL_SET_ERR_MSG_ATTR(extack, a, "no such scope");
		return -EOPNOTSUPP;
	}
	a = attrs[IMON_A_WATCH_MASK];
	*mask = a ? nla_get_u32(a) : IMON_EVENT_DEFAULT;
	if (!*mask || *mask & ~IMON_EVENT_ASKABLE) {
		NL_SET_ERR_MSG_ATTR(extack, a,
				    "the mask has events that cannot be asked for, or none");
		return -EINVAL;
	}
	a = attrs[IMON_A_WATCH_LABEL];
	*label = a ? nla_data(a) : "";
	if (!attrs[IMON_A_WATCH_MONITOR] || !attrs[IMON_A_WATCH_FD]) {
		NL_SET_ERR_MSG(extack, "no monitor or no directory given");
		return -EINVAL;
	}
	return 0;
}

/* The directory behind a descriptor of the sender, in whose context we are. */
static struct file *get_directory(const struct nlattr *a,
				  struct netlink_ext_ack *extack)
{
	struct file *file = fget_raw(nla_get_u32(a));

	if (!file) {
		NL_SET_ERR_MSG_ATTR(extack, a, "not an open descriptor");
		return ERR_PTR(-EBADF);
	}
	if (!d_is_dir(file->f_path.dentry)) {
		fput(file);
		NL_SET_ERR_MSG_ATTR(extack, a, "not a directory");
		return ERR_PTR(-ENOTDIR);
	}
	return file;
}

/* With imon_config held. */
static struct imon_watch *add(struct sk_buff *skb, struct genl_info *info,
			      struct dentry *dir, u32 mask, const char *label)
{
	struct imon_monitor *monitor;
	struct imon_watch *watch;

	monitor = imon_nl_monitor(skb, info->attrs[IMON_A_WATCH_MONITOR],
				  info->extack);
	if (IS_ERR(monitor))
		return ERR_CAST(monitor);
	watch = imon_watch_add(monitor, dir, mask, label, info->extack);
	imon_monitor_put(monitor);
	return watch;
}

/* The same. Cannot fail for want of room. */
static int reply_add(struct sk_buff *reply, void *hdr, struct genl_info *info,
		     const struct imon_watch *watch)
{
	nla_put_u32(reply, IMON_A_WATCH_ID, watch->id);
	nla_put_u32(reply, IMON_A_WATCH_MONITOR, watch->monitor->id);
	nla_put_u64_64bit(reply, IMON_A_WATCH_INO, watch->ino, IMON_A_WATCH_PAD);
	nla_put_u32(reply, IMON_A_WATCH_DEV, watch->dev);
	return imon_nl_send(reply, hdr, info);
}

int imon_nl_watch_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct imon_watch *watch;
	struct sk_buff *reply;
	const char *label;
	struct file *file;
	void *hdr;
	u32 mask;
	int err;

	err = imon_nl_may(skb, info->extack);
	if (!err)
		err = parse_watch(info->attrs, &mask, &label, info->extack);
	if (err)
		return err;
	file = get_directory(info->attrs[IMON_A_WATCH_FD], info->extack);
	if (IS_ERR(file))
		return PTR_ERR(file);

	reply = imon_nl_reply(info, &hdr);
	if (!reply) {
		fput(file);
		return -ENOMEM;
	}
	mutex_lock(&imon_config);
	watch = add(skb, info, file->f_path.dentry, mask, label);
	if (IS_ERR(watch)) {
		nlmsg_free(reply);
		err = PTR_ERR(watch);
	} else {
		err = reply_add(reply, hdr, info, watch);
		if (err)
			imon_watch_del(watch);
	}
	mutex_unlock(&imon_config);
	fput(file);
	return err;
}

/* With imon_config held. */
static int del(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *id = info->attrs[IMON_A_WATCH_ID];
	struct imon_monitor *monitor;
	struct imon_watch *watch;

	if (!id) {
		NL_SET_ERR_MSG(info->extack, "no watch given");
		return -EINVAL;
	}
	monitor = imon_nl_monitor(skb, info->attrs[IMON_A_WATCH_MONITOR],
				  info->extack);
	if (IS_ERR(monitor))
		return PTR_ERR(monitor);
	watch = imon_watch_find(monitor, nla_get_u32(id));
	imon_monitor_put(monitor);
	if (!watch) {
		NL_SET_ERR_MSG(info->extack, "the monitor has no watch of this id");
		return -ENOENT;
	}
	imon_watch_del(watch);
	return 0;
}

int imon_nl_watch_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	err = imon_nl_may(skb, info->extack);
	if (err)
		return err;
	mutex_lock(&imon_config);
	err = del(skb, info);
	mutex_unlock(&imon_config);
	return err;
}

static int put_watch(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct imon_watch *watch)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &imon_nl_family,
				NLM_F_MULTI, IMON_CMD_WATCH_LIST);

	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, IMON_A_WATCH_ID, watch->id) ||
	    nla_put_u32(skb, IMON_A_WATCH_MONITOR, watch->monitor->id) ||
	    nla_put_u32(skb, IMON_A_WATCH_SCOPE, IMON_SCOPE_TREE) ||
	    nla_put_u32(skb, IMON_A_WATCH_MASK, watch->mask) ||
	    nla_put_string(skb, IMON_A_WATCH_LABEL, watch->label) ||
	    nla_put_u32(skb, IMON_A_WATCH_STATE, READ_ONCE(watch->state)) ||
	    nla_put_u64_64bit(skb, IMON_A_WATCH_INO, watch->ino,
			      IMON_A_WATCH_PAD) ||
	    nla_put_u32(skb, IMON_A_WATCH_DEV, watch->dev)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* The id of the only monitor asked for, 0 for all. */
static int parse_list(struct netlink_callback *cb, u32 *only)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	const struct nlattr *a = attrs ? attrs[IMON_A_WATCH_MONITOR] : NULL;
	struct imon_monitor *monitor;

	*only = 0;
	if (!a)
		return 0;
	monitor = imon_monitor_get(nla_get_u32(a));
	if (!monitor) {
		NL_SET_ERR_MSG_ATTR(cb->extack, a, "no monitor has this id");
		return -ENOENT;
	}
	*only = monitor->id;
	imon_monitor_put(monitor);
	return 0;
}

/*
 * cb->args[0]: the next watch id. Watches are listed by id, so that one that
 * comes or goes between two messages disturbs no other.
 */
int imon_nl_watch_list_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned long id = cb->args[0];
	struct imon_watch *watch;
	u32 only;
	int err;

	err = imon_nl_may(cb->skb, cb->extack);
	if (err)
		return err;
	mutex_lock(&imon_config);
	err = parse_list(cb, &only);
	while (!err && (watch = imon_watch_next(&id))) {
		if (!only || watch->monitor->id == only)
			err = put_watch(skb, cb, watch);
		if (!err)
			id++;
	}
	mutex_unlock(&imon_config);
	cb->args[0] = id;
	return skb->len ?: err;
}
