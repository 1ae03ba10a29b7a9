/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of a transfer, each with everything in it. */
#ifndef AIRGAP_TESTS_TRANSFER_FIXTURE_H
#define AIRGAP_TESTS_TRANSFER_FIXTURE_H

#include "policy/transfer/approval.h"
#include "policy/transfer/card.h"
#include "policy/transfer/slip.h"

/** transfer_manifest - two files that go out; to be freed */
void transfer_manifest(struct manifest *manifest);

/** transfer_approval - of that batch, until 2026-12-01T17:30:00Z */
void transfer_approval(struct approval *approval);

/** transfer_slip - of that batch; to be freed */
void transfer_slip(struct slip *slip);

/** transfer_card - of two recipients */
void transfer_card(struct card *card);

/** transfer_seal - a slip's text signed by key number @seed; to be freed */
char *transfer_seal(const char *text, size_t length, uint8_t seed, size_t *file_length,
		    uint8_t key[static 32]);

#endif
