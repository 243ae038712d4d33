/* SPDX-License-Identifier: GPL-2.0 */
/* Runs one test program of the guest and judges it. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

#include "tap.h"

/*
 * Runs the program at @path, copies its output to the console and counts its
 * tests into @tap. Returns NULL when all is well, else why not.
 * @limit: seconds that it may say nothing.
 * @keep: leave running what it started in the background.
 */
const char *program_run(const char *path, int limit, bool keep,
			struct tap *tap);

#endif
