/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IMON_ROUTE_H
#define _IMON_ROUTE_H

#include <linux/types.h>

struct imon_hit;
struct imon_place;
struct imon_view;

bool imon_route_find(struct imon_hit *hit, const struct imon_place *place,
		     const struct imon_view *view);
void imon_route_note(const struct imon_place *place, const struct imon_hit *hit,
		     const struct imon_view *view);

#endif
