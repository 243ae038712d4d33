/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_COMPAT_LINUX_RCUPDATE_H
#define _IMON_COMPAT_LINUX_RCUPDATE_H

#include_next <linux/rcupdate.h>
#include <linux/version.h>

/* v7.3 gave it this name. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
#define rcu_gp_seq rcu_gp_oldstate
#endif

#endif
