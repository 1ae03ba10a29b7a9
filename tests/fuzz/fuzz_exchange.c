// SPDX-License-Identifier: GPL-2.0-or-later
/* What terminals record of transfers and media, as the office reads it. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "agent/office/exchange.h"

static void transfer_holds(const struct exchange_entry *entry)
{
	const struct store_transfer *t = &entry->transfer;

	MUST(entry->action < EXCHANGE_ACTION_COUNT && t->side < STORE_SIDE_COUNT);
	MUST(!sodium_is_zero(t->batch, sizeof(t->batch)));
	MUST(t->id == 0 && t->times == 0 && t->match == STORE_MATCH_NONE && t->foreign <= 1);
	/* As the store keeps numbers. */
	MUST(t->size <= INT64_MAX && t->sequence <= INT64_MAX && t->peer_position <= INT64_MAX);
	MUST(ENDED(t->level) && ENDED(t->unit) && ENDED(t->peer) && ENDED(t->login));
	MUST(ENDED(t->types) && ENDED(t->names) && ENDED(t->text));
	MUST(strcmp(exchange_action_name(entry->action), "unknown") != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct exchange_entry entry;
	struct store_medium_use use;
	json_t *event = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
	int r = exchange_parse_transfer(event, &entry);

	MUST(r == 0 || r == -EBADMSG);
	if (r == 0)
		transfer_holds(&entry);
	r = exchange_parse_medium(event, &use);
	MUST(r == 0 || r == -EBADMSG);
	MUST(r < 0 || (*use.what && use.level && use.unit && use.custodian && use.text));
	MUST(r < 0 ||
	     (use.sequence <= INT64_MAX && !sodium_is_zero(use.medium, sizeof(use.medium))));
	json_decref(event);
	return 0;
}
