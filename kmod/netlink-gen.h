/* SPDX-License-Identifier: GPL-2.0 */
/* Made by scripts/netlink-gen from Documentation/netlink/specs/imon.yaml; do not edit. */

#ifndef _IMON_NETLINK_GEN_H
#define _IMON_NETLINK_GEN_H

#include <net/genetlink.h>
#include <uapi/linux/imon.h>

int imon_nl_module_get_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_monitor_create_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_monitor_attach_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_monitor_delete_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_monitor_list_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int imon_nl_watch_add_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_watch_del_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_watch_list_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int imon_nl_event_pull_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int imon_nl_event_pull_done(struct netlink_callback *cb);
int imon_nl_event_ack_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_watch_exclude_doit(struct sk_buff *skb, struct genl_info *info);
int imon_nl_watch_include_doit(struct sk_buff *skb, struct genl_info *info);

#define IMON_NL_N_OPS 12
extern const struct genl_ops imon_nl_ops[IMON_NL_N_OPS];

#endif /* _IMON_NETLINK_GEN_H */
