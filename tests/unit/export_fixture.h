/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small world for tests of transfers: a medium, a staged batch, keys of two sides. */
#ifndef AIRGAP_TESTS_EXPORT_FIXTURE_H
#define AIRGAP_TESTS_EXPORT_FIXTURE_H

#include "agent/transfer/export.h"
#include "agent/transfer/import.h"

#define WORLD_FILES	3u
#define WORLD_FILES_MAX 8u

struct world {
	int medium;  /* root folder of its data */
	int staging; /* of the sender's batch */
	int landing; /* of the receiver's */
	uint32_t filesystem;
	struct age_keyring *receiver, *office, *stranger;
	struct marks_labels levels;
	uint8_t medium_id[MEDIUM_ID_SIZE];
	uint64_t sequence;
	uint8_t key[32], secret[64]; /* the sender's log key */
	uint8_t table_key[32];	     /* what the receiver's table says of it */
	int table_error;
	int sign_error;
	unsigned int signs;
	struct slip slip;
	struct import_memory memory[4];
	size_t memory_count;
	struct work work;
};

/**
 * world_new - @folder gets medium/, staging/, landing/
 *
 * Three staged files: "report.txt", one of a million bytes in a folder with a Chinese name, an empty one.
 */
void world_new(struct world *world, const char *folder);
void world_free(struct world *world);

/* world_stage - copy some bytes into the sender's staging, as file @number; fills @file */
void world_stage(struct world *world, uint32_t number, const char *name, const char *type,
		 const void *bytes, size_t length, struct manifest_file *file);

/* world_slip - a new batch of the @count staged files; the old slip is freed */
void world_slip(struct world *world, const struct manifest_file *files, uint32_t count);

/* world_export, world_import - with everything as it should be, through @io (NULL: the system's) */
int world_export(struct world *world, const struct object_io *io, struct export_result *result);
int world_import(struct world *world, struct import_result *result);

/* world_slip_check - import_slip() of the world's batch; the reason */
uint32_t world_slip_check(struct world *world);

/* world_source - for calls of one's own; world_source_end() when done */
void world_source(struct world *world, struct object_store *store, struct import_source *source);

/* world_landed - the imported files are those that were exported */
void world_landed(struct world *world, const struct import_result *result);

/* world_empty - no file of any name lies in objects/ or witness/ */
void world_empty(const struct world *world);

/* world_count - entries of folder @name below the medium; 0 where there is no such folder */
size_t world_count(const struct world *world, const char *name);

#endif
