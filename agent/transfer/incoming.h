/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A batch on its way in: read by a worker, then decided on, then delivered. */
#ifndef AIRGAP_TRANSFER_INCOMING_H
#define AIRGAP_TRANSFER_INCOMING_H

#include "agent/transfer/desk.h"
#include "agent/transfer/medium_list.h"

/**
 * incoming_foreign - read files from a foreign medium
 * @names: of a manifest; what else it says does not count
 *
 * The client owes an answer, and gets it when all is done.
 */
void incoming_foreign(struct desk_client *client, struct batch *batch, uint64_t medium,
		      const struct manifest *names);

/* incoming_batch - read a batch from a registered medium; @batch is new */
void incoming_batch(struct desk_client *client, struct batch *batch, const struct medium_use *use);

#endif
