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
	monitor = imon_nl_monitor(skb, id, IMON_NL_READ, extack);
	mutex_unlock(&imon_config);
	return monitor;
}

struct attr_u32 {
	struct nlattr attr;
	u32 value;
};

/* Netlink aligns to four bytes, and so do those who read it. */
struct attr_u64 {
	struct nlattr attr;
	u64 value;
} __packed;

/*
 * The part of a message that has the same size for each record. With nla_put(),
 * attribute by attribute, it takes most of what a pull does.
 */
struct head {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	struct attr_u32 monitor;
	struct attr_u32 instance;
	struct attr_u64 seq;
	struct attr_u32 watch;
	struct attr_u32 mask;
	struct attr_u32 type;
	struct attr_u64 ino;
} __packed __aligned(NLMSG_ALIGNTO);

#define ATTR_U32(id) { .nla_len = sizeof(struct attr_u32), .nla_type = (id) }
#define ATTR_U64(id) { .nla_len = sizeof(struct attr_u64), .nla_type = (id) }

static const struct head head_blank = {
	.nlh.nlmsg_flags = NLM_F_MULTI,
	.genl = { .cmd = IMON_CMD_EVENT_PULL, .version = IMON_GENL_VERSION },
	.monitor.attr = ATTR_U32(IMON_A_EVENT_MONITOR),
	.instance.attr = ATTR_U32(IMON_A_EVENT_INSTANCE),
	.seq.attr = ATTR_U64(IMON_A_EVENT_SEQ),
	.watch.attr = ATTR_U32(IMON_A_EVENT_WATCH),
	.mask.attr = ATTR_U32(IMON_A_EVENT_MASK),
	.type.attr = ATTR_U32(IMON_A_EVENT_TYPE),
	.ino.attr = ATTR_U64(IMON_A_EVENT_INO),
};

/* @head: as it is for all records of the dump. */
struct pull {
	struct sk_buff *skb;
	const struct imon_monitor *monitor;
	struct head head;
	bool full;
};

static void pull_init(struct pull *pull, struct sk_buff *skb,
		      const struct netlink_callback *cb,
		      const struct imon_monitor *monitor)
{
	pull->skb = skb;
	pull->monitor = monitor;
	pull->full = false;
	pull->head = head_blank;
	pull->head.nlh.nlmsg_type = imon_nl_family.id;
	pull->head.nlh.nlmsg_seq = cb->nlh->nlmsg_seq;
	pull->head.nlh.nlmsg_pid = NETLINK_CB(cb->skb).portid;
	pull->head.monitor.value = monitor->id;
	pull->head.instance.value = imon_instance;
}

/* Writes an attribute; where the next one goes. */
static char *put_attr(char *to, u16 type, const void *data, u16 len)
{
	struct nlattr *attr = (struct nlattr *)to;

	to += nla_total_size(len);
	/* The padding is in the last word. */
	*(u32 *)(to - NLA_ALIGNTO) = 0;
	attr->nla_type = type;
	attr->nla_len = nla_attr_size(len);
	memcpy(nla_data(attr), data, len);
	return to;
}

/* What the names of a record take; one without memory of its own is about "". */
static size_t names_size(const struct imon_named *named)
{
	size_t size = 0;

	if (!named || named->has_old)
		size += nla_total_size(named ? named->old_len : 0);
	if (named && named->has_new)
		size += nla_total_size(named->new_len);
	return size;
}

static void put_names(char *to, const struct imon_named *named)
{
	if (!named || named->has_old)
		to = put_attr(to, IMON_A_EVENT_PATH, named ? named->names : "",
			      named ? named->old_len : 0);
	if (named && named->has_new)
		put_attr(to, IMON_A_EVENT_NEW_PATH,
			 named->names + named->old_len, named->new_len);
}

static int put_actor(struct sk_buff *skb, const struct imon_named *named)
{
	struct imon_actor actor;

	imon_named_actor(named, &actor);
	if (nla_put_u32(skb, IMON_A_EVENT_PID, actor.pid) ||
	    nla_put_u32(skb, IMON_A_EVENT_UID, actor.uid) ||
	    nla_put_string(skb, IMON_A_EVENT_COMM, actor.comm))
		return -EMSGSIZE;
	return 0;
}

static bool put_record(const struct imon_record *rec, void *arg)
{
	struct pull *pull = arg;
	struct sk_buff *skb = pull->skb;
	const struct imon_named *named = imon_named(rec);
	size_t size = sizeof(struct head) + names_size(named);
	struct head *head;

	pull->full = skb_tailroom(skb) < size;
	if (pull->full)
		return false;
	head = skb_put(skb, size);
	*head = pull->head;
	head->seq.value = rec->seq;
	head->watch.value = rec->watch;
	head->mask.value = rec->mask;
	head->type.value = rec->type;
	head->ino.value = rec->ino;
	put_names((char *)(head + 1), named);
	pull->full = named && pull->monitor->queue.actor && put_actor(skb, named);
	if (pull->full)
		nlmsg_cancel(skb, &head->nlh);
	else
		nlmsg_end(skb, &head->nlh);
	return !pull->full;
}

/* Refusals are made here and not in a start callback: that has no extack. */
static struct imon_monitor *begin_pull(struct netlink_callback *cb)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

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
	struct pull pull;
	int err;

	if (!monitor) {
		monitor = begin_pull(cb);
		if (IS_ERR(monitor))
			return PTR_ERR(monitor);
		cb->args[0] = (long)monitor;
	}
	pull_init(&pull, skb, cb, monitor);

	mutex_lock(&monitor->reader_lock);
	err = check_reader(monitor, imon_nl_sender(cb->skb), cb->extack);
	while (!err && !cb->args[1] && !pull.full) {
		if (!imon_queue_pull(&monitor->queue, put_record, &pull))
			cb->args[1] = !pull.full;
		cond_resched();
	}
	mutex_unlock(&monitor->reader_lock);
	/* What ends goes with the last records, and takes no message of its own. */
	return err || cb->args[1] ? err : skb->len;
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
