/* SPDX-License-Identifier: GPL-2.0 */
/* What is done by another process, of another user. */
#ifndef IMON_CHILD_H
#define IMON_CHILD_H

#include <sys/types.h>

#define NOBODY 65534

/* Becomes a user without any privilege. */
void become(uid_t uid);

/* Lets a child that is @uid do it: what that returned, or -1. */
int in_child(uid_t uid, int (*what)(void));

#endif
