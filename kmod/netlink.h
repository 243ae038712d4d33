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

int imon_nl_may(struct sk_buff *skb, struct netlink_ext_ack *extack);
struct imon_monitor *imon_nl_monitor(struct sk_buff *skb,
				     const struct nlattr *id,
				     struct netlink_ext_ack *extack);

/* The socket that a request came from; its port may be another's tomorrow. */
static inline struct sock *imon_nl_sender(const struct sk_buff *skb)
{
	return NETLINK_CB(skb).sk;
}

struct sk_buff *imon_nl_reply(struct genl_info *info, void **hdr);
int imon_nl_send(struct sk_buff *skb, void *hdr, struct genl_info *info);

#endif
