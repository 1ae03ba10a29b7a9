// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/quota.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REFILL_US (QUOTA_REFILL_S * UINT64_C(1000000))

/* What was permitted, done or approved is always written. */
static bool moves_files(uint32_t event)
{
	return event == TRANSFER_EVENT_APPROVED || event == TRANSFER_EVENT_PERMITTED ||
	       event == TRANSFER_EVENT_EXPORTED || event == TRANSFER_EVENT_IMPORTED ||
	       event == TRANSFER_EVENT_QUARANTINED || event == TRANSFER_EVENT_INTERRUPTED;
}

/* Who caused it; false: no quota applies. */
static bool name_of(char name[static QUOTA_NAME_SIZE], enum msg_type type, const void *body)
{
	const struct record *record = body;
	const struct msg_record_usb *usb = body;
	const struct msg_record_link *link = body;
	const struct msg_record_net *net = body;
	const struct msg_record_transfer *transfer = body;

	if (type == MSG_RECORD_TRANSFER && !moves_files(transfer->event)) {
		snprintf(name, QUOTA_NAME_SIZE, "transfers of user %" PRIu32, transfer->uid);
		return true;
	}
	if (record->kind != RECORD_KIND_VIOLATION && record->kind != RECORD_KIND_DEVICE)
		return false;
	switch (type) {
	case MSG_RECORD_USB:
		snprintf(name, QUOTA_NAME_SIZE, "port %s", usb->outcome.decided.facts.port);
		return true;
	case MSG_RECORD_LINK:
		snprintf(name, QUOTA_NAME_SIZE, "link %s", link->outcome.decided.link.name);
		return true;
	case MSG_RECORD_NET:
		if (net->violation.actor.uid == UINT32_MAX)
			snprintf(name, QUOTA_NAME_SIZE, "user unknown");
		else
			snprintf(name, QUOTA_NAME_SIZE, "user %" PRIu32, net->violation.actor.uid);
		return true;
	default:
		return false;
	}
}

static void refill(struct quota_key *key, uint64_t now_us)
{
	uint64_t more = (now_us - key->filled_us) / REFILL_US;

	if (more >= QUOTA_BURST - key->left) {
		key->left = QUOTA_BURST;
		key->filled_us = now_us;
	} else {
		key->left += (uint32_t)more;
		key->filled_us += more * REFILL_US;
	}
}

/* A place is given away once its quota is full again: nothing is forgotten by that. */
static struct quota_key *place_of(struct quota *quota, const char *name, uint64_t now_us)
{
	struct quota_key *place = NULL;

	for (size_t i = 0; i < QUOTA_KEYS; i++) {
		struct quota_key *key = &quota->keys[i];

		if (key->name[0] && strcmp(key->name, name) == 0)
			return key;
		if (key->name[0])
			refill(key, now_us);
		if (!place && (!key->name[0] || (key->left == QUOTA_BURST && key->dropped == 0)))
			place = key;
	}
	if (!place) {
		place = &quota->keys[QUOTA_KEYS];
		name = "all others";
		if (place->name[0])
			return place;
	}
	*place = (struct quota_key){ .left = QUOTA_BURST, .filled_us = now_us };
	snprintf(place->name, sizeof(place->name), "%s", name);
	return place;
}

enum quota_answer quota_take(struct quota *quota, enum msg_type type, const void *body,
			     uint64_t now_us, struct quota_key **key)
{
	char name[QUOTA_NAME_SIZE];

	if (!name_of(name, type, body))
		return QUOTA_WRITE;
	*key = place_of(quota, name, now_us);
	refill(*key, now_us);
	if ((*key)->left > 0) {
		(*key)->left--;
		return QUOTA_WRITE;
	}
	return (*key)->dropped++ == 0 ? QUOTA_ANNOUNCE : QUOTA_COUNT;
}

struct quota_key *quota_next(struct quota *quota)
{
	for (size_t i = 0; i <= QUOTA_KEYS; i++)
		if (quota->keys[i].dropped > 0)
			return &quota->keys[i];
	return NULL;
}
