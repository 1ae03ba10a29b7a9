/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that a medium says of itself, read once and without mounting. */
#ifndef AIRGAP_LIB_MEDIA_READ_H
#define AIRGAP_LIB_MEDIA_READ_H

#include "agent/lib/media/media_image.h"
#include "agent/lib/media/media_layout.h"
#include "agent/lib/media/media_slot.h"
#include "policy/medium/judge.h"
#include "policy/sign/trust.h"

struct media_reading {
	bool primary; /* GPT's header and entries at the start, with the protective MBR, are whole */
	bool backup;  /* those at the end are */
	uint64_t raw_at; /* bytes; 0: there is no partition of ours */
	uint64_t data_at;
	uint64_t data_size;
	uint32_t raw_number; /* of the partitions, as the kernel counts them; 0: there are none */
	uint32_t data_number;
	struct media_counters counters;
	uint8_t record[MEDIA_RECORD_SIZE];
	size_t record_length; /* of text and signatures; 0: see facts.record_state */
	/*
	 * layout, sectors, filesystem, uuid, counter, and of the record whether there is a text:
	 * MEDIUM_RECORD_NONE, _DAMAGED, or _UNSIGNED until media_read_verify() has been asked.
	 */
	struct medium_facts facts;
};

/**
 * media_read - read a medium
 *
 * Returns 0 whatever the bytes say; -errno when they could not be read; -ENOMEM.
 */
int media_read(const struct media_image *image, struct media_reading *reading);

/**
 * media_read_verify - whose signatures are below the record, and what it says
 * @account: filled when there is a record: who signed, and why that is not enough
 * @diags: what is wrong with its text; may be NULL
 *
 * Sets facts.record_state, and facts.record when it is MEDIUM_RECORD_GOOD. Returns 0 or -ENOMEM.
 */
int media_read_verify(struct media_reading *reading, const struct trust *trust,
		      struct trust_account *account, struct diag_list *diags);

/**
 * media_write_record - put a signed record into slot 0
 * @bytes: text and signatures
 *
 * Returns 0; -EFBIG for one that does not fit its slot; -ENXIO when the medium has no raw
 * partition; otherwise as media_image_write().
 */
int media_write_record(const struct media_image *image, const struct media_reading *reading,
		       const uint8_t *bytes, size_t length);

/* media_blank_counters - zeroes in slots 1 and 2; @reading is brought up to date. Returns as above. */
int media_blank_counters(const struct media_image *image, struct media_reading *reading);

/**
 * media_write_counter - put a counter into the slot that does not hold the newest one
 * @counter: its digest is set; @reading is brought up to date
 *
 * Whenever the power goes, one of the two slots holds a whole counter. Returns as
 * media_write_record().
 */
int media_write_counter(const struct media_image *image, struct media_reading *reading,
			struct medium_counter *counter);

#endif
