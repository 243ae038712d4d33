/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What inotify is told of one file: where kernels differ in what they tell,
 * imon has to know as much.
 */
#ifndef IMON_WITNESS_H
#define IMON_WITNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/inotify.h>

/* Begins to listen for @mask (IN_*) on @path. */
int witness_call(const char *path, uint32_t mask);

/* Whether it came; ends the listening. */
bool witness_saw(int witness);

#endif
