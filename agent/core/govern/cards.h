/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cards of other units in force here (policy/transfer/card.h): to whom files for them are encrypted.
 *
 * Each is kept as /var/lib/airgap/policy/card-HASH, by the name of its unit, signed as it came: one
 * officer of duty security, who compared its fingerprint with the other unit. The numbers of a unit's
 * cards only go up. Where the policy names recipients of a unit itself, a card of that unit says nothing:
 * one officer does not change what two have signed.
 */
#ifndef AIRGAP_CORE_GOVERN_CARDS_H
#define AIRGAP_CORE_GOVERN_CARDS_H

#include "agent/core/govern/govern.h"
#include "policy/decide/recipients.h"

#define CARDS_MAX 256

struct cards;

/* cards_load - those that are kept; one that nobody's signature vouches for now is left out, with a note */
void cards_load(struct govern *govern);

/**
 * cards_install - put a card into force
 * @text: what happened, why, what to do
 *
 * Returns 0, -EALREADY, or another -errno and nothing has changed.
 */
int cards_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		  size_t size);

/**
 * cards_recipients - of all cards that are valid today and speak of units that the policy does not name
 * @rows: receives up to @max; their texts live until a card is installed
 *
 * Returns how many there are.
 */
size_t cards_recipients(const struct govern *govern, struct policy_recipient *rows, size_t max);

void cards_free(struct cards *cards);

#endif
