/* SPDX-License-Identifier: GPL-2.0 */
/* Judges what one test program says in TAP. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stddef.h>

struct tap {
	int planned;	/* -1: no plan seen yet */
	int passed;
	int failed;
	int skipped;
	bool bailed;
	size_t len;
	char line[512];	/* the line being read; its end is cut off */
};

void tap_init(struct tap *tap);

/* Takes the next piece of a program's output, cut anywhere. */
void tap_feed(struct tap *tap, const char *text, size_t len);

/*
 * NULL when all is well, else a sentence that says what is not.
 * @status: the program's, as waitpid() gave it.
 */
const char *tap_verdict(struct tap *tap, int status);

#endif
