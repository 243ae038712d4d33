// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about records: pull and acknowledge.
 *
 * A pull is a dump. It runs only while the receiver has room, so it cannot
 * overrun its buffer, and what does not fit in one message goes in the next.
 */
#include "monitor.h"
#include "netlink-gen.h"
#include "netlink.h"

/* Whether a socket may read a monitor; reader_lock is held. */
static int check_reader(const struct imon_monitor *monitor,
			const struct sock *sk, struct netlink_ext_ack *extack)
{
	if (monitor->dead) {
		NL_SET_ERR_MSG(extack, "the monitor was deleted");
		return -ENODEV;
	}
	if (monitor->reader != sk) {
		NL_SET_ERR_MSG(extack, "only the attached reader may do this");
		return -EPERM;
	}
	return 0;
}

/* The monitor of a request, with a reference. */
static struct imon_monitor *get_monitor(struct sk_buff *skb,
					const struct nlattr *id,
					struct netlink_ext_ack *extack)
{
	struct imon_monitor *monitor;

	mutex_lock(&imon_config);
	monitor = imon_nl_monitor(skb, id, extack);
	mutex_unlock(&imon_config);
	return monitor;
}

struct pull {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	u32 monitor;
	bool full;
};

static bool put_record(const struct imon_record *rec, void *arg)
{
	struct pull *pull = arg;
	struct sk_buff *skb = pull->skb;
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(pull->cb->skb).portid,
			  pull->cb->nlh->nlmsg_seq, &imon_nl_family, NLM_F_MULTI,
			  IMON_CMD_EVENT_PULL);
	if (!hdr)
		goto full;
	if (nla_put_u32(skb, IMON_A_EVENT_MONITOR, pull->monitor) ||
	    nla_put_u32(skb, IMON_A_EVENT_INSTANCE, imon_instance) ||
	    nla_put_u64_64bit(skb, IMON_A_EVENT_SEQ, rec->seq, IMON_A_EVENT_PAD) ||
	    nla_put_u32(skb, IMON_A_EVENT_WATCH, rec->watch) ||
	    nla_put_u32(skb, IMON_A_EVENT_MASK, rec->mask) ||
	    nla_put_u32(skb, IMON_A_EVENT_TYPE, rec->type) ||
	    nla_put_u64_64bit(skb, IMON_A_EVENT_INO, rec->ino, IMON_A_EVENT_PAD) ||
	    (rec->has_old &&
	     nla_put(skb, IMON_A_EVENT_PATH, rec->old_len, rec->names)) ||
	    (rec->has_new &&
	     nla_put(skb, IMON_A_EVENT_NEW_PATH, rec->new_len,
		     rec->names + rec->old_len))) {
		genlmsg_cancel(skb, hdr);
		goto full;
	}
	genlmsg_end(skb, hdr);
	return true;
full:
	pull->full = true;
	return false;
}

/* Refusals are made here and not in a start callback: that has no extack. */
static struct imon_monitor *begin_pull(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	int err;

	err = imon_nl_may(cb->skb, cb->extack);
	if (err)
		return ERR_PTR(err);
	return get_monitor(cb->skb, attrs ? attrs[IMON_A_EVENT_MONITOR] : NULL,
			   cb->extack);
}

/*
 * cb->args[0]: the monitor, with a reference
 * cb->args[1]: the queue was empty once
 *
 * That ends the dump. Who writes without a pause must not keep the reader in
 * it for ever; what has come since is the matter of the next wake.
 */
int imon_nl_event_pull_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct imon_monitor *monitor = (struct imon_monitor *)cb->args[0];
	struct pull pull = { .skb = skb, .cb = cb };
	int err;

	if (!monitor) {
		monitor = begin_pull(cb);
		if (IS_ERR(monitor))
			return PTR_ERR(monitor);
		cb->args[0] = (long)monitor;
	}
	pull.monitor = monitor->id;

	mutex_lock(&monitor->reader_lock);
	err = check_reader(monitor, imon_nl_sender(cb->skb), cb->extack);
	while (!err && !cb->args[1] && !pull.full) {
		if (!imon_queue_pull(&monitor->queue, put_record, &pull))
			cb->args[1] = !pull.full;
		cond_resched();
	}
	mutex_unlock(&monitor->reader_lock);
	return err ?: skb->len;
}

int imon_nl_event_pull_done(struct netlink_callback *cb)
{
	if (cb->args[0])
		imon_monitor_put((struct imon_monitor *)cb->args[0]);
	return 0;
}

/* With reader_lock held. */
static int ack(struct imon_monitor *monitor, struct genl_info *info,
	       const struct sock *sk)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = check_reader(monitor, sk, info->extack);
	if (err)
		return err;
	if (nla_get_u32(attrs[IMON_A_EVENT_INSTANCE]) != imon_instance) {
		NL_SET_ERR_MSG(info->extack,
			       "the module was loaded anew since; scan, then attach");
		return -ESTALE;
	}
	err = imon_queue_ack(&monitor->queue,
			     nla_get_u64(attrs[IMON_A_EVENT_SEQ]));
	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "this sequence number was not handed out yet");
	return err;
}

int imon_nl_event_ack_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct imon_monitor *monitor;
	int err;

	err = imon_nl_may(skb, info->extack);
	if (err)
		return err;
	if (!attrs[IMON_A_EVENT_SEQ] || !attrs[IMON_A_EVENT_INSTANCE]) {
		NL_SET_ERR_MSG(info->extack, "no sequence number or no instance given");
		return -EINVAL;
	}
	monitor = get_monitor(skb, attrs[IMON_A_EVENT_MONITOR], info->extack);
	if (IS_ERR(monitor))
		return PTR_ERR(monitor);

	mutex_lock(&monitor->reader_lock);
	err = ack(monitor, info, imon_nl_sender(skb));
	mutex_unlock(&monitor->reader_lock);
	imon_monitor_put(monitor);
	return err;
}
