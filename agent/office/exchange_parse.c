// SPDX-License-Identifier: GPL-2.0-or-later
/* Entries of kinds transfer and media; airgap-journal(5) has their members. Untrusted. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/office/exchange.h"

static const char *const actions[EXCHANGE_ACTION_COUNT] = {
	[EXCHANGE_REQUESTED] = "requested",	[EXCHANGE_APPROVED] = "approved",
	[EXCHANGE_PERMITTED] = "permitted",	[EXCHANGE_EXPORTED] = "exported",
	[EXCHANGE_IMPORTED] = "imported",	[EXCHANGE_REFUSED] = "refused",
	[EXCHANGE_QUARANTINED] = "quarantined", [EXCHANGE_INTERRUPTED] = "interrupted",
	[EXCHANGE_CANCELLED] = "cancelled",	[EXCHANGE_EXPIRED] = "expired",
	[EXCHANGE_OPENED] = "opened",
};

const char *exchange_action_name(enum exchange_action action)
{
	return action < EXCHANGE_ACTION_COUNT ? actions[action] : "unknown";
}

static const char *text_of(const json_t *event, const char *name)
{
	const char *text = json_string_value(json_object_get(event, name));

	return text ? text : "";
}

/* Cut at a character; what could mislead the eye is written out. */
static void copy_text(const json_t *event, const char *name, char *out, size_t size)
{
	printable_copy(out, size, text_of(event, name));
}

static uint64_t number_of(const json_t *event, const char *name)
{
	json_int_t value = json_integer_value(json_object_get(event, name));

	return value > 0 ? (uint64_t)value : 0;
}

/* Digits 0-9 a-f of exactly @size bytes; else zero. */
static bool take_bytes(const json_t *event, const char *name, uint8_t *out, size_t size)
{
	const char *text = text_of(event, name);
	size_t length = 0;

	if (strlen(text) == 2 * size &&
	    sodium_hex2bin(out, size, text, 2 * size, NULL, &length, NULL) == 0 && length == size)
		return true;
	memset(out, 0, size);
	return false;
}

static uint32_t match_word(const json_t *event, const char *name, const char *word)
{
	return strcmp(text_of(event, name), word) == 0;
}

int exchange_parse_transfer(const json_t *event, struct exchange_entry *entry)
{
	struct store_transfer *t = &entry->transfer;

	*entry = (struct exchange_entry){ 0 };
	while (entry->action < EXCHANGE_ACTION_COUNT &&
	       strcmp(text_of(event, "action"), actions[entry->action]) != 0)
		entry->action++;
	if (entry->action == EXCHANGE_ACTION_COUNT ||
	    !take_bytes(event, "batch", t->batch, sizeof(t->batch)) ||
	    sodium_is_zero(t->batch, sizeof(t->batch)))
		return -EBADMSG;
	t->side = match_word(event, "direction", "out") ? STORE_SIDE_OUT : STORE_SIDE_IN;
	t->foreign = match_word(event, "medium_kind", "foreign");
	t->files = (uint32_t)(number_of(event, "files") & UINT32_MAX);
	t->size = number_of(event, "size");
	t->sequence = number_of(event, "sequence");
	t->peer_position = number_of(event, "peer_position");
	take_bytes(event, "manifest", t->manifest, sizeof(t->manifest));
	take_bytes(event, "slip", t->slip, sizeof(t->slip));
	take_bytes(event, "medium", t->medium, sizeof(t->medium));
	copy_text(event, "level", t->level, sizeof(t->level));
	copy_text(event, "unit", t->unit, sizeof(t->unit));
	copy_text(event, "peer", t->peer, sizeof(t->peer));
	copy_text(event, "login", t->login, sizeof(t->login));
	copy_text(event, "types", t->types, sizeof(t->types));
	/* Lines, one a name: the page escapes them itself. */
	snprintf(t->names, sizeof(t->names), "%s", text_of(event, "names"));
	copy_text(event, "text", t->text, sizeof(t->text));
	return 0;
}

/* The medium is an object of its own; its counter is what this use made of it. */
int exchange_parse_medium(const json_t *event, struct store_medium_use *use)
{
	const json_t *medium = json_object_get(event, "medium");

	*use = (struct store_medium_use){
		.what = text_of(event, "action"),
		.sequence = number_of(medium, "sequence"),
		.level = text_of(medium, "level"),
		.unit = text_of(medium, "unit"),
		.custodian = text_of(medium, "custodian"),
		.text = text_of(medium, "text"),
	};
	if (!*use->what || !take_bytes(medium, "id", use->medium, sizeof(use->medium)) ||
	    sodium_is_zero(use->medium, sizeof(use->medium)))
		return -EBADMSG;
	if (!take_bytes(event, "counter", use->counter, sizeof(use->counter)))
		use->sequence = 0;
	return 0;
}
