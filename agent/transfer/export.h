/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a batch to a medium: every file sealed under a temporary name, on the disk, read back; then
 * all of them get their names; then the slip, in the same way, which is the commit point. Before it
 * there is nothing on the medium that counts, and whatever fails before it is undone.
 */
#ifndef AIRGAP_TRANSFER_EXPORT_H
#define AIRGAP_TRANSFER_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/transfer/object_store.h"
#include "agent/transfer/outcome.h"
#include "agent/transfer/work.h"
#include "policy/transfer/slip.h"

struct export_job {
	const struct object_store *store; /* opened with create */
	int staging;			  /* folder of the batch's copies */
	/*
	 * From slip_from_manifest(), with medium, sequence, counter, entry, created, approvals and the
	 * recipients: those of the receiving unit and the recovery key. Then export_plan().
	 */
	struct slip *slip;
	/*
	 * The terminal's signature over slip_signed_data(@sha512); 0 or -errno. Called once, when all
	 * objects lie on the medium; may wait.
	 */
	int (*sign)(void *context, const uint8_t sha512[static 64], uint8_t signature[static 64],
		    uint8_t key[static 32]);
	void *context;
	const void *witness; /* newest signed checkpoint, a C2SP note; NULL: none */
	size_t witness_length;
	const uint8_t *witness_salt; /* own_keys.salt */
	const struct work *work;     /* may be NULL */
};

struct export_result {
	struct outcome outcome;
	bool committed; /* the slip is there; outcome is DONE then */
	/*
	 * It failed at the very end, and the slip could not be taken back: the medium may hold the whole
	 * batch, or none of it. object_store_has() says which when it is there again.
	 */
	bool unsure;
	int32_t witness_error;	       /* 0; the export stands nevertheless */
	uint64_t size;		       /* bytes written */
	uint8_t slip[TRANSFER_DIGEST]; /* of its text */
};

/**
 * export_plan - choose the names of the objects
 *
 * The caller keeps them, with the batch's id, before export_run(), and gives them to
 * object_store_sweep() when the medium comes back after an interruption.
 */
void export_plan(struct slip *slip);

/**
 * export_run - do it
 *
 * Of each file of job->slip sealed and sealed_size are set. Returns 0, or -errno and result->outcome
 * says why: then nothing of it counts, and what could be removed was removed.
 */
int export_run(const struct export_job *job, struct export_result *result);

#endif
