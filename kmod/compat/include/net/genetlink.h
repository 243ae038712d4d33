/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_COMPAT_NET_GENETLINK_H
#define _IMON_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

/* v6.6 made dumps carry a struct genl_info; both have the attrs. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define genl_info_dump(cb)	genl_dumpit_info(cb)
#endif

#endif
