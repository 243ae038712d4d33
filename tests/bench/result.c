// SPDX-License-Identifier: GPL-2.0
#include "result.h"

#include <stdio.h>
#include <sys/utsname.h>

void result(const char *suite, const char *operation, const char *subject,
	    long long value, const char *unit)
{
	struct utsname system;

	uname(&system);
	printf("# result {\"suite\": \"%s\", \"operation\": \"%s\", \"subject\": \"%s\", \"kernel\": \"%s\", \"value\": %lld, \"unit\": \"%s\"}\n",
	       suite, operation, subject, system.release, value, unit);
	fflush(stdout);
}
