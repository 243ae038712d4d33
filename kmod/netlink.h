/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_NETLINK_H
#define _IMON_NETLINK_H

#include <net/genetlink.h>

struct imon_monitor;

extern struct genl_family imon_nl_family;
/* Random, drawn at load; tells a reader that sequence numbers began anew. */
extern u32 imon_instance;

int imon_netlink_init(void);
void imon_netlink_exit(void);
int imon_netlink_wake(u32 monitor, u32 port, u64 seq);

/* What a user without it is told to need. */
#define IMON_NL_ADMIN "CAP_SYS_ADMIN in the initial user namespace"

/**
 * enum imon_nl_right - what somebody wants to do with a monitor
 * @IMON_NL_READ: attach, pull, acknowledge
 * @IMON_NL_MANAGE: all else
 */
enum imon_nl_right {
	IMON_NL_READ,
	IMON_NL_MANAGE,
};

bool imon_nl_admin(struct sk_buff *skb);
bool imon_nl_is_user(const struct sk_buff *skb, kuid_t uid);
bool imon_nl_visible(struct sk_buff *skb, const struct imon_monitor *monitor);
int imon_nl_check(struct sk_buff *skb, const struct imon_monitor *monitor,
		  enum imon_nl_right right, struct netlink_ext_ack *extack);
struct imon_monitor *imon_nl_monitor(struct sk_buff *skb,
				     const struct nlattr *id,
				     enum imon_nl_right right,
				     struct netlink_ext_ack *extack);

/* The socket that a request came from; its port may be another's tomorrow. */
static inline struct sock *imon_nl_sender(const struct sk_buff *skb)
{
	return NETLINK_CB(skb).sk;
}

struct sk_buff *imon_nl_reply(struct genl_info *info, void **hdr);
int imon_nl_send(struct sk_buff *skb, void *hdr, struct genl_info *info);

#endif
