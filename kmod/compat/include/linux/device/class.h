/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_COMPAT_LINUX_DEVICE_CLASS_H
#define _IMON_COMPAT_LINUX_DEVICE_CLASS_H

#include_next <linux/device/class.h>
#include <linux/version.h>

/* v6.4 knows whose a class is without being told. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static inline struct class *imon_compat_class_create(const char *name)
{
	return class_create(THIS_MODULE, name);
}

#undef class_create
#define class_create(name) imon_compat_class_create(name)
#endif

#endif
