// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/attribution/process_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/printable.h"

ssize_t process_text_read(int process, const char *name, char text[static PROCESS_TEXT_MAX])
{
	int fd = openat(process, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, text, PROCESS_TEXT_MAX - 1);
	if (length < 0)
		length = -errno;
	close(fd);
	text[length > 0 ? length : 0] = 0;
	return length;
}

int process_text_stat(const char *text, struct process_stat *stat)
{
	/* The name ends at the last parenthesis; after it come a letter and numbers. */
	const char *at = strrchr(text, ')');
	uint64_t fields[23] = { 0 };
	char *end;

	at = at && at[1] == ' ' && at[2] ? at + 3 : NULL;
	for (int field = 4; at && field <= 22; field++) {
		/* Terminals and priorities may be negative; what counts here is not. */
		fields[field] = strtoull(at, &end, 10);
		at = *at == ' ' && end > at ? end : NULL;
	}
	if (!at || fields[4] > INT32_MAX || fields[6] > INT32_MAX)
		return -EBADMSG;
	*stat = (struct process_stat){ .pid = (uint32_t)strtoul(text, NULL, 10),
				       .parent = (uint32_t)fields[4],
				       .session = (uint32_t)fields[6],
				       .bereaved = fields[11] > 0 || fields[13] > 0,
				       .start = fields[22] };
	return 0;
}

static bool is_unit(const char *part)
{
	static const char *const suffixes[] = { ".service", ".scope", ".socket" };
	size_t length = strlen(part);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (length > strlen(suffixes[i]) &&
		    strcmp(part + length - strlen(suffixes[i]), suffixes[i]) == 0)
			return true;
	return false;
}

/* The last part of the path that is a unit: what is below it are that unit's own groups. */
void process_text_unit(const char *cgroup, char *unit, size_t size)
{
	/* The line of the unified hierarchy (cgroups(7)). */
	const char *line = strncmp(cgroup, "0::", 3) == 0 ? cgroup : strstr(cgroup, "\n0::");
	char path[PROCESS_TEXT_MAX], *slash;

	unit[0] = 0;
	if (!line)
		return;
	line = strstr(line, "0::") + 3;
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(line, "\n"), line);
	printable_copy(unit, size, path);
	while ((slash = strrchr(path, '/'))) {
		if (is_unit(slash + 1)) {
			printable_copy(unit, size, slash + 1);
			return;
		}
		*slash = 0;
	}
}

int process_text_of(int folder, const char *file, struct process_stat *stat)
{
	char text[PROCESS_TEXT_MAX];

	return process_text_read(folder, file, text) <= 0 ? -ENOENT : process_text_stat(text, stat);
}

/* The number after "NAME:" at the beginning of a line. */
static bool number_of(const char *text, const char *name, int base, uint64_t *value)
{
	const char *at = strstr(text, name);
	char *end;

	if (!at || (at > text && at[-1] != '\n'))
		return false;
	at += strlen(name);
	*value = strtoull(at, &end, base);
	return end > at;
}

bool process_text_ignores(const char *status, int number)
{
	uint64_t mask;

	return !number_of(status, "SigIgn:\t", 16, &mask) || mask >> (number - 1) & 1;
}

bool process_text_closes(const char *fdinfo)
{
	uint64_t flags;

	return number_of(fdinfo, "flags:\t", 8, &flags) && flags & O_CLOEXEC;
}
