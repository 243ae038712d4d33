// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tap.h"

/* What kselftest programs exit with when they skipped everything. */
#define EXIT_SKIP 4

void tap_init(struct tap *tap)
{
	memset(tap, 0, sizeof(*tap));
	tap->planned = -1;
}

static bool starts_with(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

static void judge_line(struct tap *tap)
{
	const char *line = tap->line;
	int planned;

	if (sscanf(line, "1..%d", &planned) == 1)
		tap->planned = planned;
	else if (starts_with(line, "not ok"))
		tap->failed++;
	else if (starts_with(line, "ok") && strstr(line, "# SKIP"))
		tap->skipped++;
	else if (starts_with(line, "ok"))
		tap->passed++;
	else if (starts_with(line, "Bail out!"))
		tap->bailed = true;
}

void tap_feed(struct tap *tap, const char *text, size_t len)
{
	for (; len; text++, len--) {
		if (*text != '\n') {
			if (tap->len < sizeof(tap->line) - 1)
				tap->line[tap->len++] = *text;
			continue;
		}
		tap->line[tap->len] = '\0';
		tap->len = 0;
		judge_line(tap);
	}
}

const char *tap_verdict(struct tap *tap, int status)
{
	static char reason[128];
	int seen;

	if (tap->len)
		tap_feed(tap, "\n", 1);
	seen = tap->passed + tap->failed + tap->skipped;
	if (WIFSIGNALED(status))
		snprintf(reason, sizeof(reason), "killed by signal %d (%s)",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (tap->bailed)
		snprintf(reason, sizeof(reason), "bailed out");
	else if (tap->failed)
		snprintf(reason, sizeof(reason), "%d not ok", tap->failed);
	else if (tap->planned < 0)
		snprintf(reason, sizeof(reason), "no plan (exit status %d)",
			 WEXITSTATUS(status));
	else if (seen != tap->planned)
		snprintf(reason, sizeof(reason), "planned %d, saw %d",
			 tap->planned, seen);
	else if (WEXITSTATUS(status) && WEXITSTATUS(status) != EXIT_SKIP)
		snprintf(reason, sizeof(reason), "exit status %d",
			 WEXITSTATUS(status));
	else
		return NULL;
	return reason;
}
