/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How objects lie on a medium (DESIGN section 9), below the root folder of its data:
 *
 *	objects/ID.age		a file
 *	objects/ID.slip.age	the slip of batch ID: with it the batch is there, without it there is nothing
 *	witness/ID.age		newest log checkpoint of a terminal that used the medium
 *
 * ID is 32 lower-case hexadecimal digits, random. Anything is written as ID....age.tmp, fsync,
 * rename, fsync of the folder. Names that are none of these are not ours, and never touched.
 */
#ifndef AIRGAP_TRANSFER_OBJECT_STORE_H
#define AIRGAP_TRANSFER_OBJECT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/transfer/object_io.h"
#include "agent/transfer/outcome.h"
#include "policy/medium/record.h"
#include "policy/transfer/batch.h"

/* The largest file that vfat holds, in bytes */
#define OBJECT_STORE_FAT_MAX UINT64_C(0xffffffff)
/* More slips than this on one medium are not looked at. */
#define OBJECT_STORE_SLIPS_MAX 4096
#define OBJECT_STORE_NAME_SIZE 64

enum object_kind {
	OBJECT_FILE,
	OBJECT_SLIP,
	OBJECT_WITNESS,
	OBJECT_KIND_COUNT,
};

struct object_store {
	const struct object_io *io;
	int root;    /* owned: a duplicate */
	int objects; /* -1: there is no such folder */
	int witness;
	uint32_t filesystem; /* enum medium_filesystem */
};

/**
 * object_store_open - the folders on a medium
 * @root: root folder of its data; borrowed
 * @create: make them where they are missing
 * @io: NULL: the system's
 *
 * Symbolic links in their place are refused. Returns 0, then object_store_close(); or -errno.
 */
int object_store_open(struct object_store *store, int root, uint32_t filesystem, bool create,
		      const struct object_io *io);
void object_store_close(struct object_store *store);

struct object_store_swept {
	uint32_t temporaries; /* that were removed */
	uint32_t orphans;
};

/**
 * object_store_sweep - after a mount for writing: remove what an interrupted export left
 * @batch: an export that began and was not recorded as ended; NULL: none is known
 * @objects: its @count objects (slip_file.object), removed unless the slip of @batch is there
 *
 * Returns 0 or -errno.
 */
int object_store_sweep(const struct object_store *store, const uint8_t *batch,
		       const uint8_t (*objects)[TRANSFER_ID_SIZE], size_t count,
		       struct object_store_swept *swept);

/**
 * object_store_list - ids of all slips, or witnesses, sorted
 * @ids: set; the caller frees it
 *
 * Returns 0; -E2BIG beyond OBJECT_STORE_SLIPS_MAX; -errno.
 */
int object_store_list(const struct object_store *store, enum object_kind kind,
		      uint8_t (**ids)[TRANSFER_ID_SIZE], size_t *count);

/* object_store_has - whether it is there, as a regular file: 1, 0, or -errno */
int object_store_has(const struct object_store *store, enum object_kind kind,
		     const uint8_t id[static TRANSFER_ID_SIZE]);

/* object_store_get - open one for reading; the descriptor, -ENOENT, -ELOOP for a link, -errno */
int object_store_get(const struct object_store *store, enum object_kind kind,
		     const uint8_t id[static TRANSFER_ID_SIZE]);

/**
 * object_store_fits - before anything is written: is there room, and does the file system take the sizes?
 * @sizes: of the @count objects, sealed
 * @names: of what they are, for @outcome; NULL: none
 *
 * Returns 0; else outcome says OUTCOME_FAT_LIMIT or OUTCOME_MEDIUM_FULL.
 */
int object_store_fits(const struct object_store *store, const uint64_t *sizes,
		      const char *const *names, size_t count, struct outcome *outcome);

/* object_store_put - create the temporary file of one, empty; the descriptor or -errno */
int object_store_put(const struct object_store *store, enum object_kind kind,
		     const uint8_t id[static TRANSFER_ID_SIZE]);

/* object_store_publish - give it its name; object_store_sync() makes that last */
int object_store_publish(const struct object_store *store, enum object_kind kind,
			 const uint8_t id[static TRANSFER_ID_SIZE]);
int object_store_sync(const struct object_store *store, enum object_kind kind);

/* object_store_remove - it and its temporary file, as far as they are there */
int object_store_remove(const struct object_store *store, enum object_kind kind,
			const uint8_t id[static TRANSFER_ID_SIZE]);

/* object_store_name - "0123….slip.age", without the folder */
void object_store_name(enum object_kind kind, const uint8_t id[static TRANSFER_ID_SIZE],
		       char out[static OBJECT_STORE_NAME_SIZE]);

/**
 * object_store_parse - the reverse
 * @temporary: set to whether it is the name of a temporary file
 *
 * Returns whether it is a name of ours. Of a file and a witness the names are the same, OBJECT_FILE.
 */
bool object_store_parse(const char *name, enum object_kind *kind,
			uint8_t id[static TRANSFER_ID_SIZE], bool *temporary);

#endif
