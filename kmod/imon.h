/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_H
#define _IMON_H

#ifdef pr_fmt
#undef pr_fmt
#endif
#define pr_fmt(fmt) "imon: " fmt

#define IMON_VERSION "0.1"

#endif
