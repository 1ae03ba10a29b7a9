/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be thought of a medium: from what airgap-transferd read of it, what sysfs says of its device,
 * the list, the table and the memory, to a right. Nothing is touched but the memory's file.
 */
#ifndef AIRGAP_CORE_MEDIA_MEDIA_FINDING_H
#define AIRGAP_CORE_MEDIA_MEDIA_FINDING_H

#include "agent/core/govern/govern.h"
#include "agent/lib/media/media_disk.h"
#include "agent/lib/msg_media.h"
#include "policy/medium/judge.h"

struct medium_finding {
	uint32_t kind;	     /* enum media_kind */
	uint32_t filesystem; /* enum media_filesystem */
	uint32_t raw_partition;
	uint32_t data_partition;
	uint64_t raw_first;
	uint64_t raw_sectors;
	uint64_t data_first;
	uint64_t data_sectors;
	struct medium_facts facts;
	struct medium_verdict judged;
	struct media_verdict decided;
	char signers[256]; /* of the record */
};

/**
 * media_finding_take - what was read, verified and compared; without a verdict yet
 * @reading: from a program that may lie: bounded by msg_check(), and believed in nothing else
 * @trust: NULL: nobody's signature counts
 */
void media_finding_take(struct medium_finding *finding, const struct msg_medium_reading *reading,
			const struct media_disk *disk, const struct trust *trust);

/**
 * media_finding_decide - judge and decide, with what governs now
 * @memory: what this terminal remembers; NULL: it cannot be known, and a registered medium is refused
 *
 * May be asked again when something has changed.
 */
void media_finding_decide(struct medium_finding *finding, const struct govern *govern,
			  const struct medium_memory *memory);

/* media_finding_may - some right was found */
bool media_finding_may(const struct medium_finding *finding);

/* media_finding_grade - of a refusal, as it is proposed */
enum record_grade media_finding_grade(const struct medium_finding *finding,
				      const struct policy *policy);

#endif
