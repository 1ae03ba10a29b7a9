/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The staged copy of a batch: what is asked for, approved, encrypted or handed out is this copy and
 * nothing else. A folder of transferd's own for each batch; the copy of file number N is called %04u,
 * mode 0400; names from people are in the manifest only.
 */
#ifndef AIRGAP_TRANSFER_STAGING_H
#define AIRGAP_TRANSFER_STAGING_H

#include <stddef.h>

#include "agent/transfer/filetype.h"
#include "agent/transfer/outcome.h"
#include "agent/transfer/work.h"
#include "policy/transfer/manifest.h"

#define STAGING_NAME_SIZE 8

struct staging_settings {
	const struct filetype *filetype; /* NULL: types and markings are not looked for */
	uint64_t size_max;		 /* of one file; 0: no limit */
	uint64_t keep_free;		 /* bytes that must stay free on the disk */
	const struct work *work;	 /* may be NULL */
};

/* What became of one file. Fixed size, no pointers. */
struct staged_file {
	struct manifest_file file; /* for manifest_add() */
	char mime[FILETYPE_MIME_SIZE];
	struct marks_found marks;
};

/**
 * staging_add - copy one file, digest, type and markings
 * @folder: of the batch
 * @number: of the file, from 0; a copy that has it already is replaced
 * @fd: the file, open for reading; handed over by its owner, who could read it
 * @name: that it is to have; checked
 * @staged: filled when 0 is returned
 *
 * A file that is no regular one is refused, and one that changes meanwhile. The copy is on the disk
 * when 0 is returned. Returns 0, or -errno and @outcome says why; then there is no copy.
 */
int staging_add(int folder, uint32_t number, int fd, const char *name,
		const struct staging_settings *settings, struct staged_file *staged,
		struct outcome *outcome);

/* staging_file - open copy @number for reading; the descriptor or -errno */
int staging_file(int folder, uint32_t number);

/**
 * staging_verify - whether the copies still are those of the manifest, bytes and all
 *
 * Returns 0; else outcome says OUTCOME_STAGED_CHANGED, OUTCOME_CANCELLED or OUTCOME_SYSTEM.
 */
int staging_verify(int folder, const struct manifest *manifest, const struct work *work,
		   struct outcome *outcome);

/* staging_discard - remove all copies in a folder, not the folder; 0 or -errno */
int staging_discard(int folder);

#endif
