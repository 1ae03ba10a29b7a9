// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/inspect/package_index.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inspect/inspect_read.h"

#define INFO	       "/var/lib/dpkg/info"
#define DIVERSIONS     "/var/lib/dpkg/diversions"
#define DIVERSIONS_MAX 512

struct diversion {
	char *from, *to;
};

/* Hashes of paths, sorted: half a million of them are 4 MB. */
struct package_index {
	uint64_t *hashes;
	size_t count, room;
	struct diversion diversions[DIVERSIONS_MAX];
	size_t diverted; /* lines read, three for each */
};

/* Debian 12 has one tree; its packages name files in both. */
static const char *merged(const char *path)
{
	static const char *const moved[] = { "/usr/bin/", "/usr/sbin/", "/usr/lib/",
					     "/usr/lib64/" };

	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++)
		if (strncmp(path, moved[i], strlen(moved[i])) == 0)
			return path + 4;
	return path;
}

static uint64_t hash(const char *path)
{
	static const unsigned char key[crypto_shorthash_KEYBYTES];
	const char *name = merged(path);
	uint64_t out;

	crypto_shorthash((unsigned char *)&out, (const unsigned char *)name, strlen(name), key);
	return out;
}

static int on_path(struct inspect *inspect, const char *file, char *path, void *data)
{
	struct package_index *index = data;
	uint64_t *grown;

	(void)inspect;
	(void)file;
	if (index->count == index->room) {
		index->room = index->room ? 2 * index->room : 65536;
		grown = reallocarray(index->hashes, index->room, sizeof(*grown));
		if (!grown)
			return -1;
		index->hashes = grown;
	}
	index->hashes[index->count++] = hash(path);
	return 0;
}

static int on_list(struct inspect *inspect, const char *path, const char *name, void *data)
{
	size_t length = strlen(name);

	if (length < 5 || strcmp(name + length - 5, ".list") != 0)
		return 0;
	return inspect_lines(inspect, path, on_path, data) < 0 ? -1 : 0;
}

/* Three lines for each: from, to, and who did it. */
static int on_diversion(struct inspect *inspect, const char *file, char *line, void *data)
{
	struct package_index *index = data;
	struct diversion *diversion = &index->diversions[index->diverted / 3];

	if (index->diverted / 3 == DIVERSIONS_MAX)
		return 1;
	switch (index->diverted++ % 3) {
	case 0:
		diversion->from = strdup(line);
		return diversion->from ? 0 : -1;
	case 1:
		diversion->to = strdup(line);
		return diversion->to ? on_path(inspect, file, line, index) : -1;
	default:
		return 0;
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return one < two ? -1 : one > two;
}

struct package_index *package_index_new(struct inspect *inspect)
{
	struct package_index *index = calloc(1, sizeof(*index));

	if (!index || inspect_folder(inspect, INFO, on_list, index) < 0 || index->count == 0) {
		package_index_free(index);
		return NULL;
	}
	inspect_lines(inspect, DIVERSIONS, on_diversion, index);
	qsort(index->hashes, index->count, sizeof(*index->hashes), by_value);
	return index;
}

void package_index_free(struct package_index *index)
{
	if (!index)
		return;
	for (size_t i = 0; i < DIVERSIONS_MAX; i++) {
		free(index->diversions[i].from);
		free(index->diversions[i].to);
	}
	free(index->hashes);
	free(index);
}

bool package_index_has(const struct package_index *index, const char *path)
{
	uint64_t wanted = hash(path);

	return bsearch(&wanted, index->hashes, index->count, sizeof(wanted), by_value) != NULL;
}

const char *package_index_place(const struct package_index *index, const char *path)
{
	for (size_t i = 0; i < index->diverted / 3; i++)
		if (strcmp(merged(index->diversions[i].from), merged(path)) == 0)
			return index->diversions[i].to;
	return path;
}
