/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a batch, for the journal. It is owed from the moment it happens: kept with the batch
 * on the disk, and sent again until the journal has it. After a crash the journal may get it twice.
 */
#ifndef AIRGAP_TRANSFER_RECORD_H
#define AIRGAP_TRANSFER_RECORD_H

#include "agent/transfer/core_link.h"

/**
 * record_event - owe an event, save the batch, send it when the core is there
 *
 * Of the batch, text and error go along. Returns 0, or -errno when the disk does not have it.
 */
int record_event(struct transferd *self, struct batch *batch, enum transfer_event event);

/* record_owed - send all that is owed: the core is back */
void record_owed(struct transferd *self);

/**
 * record_fill - a message about a batch
 * @manifest: NULL: the names are not known
 */
void record_fill(const struct transferd *self, const struct batch *batch,
		 const struct manifest *manifest, enum transfer_event event,
		 struct msg_record_transfer *record);

/**
 * record_ask - may this be done?
 * @medium: cookie; 0: none yet
 * @answer: takes struct msg_transfer_verdict
 *
 * Returns 0 or -errno.
 */
int record_ask(struct transferd *self, const struct batch *batch, enum transfer_step step,
	       uint64_t medium, core_answer *answer, void *data);

/* record_now - UNIX time */
int64_t record_now(void);

#endif
