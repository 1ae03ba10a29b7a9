// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/units.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/inspect_read.h"

#define ETC_UNITS "/etc/systemd/system"

struct wanted {
	const char *name;
	char *place;
};

static int on_folder(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct wanted *wanted = data;
	const char *end = strrchr(name, '.');
	char file[PATH_MAX], target[PATH_MAX];

	if (!end || (strcmp(end, ".wants") != 0 && strcmp(end, ".requires") != 0))
		return 0;
	snprintf(file, sizeof(file), "%s/%s", path, wanted->name);
	if (inspect_link(inspect, file, target, sizeof(target)) < 0 ||
	    strcmp(target, "/dev/null") == 0)
		return 0;
	snprintf(wanted->place, INSPECT_PLACE_SIZE, "%.255s", file);
	return 1;
}

bool units_enabled(struct inspect *inspect, const char *name, char *place)
{
	struct wanted wanted = { name, place };

	return inspect_folder(inspect, ETC_UNITS, on_folder, &wanted) == 1;
}

bool units_masked(const struct inspect *inspect, const char *name)
{
	char file[PATH_MAX], target[PATH_MAX];

	snprintf(file, sizeof(file), ETC_UNITS "/%s", name);
	return inspect_link(inspect, file, target, sizeof(target)) == 0 &&
	       strcmp(target, "/dev/null") == 0;
}

struct sought {
	const char *name;
	unsigned int *pid;
};

static int on_process(struct inspect *inspect, const char *path, const char *name, void *data)
{
	const struct sought *sought = data;
	char file[PATH_MAX], comm[32];

	if (!isdigit((unsigned char)name[0]))
		return 0;
	snprintf(file, sizeof(file), "%s/comm", path);
	if (inspect_attribute(inspect, file, comm, sizeof(comm)) < 0 ||
	    strncmp(comm, sought->name, 15) != 0)
		return 0;
	*sought->pid = (unsigned int)strtoul(name, NULL, 10);
	return 1;
}

bool units_process(struct inspect *inspect, const char *name, unsigned int *pid)
{
	struct sought sought = { name, pid };

	return inspect_folder(inspect, "/proc", on_process, &sought) == 1;
}
