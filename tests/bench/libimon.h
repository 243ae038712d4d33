/* SPDX-License-Identifier: GPL-2.0-or-later */
/* imon by way of libimon, as a program uses it. */
#ifndef IMON_BENCH_LIBIMON_H
#define IMON_BENCH_LIBIMON_H

#include "subject.h"

extern const struct subject subject_libimon_log, subject_libimon_state;

#endif
