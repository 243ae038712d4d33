/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_USER_H
#define _IMON_USER_H

#include <linux/uidgid.h>

struct imon_user;

bool imon_user_allowed(void);
struct imon_user *imon_user_get(kuid_t uid);
void imon_user_put(struct imon_user *user);
int imon_user_add_watch(struct imon_user *user);
void imon_user_del_watch(struct imon_user *user);

#endif
