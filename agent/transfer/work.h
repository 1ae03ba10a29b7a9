/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long work: how it is watched and ended. */
#ifndef AIRGAP_TRANSFER_WORK_H
#define AIRGAP_TRANSFER_WORK_H

#include <stdatomic.h>
#include <stdint.h>

enum work_phase {
	WORK_STAGING, /* copying */
	WORK_SEALING, /* encrypting onto the medium */
	WORK_READING, /* reading back */
	WORK_OPENING, /* decrypting from the medium */
	WORK_SCANNING,
	WORK_FINISHING, /* slip, witness, fsync */
	WORK_PHASE_COUNT,
};

struct work_progress {
	uint32_t phase; /* enum work_phase */
	uint32_t file;	/* which of them, from 0 */
	uint32_t files;
	uint32_t reserved;
	uint64_t done; /* bytes of this phase, of all files */
	uint64_t total;
};

/* All zero will do. */
struct work {
	unsigned int threads;	   /* 0: one for each processor */
	const atomic_bool *cancel; /* set by anyone, a signal handler too; may be NULL */
	/* Called in the calling thread, some ten times a second and at the end; may be NULL */
	void (*progress)(void *context, const struct work_progress *progress);
	void *context;
};

/* work_cancelled - whether somebody has asked for the end; @work may be NULL */
static inline int work_cancelled(const struct work *work)
{
	return work && work->cancel && atomic_load(work->cancel);
}

/* work_phase_name - "staging", "sealing", ... */
const char *work_phase_name(uint32_t phase);

#endif
