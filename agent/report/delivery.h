/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the office's inbox holds for us, on its way to the core, one after the other. */
#ifndef AIRGAP_REPORT_DELIVERY_H
#define AIRGAP_REPORT_DELIVERY_H

#include "agent/lib/link.h"
#include "agent/report/answer.h"

#define DELIVERY_REMEMBERED 128

struct delivery {
	struct answer_inbox inbox;
	uint32_t at;	 /* the document that is due */
	uint64_t cookie; /* of the one that the core has; 0: none */
	/* What the core has judged since this program started, whatever it said: not fetched again. */
	uint8_t judged[DELIVERY_REMEMBERED][32];
	uint32_t judged_count; /* ever */
};

/* delivery_list - take over a new list */
void delivery_list(struct delivery *delivery, const struct answer_inbox *inbox);

/* delivery_due - the next document to be fetched, or NULL */
const struct answer_document *delivery_due(struct delivery *delivery);

/**
 * delivery_hand - give the due document to the core
 * @core: the link
 *
 * Returns 0; -EBADMSG: it is not what the list announced; then it is passed over. -ENOTCONN: no core;
 * -errno.
 */
int delivery_hand(struct delivery *delivery, struct link *core, const void *file, size_t length);

/* delivery_judged - the core has answered; true when this answers the document it has */
bool delivery_judged(struct delivery *delivery, const struct msg_document_taken *taken);

/* delivery_lost - the core went away without an answer: the document is due again */
void delivery_lost(struct delivery *delivery);

#endif
