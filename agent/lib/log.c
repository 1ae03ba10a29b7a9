// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *program = "airgap";
static bool journal;

void log_init(const char *name)
{
	program = name;
	journal = getenv("JOURNAL_STREAM") != NULL;
}

void log_message(enum log_level level, const char *format, ...)
{
	char line[2048];
	size_t used, end;
	va_list args;
	int n;

	n = journal ? snprintf(line, sizeof(line), "<%d>", level) :
		      snprintf(line, sizeof(line), "%s: ", program);
	used = n > 0 ? (size_t)n : 0;
	va_start(args, format);
	n = vsnprintf(line + used, sizeof(line) - used - 1, format, args);
	va_end(args);
	end = used + (n > 0 ? (size_t)n : 0);
	if (end > sizeof(line) - 2)
		end = sizeof(line) - 2;

	/* A device's name must not forge a line or move the cursor. */
	for (size_t i = used; i < end; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[end++] = '\n';
	/* Nowhere to report a failure to report. */
	if (write(STDERR_FILENO, line, end) < 0)
		return;
}
