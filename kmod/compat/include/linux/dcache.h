/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_COMPAT_LINUX_DCACHE_H
#define _IMON_COMPAT_LINUX_DCACHE_H

#include_next <linux/dcache.h>
#include <linux/version.h>

/* v7.1 took d_alias out of the union d_u. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 1, 0)
#define d_alias d_u.d_alias
#endif

#endif
