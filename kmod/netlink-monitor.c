// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about monitors: create, attach, delete, list.
 */
#include <linux/cred.h>
#include <linux/ctype.h>

#include "monitor.h"
#include "netlink-gen.h"
#include "netlink.h"

static bool name_ok(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++)
		if (!isascii(*name) ||
		    (!isalnum(*name) && !strchr("._@:-", *name)))
			return false;
	return true;
}

static int parse_options(struct nlattr **attrs, struct imon_monitor_options *opt,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *a;

	a = attrs[IMON_A_MONITOR_NAME];
	if (a) {
		opt->name = nla_data(a);
		if (!name_ok(opt->name)) {
			NL_SET_ERR_MSG_ATTR(extack, a,
					    "a name is letters, digits and \"._@:-\"");
			return -EINVAL;
		}
	}
	a = attrs[IMON_A_MONITOR_MODE];
	if (a)
		opt->mode = nla_get_u32(a);
	if (opt->mode > IMON_MODE_STATE) {
		NL_SET_ERR_MSG_ATTR(extack, a, "no such mode");
		return -EINVAL;
	}
	a = attrs[IMON_A_MONITOR_QUEUE_BYTES];
	if (a)
		opt->queue_bytes = nla_get_u64(a);
	if (opt->queue_bytes < IMON_QUEUE_MIN || opt->queue_bytes > IMON_QUEUE_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, a,
				    "a queue has 4096 bytes to 1 GiB");
		return -ERANGE;
	}
	a = attrs[IMON_A_MONITOR_WINDOW_US];
	if (a)
		opt->window_us = nla_get_u32(a);
	if (opt->window_us > IMON_WINDOW_MAX_US) {
		NL_SET_ERR_MSG_ATTR(extack, a, "a window is at most one minute");
		return -ERANGE;
	}
	return 0;
}

/* With imon_config held. */
static struct imon_monitor *create(const struct imon_monitor_options *opt,
				   struct netlink_ext_ack *extack)
{
	struct imon_monitor *monitor;

	if (*opt->name) {
		monitor = imon_monitor_get_name(opt->name);
		if (monitor) {
			imon_monitor_put(monitor);
			NL_SET_ERR_MSG(extack, "a monitor of this name exists");
			return ERR_PTR(-EEXIST);
		}
	}
	monitor = imon_monitor_create(opt);
	if (monitor == ERR_PTR(-ENOSPC))
		NL_SET_ERR_MSG(extack, "too many monitors; delete one");
	else if (IS_ERR(monitor))
		NL_SET_ERR_MSG(extack, "no memory for a monitor");
	return monitor;
}

int imon_nl_monitor_create_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct imon_monitor_options opt = {
		.name = "",
		.mode = IMON_MODE_LOG,
		.queue_bytes = IMON_QUEUE_DEFAULT,
		.window_us = IMON_WINDOW_DEFAULT_US,
		.uid = current_euid(),
	};
	struct imon_monitor *monitor;
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = imon_nl_may(skb, info->extack);
	if (!err)
		err = parse_options(info->attrs, &opt, info->extack);
	if (err)
		return err;
	if (!*opt.name) {
		opt.reader = imon_nl_sender(skb);
		opt.port = info->snd_portid;
	}

	reply = imon_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&imon_config);
	monitor = create(&opt, info->extack);
	if (IS_ERR(monitor)) {
		mutex_unlock(&imon_config);
		nlmsg_free(reply);
		return PTR_ERR(monitor);
	}
	/* Cannot fail: the reply has room for much more. */
	nla_put_u32(reply, IMON_A_MONITOR_ID, monitor->id);
	nla_put_u32(reply, IMON_A_MONITOR_INSTANCE, imon_instance);
	err = imon_nl_send(reply, hdr, info);
	if (err)
		imon_monitor_delete(monitor);
	mutex_unlock(&imon_config);
	return err;
}

/* With imon_config held. */
static struct imon_monitor *find(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *name = info->attrs[IMON_A_MONITOR_NAME];
	struct imon_monitor *monitor;

	if (!name)
		return imon_nl_monitor(skb, info->attrs[IMON_A_MONITOR_ID],
				       info->extack);
	if (info->attrs[IMON_A_MONITOR_ID]) {
		NL_SET_ERR_MSG(info->extack, "give an id or a name, not both");
		return ERR_PTR(-EINVAL);
	}
	monitor = *(char *)nla_data(name) ?
		imon_monitor_get_name(nla_data(name)) : NULL;
	if (!monitor) {
		NL_SET_ERR_MSG(info->extack, "no monitor has this name");
		return ERR_PTR(-ENOENT);
	}
	return monitor;
}

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, IMON_A_MONITOR_PAD);
}

static int put_stats(struct sk_buff *skb, struct imon_queue *q)
{
	struct imon_queue_stats s;

	imon_queue_stats(q, &s);
	return put_u64(skb, IMON_A_MONITOR_HEAD_SEQ, s.head_seq) ||
	       put_u64(skb, IMON_A_MONITOR_ACKED_SEQ, s.acked_seq) ||
	       put_u64(skb, IMON_A_MONITOR_PENDING, s.pending) ||
	       put_u64(skb, IMON_A_MONITOR_IN_FLIGHT, s.in_flight) ||
	       put_u64(skb, IMON_A_MONITOR_BYTES, s.bytes) ||
	       put_u64(skb, IMON_A_MONITOR_BYTES_HIGH, s.bytes_high) ||
	       put_u64(skb, IMON_A_MONITOR_QUEUED, s.queued) ||
	       put_u64(skb, IMON_A_MONITOR_MERGED, s.merged) ||
	       put_u64(skb, IMON_A_MONITOR_DEGRADED, s.degraded) ||
	       put_u64(skb, IMON_A_MONITOR_DELIVERED, s.delivered) ||
	       put_u64(skb, IMON_A_MONITOR_REDELIVERED, s.redelivered);
}

/* With imon_config held. */
static int put_monitor(struct sk_buff *skb, struct imon_monitor *monitor)
{
	if (nla_put_u32(skb, IMON_A_MONITOR_ID, monitor->id) ||
	    nla_put_u32(skb, IMON_A_MONITOR_INSTANCE, imon_instance) ||
	    (monitor->name[0] &&
	     nla_put_string(skb, IMON_A_MONITOR_NAME, monitor->name)) ||
	    nla_put_u32(skb, IMON_A_MONITOR_MODE, monitor->mode) ||
	    put_u64(skb, IMON_A_MONITOR_QUEUE_BYTES, monitor->queue.limit) ||
	    nla_put_u32(skb, IMON_A_MONITOR_WINDOW_US, monitor->window_us) ||
	    nla_put_u32(skb, IMON_A_MONITOR_UID,
			from_kuid(&init_user_ns, monitor->uid)) ||
	    (monitor->port &&
	     nla_put_u32(skb, IMON_A_MONITOR_READER, monitor->port)) ||
	    nla_put_u32(skb, IMON_A_MONITOR_WATCHES, monitor->nr_watches) ||
	    put_stats(skb, &monitor->queue))
		return -EMSGSIZE;
	return 0;
}

int imon_nl_monitor_attach_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct imon_monitor *monitor;
	struct sk_buff *reply;
	void *hdr;
	int err;

	err = imon_nl_may(skb, info->extack);
	if (err)
		return err;
	reply = imon_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&imon_config);
	monitor = find(skb, info);
	if (IS_ERR(monitor)) {
		err = PTR_ERR(monitor);
		goto out;
	}
	err = imon_monitor_attach(monitor, imon_nl_sender(skb),
				  info->snd_portid);
	if (err)
		NL_SET_ERR_MSG(info->extack, "the monitor has a reader already");
	else
		err = put_monitor(reply, monitor);
	imon_monitor_put(monitor);
out:
	mutex_unlock(&imon_config);
	if (!err)
		return imon_nl_send(reply, hdr, info);
	nlmsg_free(reply);
	return err;
}

int imon_nl_monitor_delete_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct imon_monitor *monitor;
	int err;
	u32 port;

	err = imon_nl_may(skb, info->extack);
	if (err)
		return err;
	mutex_lock(&imon_config);
	monitor = find(skb, info);
	if (IS_ERR(monitor)) {
		err = PTR_ERR(monitor);
	} else {
		port = monitor->port;
		imon_monitor_delete(monitor);
		/* A reader that sleeps learns it from the pull that follows. */
		if (port)
			imon_netlink_wake(monitor->id, port, 0);
		imon_monitor_put(monitor);
	}
	mutex_unlock(&imon_config);
	return err;
}

/* cb->args[0]: the next id */
int imon_nl_monitor_list_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	unsigned long id = cb->args[0];
	struct imon_monitor *monitor;
	void *hdr;
	int err;

	err = imon_nl_may(cb->skb, cb->extack);
	if (err)
		return err;
	mutex_lock(&imon_config);
	while (!err && (monitor = imon_monitor_get_next(&id))) {
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &imon_nl_family,
				  NLM_F_MULTI, IMON_CMD_MONITOR_LIST);
		err = hdr ? put_monitor(skb, monitor) : -EMSGSIZE;
		imon_monitor_put(monitor);
		if (!err) {
			genlmsg_end(skb, hdr);
			id++;
		} else if (hdr) {
			genlmsg_cancel(skb, hdr);
		}
	}
	mutex_unlock(&imon_config);
	cb->args[0] = id;
	return skb->len ?: err;
}
