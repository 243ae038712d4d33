// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"

/* More than ever fail; what is left of it tells how many did. */
#define TIMES 1000000000
#define TEXT(number) #number
#define TEXT_OF(macro) TEXT(macro)

/*
 * Allocations count as the module's when it is on the stack. It is the only
 * one, so the place where modules live (x86-64, no KASLR) stands for it: unlike
 * its own address, that is known before a test loads it.
 */
#define OF_MODULES(folder)						\
	{ folder, "require-start", "0xffffffffa0000000" },		\
	{ folder, "require-end", "0xffffffffff000000" },		\
	{ folder, "stacktrace-depth", "32" },				\
	{ folder, "ignore-gfp-wait", "N" },				\
	{ folder, "verbose", "0" },					\
	{ folder, "times", TEXT_OF(TIMES) }

#define PAGES "fail_page_alloc"
#define SLAB "failslab"

/* The probability comes last: it is what switches on. */
static const struct {
	const char *folder, *file, *value;
} settings[] = {
	OF_MODULES(PAGES),
	{ PAGES, "ignore-gfp-highmem", "N" },
	/* KASAN's notes make an object of one page, as a reply is, need two. */
	{ PAGES, "min-order", "2" },
	{ PAGES, "probability", "100" },
	OF_MODULES(SLAB),
	{ SLAB, "probability", "1" },
};

/* The folder of what FAULTS asks for, or NULL. */
static const char *wanted(void)
{
	const char *plan = getenv("FAULTS");

	if (plan && !strcmp(plan, "pages"))
		return PAGES;
	if (plan && !strcmp(plan, "slab"))
		return SLAB;
	return NULL;
}

static int open_setting(const char *folder, const char *file, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", folder, file);
	return open(path, flags | O_CLOEXEC);
}

static bool set(const char *folder, const char *file, const char *value)
{
	int fd = open_setting(folder, file, O_WRONLY);
	ssize_t len = strlen(value);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, value, len) == len;
	close(fd);
	return good;
}

bool fault_arm(void)
{
	const char *folder = wanted();

	if (!folder) {
		errno = EINVAL;
		return !getenv("FAULTS");
	}
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (!strcmp(settings[i].folder, folder) &&
		    !set(folder, settings[i].file, settings[i].value))
			return false;
	return true;
}

int fault_disarm(void)
{
	const char *folder = wanted();
	char text[16] = "";
	int fd;

	if (!folder || !set(folder, "probability", "0"))
		return -1;
	fd = open_setting(folder, "times", O_RDONLY);
	if (fd < 0)
		return -1;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	return TIMES - atoi(text);
}

bool fault_hits_commands(void)
{
	const char *folder = wanted();

	return folder && !strcmp(folder, SLAB);
}
