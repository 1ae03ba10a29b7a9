// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/transfer/object_store.h"

/* A stream of its own on a folder: the store's descriptor keeps its place. */
static DIR *listing(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

/* Removing while reading may pass something over; so again until there was nothing to remove. */
static int sweep_once(const struct object_store *store, int folder, uint32_t *removed)
{
	uint8_t id[TRANSFER_ID_SIZE];
	enum object_kind kind;
	struct dirent *entry;
	DIR *dir = listing(folder);
	bool temporary;
	int r = 0;

	*removed = 0;
	if (!dir)
		return -errno;
	while (r == 0 && (errno = 0, entry = readdir(dir))) {
		if (!object_store_parse(entry->d_name, &kind, id, &temporary) || !temporary)
			continue;
		if (store->io->unlinkat(folder, entry->d_name, 0) < 0)
			r = -errno;
		else
			++*removed;
	}
	if (r == 0 && errno)
		r = -errno;
	closedir(dir);
	return r;
}

static int sweep_temporaries(const struct object_store *store, int folder, uint32_t *total)
{
	uint32_t removed = 0;
	int r = 0;

	if (folder < 0)
		return 0;
	do {
		r = sweep_once(store, folder, &removed);
		*total += removed;
	} while (r == 0 && removed > 0);
	return r;
}

static int sweep_orphans(const struct object_store *store, const uint8_t *batch,
			 const uint8_t (*objects)[TRANSFER_ID_SIZE], size_t count,
			 uint32_t *removed)
{
	int there = object_store_has(store, OBJECT_SLIP, batch), r = 0;

	if (there != 0)
		return there < 0 ? there : 0;
	for (size_t i = 0; r == 0 && i < count; i++) {
		there = object_store_has(store, OBJECT_FILE, objects[i]);
		r = there < 0 ? there : 0;
		if (there != 1)
			continue;
		r = object_store_remove(store, OBJECT_FILE, objects[i]);
		*removed += r == 0;
	}
	return r;
}

int object_store_sweep(const struct object_store *store, const uint8_t *batch,
		       const uint8_t (*objects)[TRANSFER_ID_SIZE], size_t count,
		       struct object_store_swept *swept)
{
	int r;

	*swept = (struct object_store_swept){ 0 };
	r = sweep_temporaries(store, store->objects, &swept->temporaries);
	if (r == 0)
		r = sweep_temporaries(store, store->witness, &swept->temporaries);
	if (r == 0 && batch && store->objects >= 0)
		r = sweep_orphans(store, batch, objects, count, &swept->orphans);
	if (r == 0 && store->objects >= 0 && swept->temporaries + swept->orphans > 0)
		r = object_store_sync(store, OBJECT_FILE);
	return r;
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, TRANSFER_ID_SIZE);
}

static int gather(DIR *dir, enum object_kind wanted, uint8_t (*ids)[TRANSFER_ID_SIZE],
		  size_t *count)
{
	uint8_t id[TRANSFER_ID_SIZE];
	enum object_kind kind;
	struct dirent *entry;
	bool temporary;

	while ((errno = 0, entry = readdir(dir))) {
		if (!object_store_parse(entry->d_name, &kind, id, &temporary) || temporary ||
		    kind != wanted)
			continue;
		if (*count == OBJECT_STORE_SLIPS_MAX)
			return -E2BIG;
		memcpy(ids[(*count)++], id, sizeof(id));
	}
	return -errno;
}

int object_store_list(const struct object_store *store, enum object_kind kind,
		      uint8_t (**ids)[TRANSFER_ID_SIZE], size_t *count)
{
	int folder = kind == OBJECT_WITNESS ? store->witness : store->objects, r;
	DIR *dir = NULL;

	*count = 0;
	*ids = malloc(OBJECT_STORE_SLIPS_MAX * sizeof(**ids));
	if (!*ids)
		return -ENOMEM;
	if (folder < 0)
		return 0;
	dir = listing(folder);
	r = dir ? gather(dir, kind == OBJECT_WITNESS ? OBJECT_FILE : kind, *ids, count) : -errno;
	if (dir)
		closedir(dir);
	if (r == 0) {
		qsort(*ids, *count, sizeof(**ids), by_bytes);
		return 0;
	}
	free(*ids);
	*ids = NULL;
	*count = 0;
	return r;
}
