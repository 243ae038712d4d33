/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_CHARDEV_H
#define _IMON_CHARDEV_H

int imon_chardev_init(void);
void imon_chardev_exit(void);

#endif
