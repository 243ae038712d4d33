// SPDX-License-Identifier: GPL-2.0
/*
 * Commands about monitors: create, attach, delete, list.
 */
#include <linux/cred.h>
#include <linux/ctype.h>

#include "monitor.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "user.h"

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

/* What only a named monitor has. */
static int parse_named(struct nlattr **attrs, struct imon_monitor_options *opt,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *retention = attrs[IMON_A_MONITOR_RETENTION_SEC];
	struct nlattr *uid = attrs[IMON_A_MONITOR_UID];

	if ((retention || uid) && !*opt->name) {
		NL_SET_ERR_MSG_ATTR(extack, retention ?: uid,
				    "only for a monitor with a name");
		return -EINVAL;
	}
	if (retention)
		opt->retention_sec = nla_get_u32(retention);
	if (opt->retention_sec > IMON_RETENTION_MAX_SEC) {
		NL_SET_ERR_MSG_ATTR(extack, retention,
				    "records are kept for at most 366 days, or for ever (0)");
		return -ERANGE;
	}
	if (uid)
		opt->uid = make_kuid(&init_user_ns, nla_get_u32(uid));
	if (!uid_valid(opt->uid)) {
		NL_SET_ERR_MSG_ATTR(extack, uid, "no such user id");
		return -EINVAL;
	}
	return 0;
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
	a = attrs[IMON_A_MONITOR_ACTOR];
	if (a && nla_get_u32(a) > 1) {
		NL_SET_ERR_MSG_ATTR(extack, a, "actor is 0 or 1");
		return -EINVAL;
	}
	opt->actor = a && nla_get_u32(a);
	a = attrs[IMON_A_MONITOR_WINDOW_US];
	if (a)
		opt->window_us = nla_get_u32(a);
	if (opt->window_us > IMON_WINDOW_MAX_US) {
		NL_SET_ERR_MSG_ATTR(extack, a, "a window is at most one minute");
		return -ERANGE;
	}
	return parse_named(attrs, opt, extack);
}

/* What a user may not have without privilege. */
static int check_user(struct sk_buff *skb, const struct imon_monitor_options *opt,
		      struct netlink_ext_ack *extack)
{
	if (!imon_user_allowed())
		NL_SET_ERR_MSG(extack, "imon's parameter unprivileged is off; needs "
			       IMON_NL_ADMIN);
	else if (*opt->name)
		NL_SET_ERR_MSG(extack, "a named monitor needs " IMON_NL_ADMIN);
	else if (opt->actor)
		NL_SET_ERR_MSG(extack, "who made a change is told to "
			       IMON_NL_ADMIN " only");
	else if (opt->queue_bytes > IMON_QUEUE_DEFAULT)
		NL_SET_ERR_MSG(extack, "a queue of more than 16 MiB needs "
			       IMON_NL_ADMIN);
	else if (!imon_nl_is_user(skb, opt->uid))
		NL_SET_ERR_MSG(extack, "another user has opened this socket");
	else
		return 0;
	return -EPERM;
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
	else if (monitor == ERR_PTR(-EDQUOT))
		NL_SET_ERR_MSG(extack,
			       "you have as many monitors as imon's max_user_monitors allows");
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

	err = parse_options(info->attrs, &opt, info->extack);
	if (!err && !imon_nl_admin(skb)) {
		opt.unprivileged = true;
		err = check_user(skb, &opt, info->extack);
	}
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
static struct imon_monitor *find(struct sk_buff *skb, struct genl_info *info,
				 enum imon_nl_right right)
{
	struct nlattr *name = info->attrs[IMON_A_MONITOR_NAME];
	struct imon_monitor *monitor;
	int err;

	if (!name)
		return imon_nl_monitor(skb, info->attrs[IMON_A_MONITOR_ID], right,
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
	err = imon_nl_check(skb, monitor, right, info->extack);
	if (err) {
		imon_monitor_put(monitor);
		return ERR_PTR(err);
	}
	return monitor;
}

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, IMON_A_MONITOR_PAD);
}

static int put_degraded(struct sk_buff *skb, const u64 *degraded)
{
	enum imon_step step;
	u64 sum = 0;

	for (step = 0; step < IMON_STEPS; step++)
		sum += degraded[step];
	return put_u64(skb, IMON_A_MONITOR_DEGRADED, sum) ||
	       put_u64(skb, IMON_A_MONITOR_DEGRADED_DIR, degraded[IMON_STEP_DIR]) ||
	       put_u64(skb, IMON_A_MONITOR_DEGRADED_SUBTREE,
		       degraded[IMON_STEP_TOP]) ||
	       put_u64(skb, IMON_A_MONITOR_DEGRADED_ROOT,
		       degraded[IMON_STEP_ROOT]);
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
	       put_degraded(skb, s.degraded) ||
	       put_u64(skb, IMON_A_MONITOR_MEMORY_FAILURES, s.memory_failures) ||
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
	    nla_put_u32(skb, IMON_A_MONITOR_RETENTION_SEC,
			monitor->retention_sec) ||
	    nla_put_u32(skb, IMON_A_MONITOR_ACTOR, monitor->queue.actor) ||
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

	reply = imon_nl_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;

	mutex_lock(&imon_config);
	monitor = find(skb, info, IMON_NL_READ);
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
	int err = 0;
	u32 port;

	mutex_lock(&imon_config);
	monitor = find(skb, info, IMON_NL_MANAGE);
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
	int err = 0;

	mutex_lock(&imon_config);
	while (!err && (monitor = imon_monitor_get_next(&id))) {
		if (!imon_nl_visible(cb->skb, monitor)) {
			imon_monitor_put(monitor);
			id++;
			continue;
		}
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
