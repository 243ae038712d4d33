// SPDX-License-Identifier: GPL-2.0
#include "amount.h"

#include <stdlib.h>

unsigned int amount(unsigned int whole)
{
	const char *text = getenv("TIMES");
	unsigned int part = text ? strtoul(text, NULL, 0) : 0;

	return part ? (whole + part - 1) / part : whole;
}
