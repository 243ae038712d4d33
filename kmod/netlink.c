// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: what all commands share, and the wake.
 *
 * The contract is Documentation/netlink/specs/imon.yaml; policies and the
 * table of commands (netlink-gen.c) are made from it. The family is only in
 * the initial network namespace. Commands run in parallel; each takes the
 * locks of what it works on.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/random.h>

#include <net/sock.h>

#include "imon.h"
#include "monitor.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "source.h"
#include "stats.h"
#include "watch.h"

u32 imon_instance;

struct genl_family imon_nl_family = {
	.name = IMON_GENL_NAME,
	.version = IMON_GENL_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = imon_nl_ops,
	.n_ops = ARRAY_SIZE(imon_nl_ops),
};

/** imon_nl_admin() - whether the sender may do everything */
bool imon_nl_admin(struct sk_buff *skb)
{
	return netlink_capable(skb, CAP_SYS_ADMIN);
}

/**
 * imon_nl_is_user() - whether the sender is a user
 * @skb: the request
 * @uid: the user
 *
 * So must be whoever opened the socket, or somebody
 * could be made to write into a socket that is not his own.
 */
bool imon_nl_is_user(const struct sk_buff *skb, kuid_t uid)
{
	const struct cred *opener = imon_nl_sender(skb)->sk_socket->file->f_cred;

	return uid_eq(current_euid(), uid) && uid_eq(opener->euid, uid);
}

/** imon_nl_visible() - whether a monitor is in the lists of the sender */
bool imon_nl_visible(struct sk_buff *skb, const struct imon_monitor *monitor)
{
	return imon_nl_admin(skb) || imon_nl_is_user(skb, monitor->uid);
}

/** imon_nl_check() - whether the sender has a right; imon_config is held */
int imon_nl_check(struct sk_buff *skb, const struct imon_monitor *monitor,
		  enum imon_nl_right right, struct netlink_ext_ack *extack)
{
	if (!monitor->name[0] && monitor->reader != imon_nl_sender(skb)) {
		NL_SET_ERR_MSG(extack, "the monitor belongs to another socket");
		return -EPERM;
	}
	if (imon_nl_admin(skb))
		return 0;
	if (!imon_nl_is_user(skb, monitor->uid)) {
		NL_SET_ERR_MSG(extack, "the monitor is another user's; needs "
			       IMON_NL_ADMIN);
		return -EPERM;
	}
	if (right == IMON_NL_MANAGE && monitor->name[0]) {
		NL_SET_ERR_MSG(extack, "you may read this monitor, no more; needs "
			       IMON_NL_ADMIN);
		return -EPERM;
	}
	return 0;
}

/**
 * imon_nl_monitor() - the monitor that a request is about
 * @skb: the request
 * @id: the attribute with its id, NULL when it is missing
 * @right: what the sender wants
 * @extack: gets the sentence
 *
 * Return: with a reference, or an error pointer. imon_config is held.
 */
struct imon_monitor *imon_nl_monitor(struct sk_buff *skb,
				     const struct nlattr *id,
				     enum imon_nl_right right,
				     struct netlink_ext_ack *extack)
{
	struct imon_monitor *monitor;
	int err;

	if (!id) {
		NL_SET_ERR_MSG(extack, "no monitor given");
		return ERR_PTR(-EINVAL);
	}
	monitor = imon_monitor_get(nla_get_u32(id));
	if (!monitor) {
		NL_SET_ERR_MSG(extack, "no monitor has this id");
		return ERR_PTR(-ENOENT);
	}
	err = imon_nl_check(skb, monitor, right, extack);
	if (err) {
		imon_monitor_put(monitor);
		return ERR_PTR(err);
	}
	return monitor;
}

/** imon_nl_reply() - begin a reply to a request; NULL with a sentence */
struct sk_buff *imon_nl_reply(struct genl_info *info, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb) {
		NL_SET_ERR_MSG(info->extack, "no memory for a reply");
		return NULL;
	}
	/* Cannot fail: the message is empty. */
	*hdr = genlmsg_put_reply(skb, info, &imon_nl_family, 0,
				 info->genlhdr->cmd);
	return skb;
}

/** imon_nl_send() - end a reply and send it; on failure with a sentence */
int imon_nl_send(struct sk_buff *skb, void *hdr, struct genl_info *info)
{
	int err;

	genlmsg_end(skb, hdr);
	err = genlmsg_reply(skb, info);
	if (err)
		NL_SET_ERR_MSG(info->extack, "your socket has no room for the reply");
	return err;
}

int imon_nl_module_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct imon_counters sum;
	struct sk_buff *reply;
	void *hdr;

	reply = imon_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	imon_counters_sum(&sum);
	if (nla_put_u32(reply, IMON_A_MODULE_INSTANCE, imon_instance) ||
	    nla_put_string(reply, IMON_A_MODULE_VERSION, IMON_VERSION) ||
	    nla_put_u32(reply, IMON_A_MODULE_MONITORS, imon_monitor_count()) ||
	    nla_put_u32(reply, IMON_A_MODULE_WATCHES, imon_watch_count()) ||
	    nla_put_u32(reply, IMON_A_MODULE_FILESYSTEMS, imon_source_count()) ||
	    nla_put_u64_64bit(reply, IMON_A_MODULE_EVENTS, sum.events,
			      IMON_A_MODULE_PAD) ||
	    nla_put_u64_64bit(reply, IMON_A_MODULE_UNPLACED, sum.unplaced,
			      IMON_A_MODULE_PAD) ||
	    nla_put_u64_64bit(reply, IMON_A_MODULE_MEMORY_FAILURES,
			      sum.memory_failures, IMON_A_MODULE_PAD)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	return imon_nl_send(reply, hdr, info);
}

/**
 * imon_netlink_wake() - tell a reader that records wait
 * @monitor: id
 * @port: of the reader's socket
 * @seq: number of the newest record
 *
 * Return: 0, -EAGAIN when it must be tried again later, or an error that
 * says that there is nobody to tell.
 */
int imon_netlink_wake(u32 monitor, u32 port, u64 seq)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = genlmsg_new(nla_total_size(sizeof(monitor)) +
			  nla_total_size(sizeof(imon_instance)) +
			  nla_total_size_64bit(sizeof(seq)), GFP_KERNEL);
	if (!skb)
		return -EAGAIN;
	hdr = genlmsg_put(skb, 0, 0, &imon_nl_family, 0, IMON_CMD_WAKE);
	if (!hdr ||
	    nla_put_u32(skb, IMON_A_EVENT_MONITOR, monitor) ||
	    nla_put_u32(skb, IMON_A_EVENT_INSTANCE, imon_instance) ||
	    nla_put_u64_64bit(skb, IMON_A_EVENT_SEQ, seq, IMON_A_EVENT_PAD)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	err = genlmsg_unicast(&init_net, skb, port);
	return err == -ENOMEM || err == -ENOBUFS ? -EAGAIN : err;
}

/* A socket was closed. */
static int netlink_event(struct notifier_block *nb, unsigned long event,
			 void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC &&
	    net_eq(notify->net, &init_net))
		imon_monitor_port_closed(notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = netlink_event,
};

int imon_netlink_init(void)
{
	int err;

	imon_instance = get_random_u32() ?: 1;
	err = netlink_register_notifier(&notifier);
	if (err)
		return err;
	err = genl_register_family(&imon_nl_family);
	if (err)
		netlink_unregister_notifier(&notifier);
	return err;
}

void imon_netlink_exit(void)
{
	genl_unregister_family(&imon_nl_family);
	netlink_unregister_notifier(&notifier);
}
