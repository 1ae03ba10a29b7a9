/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of workers. Each is a job_main: its argument was made before the fork, what it says goes over
 * the channel. First of all it gives up every descriptor and every folder that it does not need.
 */
#ifndef AIRGAP_TRANSFER_TASK_H
#define AIRGAP_TRANSFER_TASK_H

#include "agent/transfer/export.h"
#include "agent/transfer/import.h"
#include "agent/transfer/job.h"
#include "agent/transfer/own_keys.h"

/* What libmagic reads. */
#define TASK_MAGIC_FOLDER "/usr/lib/file"
/* Bytes that stay free on the terminal's own disk, whatever is copied. */
#define TASK_KEEP_FREE (UINT64_C(16) << 20)
/* Files of a foreign medium are opened after the start. */
#define TASK_KEEP_MAX 4

/* Copies: files come one by one, with their descriptors, until the channel is closed. */
struct task_stage {
	const struct transferd *self;
	int staging; /* folder of the batch */
};
job_main task_stage;

/* Onto a medium. */
struct task_export {
	const struct transferd *self;
	int staging;
	int root; /* of the medium */
	uint32_t filesystem;
	struct slip *slip; /* planned */
};
job_main task_export;

/* What an interrupted export left on a medium. */
struct task_sweep {
	const struct transferd *self;
	int root;
	uint32_t filesystem;
	const uint8_t *batch;
	const uint8_t (*objects)[TRANSFER_ID_SIZE];
	size_t count;
};
job_main task_sweep;

/* From a medium: what there is, or one batch of it, or files of a foreign one. */
struct task_import {
	const struct transferd *self;
	int root;
	uint32_t filesystem;
	const uint8_t *medium; /* MEDIUM_ID_SIZE bytes */
	uint64_t sequence;
	int staging;			/* -1: nothing is read but slips, or names */
	const uint8_t *batch;		/* to import */
	const struct manifest *foreign; /* names to import */
	const struct import_memory *memory;
	size_t memory_count;
};
job_main task_look;
job_main task_look_foreign;
job_main task_import;
job_main task_foreign;

/* What all of them share. */
struct task {
	int channel;
	const struct transferd *self;
	struct work work;
};

/**
 * task_begin - give up what the worker does not need
 * @keep: descriptors beyond the channel and standard ones; those below 0 are passed over
 *
 * Returns 0 or -errno; then it must end.
 */
int task_begin(struct task *task, int channel, const atomic_bool *cancel,
	       const struct transferd *self, const int *keep, size_t count);

/* task_end - say the result; returns the exit status */
int task_end(const struct task *task, const struct channel_result *result);

/* task_keys - the terminal's identities; 0 or -errno */
int task_keys(const struct task *task, struct own_keys *keys);

/* task_filetype - what knows types, and the markings of this terminal's levels; 0 or -errno */
int task_filetype(const struct task *task, struct filetype **filetype);

/* task_labels - levels and labels of the signers' list, as the core told them */
void task_labels(const struct settings *settings, struct marks_labels *labels);

#endif
