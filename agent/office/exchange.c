// SPDX-License-Identifier: GPL-2.0-or-later
/* Entries about transfers and media, taken in. */
#include "agent/office/exchange.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/office/evidence.h"

static const uint8_t nothing[STORE_HASH_SIZE];

/* The state that an action leads to; an officer who looks at the staged copy changes none. */
static uint32_t state_after(enum exchange_action action, uint32_t now)
{
	static const uint32_t states[EXCHANGE_ACTION_COUNT] = {
		[EXCHANGE_REQUESTED] = STORE_TRANSFER_REQUESTED,
		[EXCHANGE_APPROVED] = STORE_TRANSFER_APPROVED,
		[EXCHANGE_PERMITTED] = STORE_TRANSFER_PERMITTED,
		[EXCHANGE_EXPORTED] = STORE_TRANSFER_DONE,
		[EXCHANGE_IMPORTED] = STORE_TRANSFER_DONE,
		[EXCHANGE_REFUSED] = STORE_TRANSFER_REFUSED,
		[EXCHANGE_QUARANTINED] = STORE_TRANSFER_QUARANTINED,
		[EXCHANGE_INTERRUPTED] = STORE_TRANSFER_INTERRUPTED,
		[EXCHANGE_CANCELLED] = STORE_TRANSFER_CANCELLED,
		[EXCHANGE_EXPIRED] = STORE_TRANSFER_EXPIRED,
	};

	return action == EXCHANGE_OPENED ? now : states[action];
}

static bool is_done(enum exchange_action action)
{
	return action == EXCHANGE_EXPORTED || action == EXCHANGE_IMPORTED;
}

static void keep_text(char *kept, size_t size, const char *said)
{
	if (*said)
		snprintf(kept, size, "%s", said);
}

static void keep_bytes(uint8_t *kept, const uint8_t *said, size_t size)
{
	if (memcmp(said, nothing, size) != 0)
		memcpy(kept, said, size);
}

/* Later entries say more, and do not take back what earlier ones said. */
static void merge(struct store_transfer *row, const struct exchange_entry *entry)
{
	const struct store_transfer *said = &entry->transfer;

	row->state = state_after(entry->action, row->state);
	row->foreign |= said->foreign;
	row->files = said->files ? said->files : row->files;
	row->size = said->size ? said->size : row->size;
	row->sequence = said->sequence ? said->sequence : row->sequence;
	row->peer_position = said->peer_position ? said->peer_position : row->peer_position;
	keep_bytes(row->manifest, said->manifest, sizeof(row->manifest));
	keep_bytes(row->slip, said->slip, sizeof(row->slip));
	keep_bytes(row->medium, said->medium, sizeof(row->medium));
	keep_text(row->level, sizeof(row->level), said->level);
	keep_text(row->unit, sizeof(row->unit), said->unit);
	keep_text(row->peer, sizeof(row->peer), said->peer);
	keep_text(row->login, sizeof(row->login), said->login);
	keep_text(row->types, sizeof(row->types), said->types);
	keep_text(row->names, sizeof(row->names), said->names);
	keep_text(row->text, sizeof(row->text), said->text);
}

static int find_or_begin(const struct exchange *exchange, const struct exchange_entry *entry,
			 int64_t time_us, struct store_transfer *row)
{
	int r = store_transfer_find(exchange->store, entry->transfer.batch, exchange->terminal->id,
				    entry->transfer.side, row);

	if (r != -ENOENT)
		return r;
	*row = (struct store_transfer){ .terminal = exchange->terminal->id,
					.side = entry->transfer.side,
					.first_us = time_us };
	memcpy(row->batch, entry->transfer.batch, sizeof(row->batch));
	return 0;
}

int exchange_transfer(const struct exchange *exchange, uint64_t seq, int64_t time_us,
		      const json_t *event)
{
	struct exchange_entry entry;
	struct store_transfer row;
	struct store_transfer_step step = { .seq = (int64_t)seq, .time_us = time_us };
	int r = exchange_parse_transfer(event, &entry);

	if (r < 0)
		return 0;
	r = find_or_begin(exchange, &entry, time_us, &row);
	if (r < 0)
		return r;
	merge(&row, &entry);
	row.changed_us = time_us;
	row.seq = (int64_t)seq;
	if (is_done(entry.action)) {
		row.done_us = time_us;
		row.times++;
		/* The comparison begins anew: it may have been done otherwise. */
		row.match = STORE_MATCH_NONE;
	}
	r = store_transfer_put(exchange->store, &row);
	step.transfer = row.id;
	step.name = exchange_action_name(entry.action);
	step.text = entry.transfer.text;
	if (r == 0)
		r = store_transfer_step_add(exchange->store, &step);
	return r < 0 ? r : exchange_compare(exchange, row.batch);
}

/* --- media --- */

struct other {
	char number[STORE_NUMBER_SIZE];
	int64_t seq;
	bool found;
};

static int note_other(void *data, const struct store_medium_use *use)
{
	struct other *other = data;

	snprintf(other->number, sizeof(other->number), "%s", use->number);
	other->seq = use->seq;
	other->found = true;
	return 0;
}

static int parted(const struct exchange *exchange, const struct store_medium_use *use,
		  const struct other *other)
{
	char facts[400], id[2 * STORE_ID_SIZE + 1], cause[160];
	struct evidence evidence = { .terminal = exchange->terminal->id,
				     .kind = "medium-clone",
				     .facts = facts,
				     .proof = facts,
				     .cause = cause,
				     .occurred_us = use->time_us,
				     .now_us = exchange->now_us };

	sodium_bin2hex(id, sizeof(id), use->medium, sizeof(use->medium));
	snprintf(facts, sizeof(facts),
		 "medium %s: two different uses number %" PRIu64 ", one at %s (entry %" PRId64
		 "), the other at %s (entry %" PRId64 "): there are two copies of it",
		 id, use->sequence, other->number, other->seq, exchange->terminal->number,
		 use->seq);
	/* Once for each medium at a terminal: later uses of the copies prove nothing new. */
	snprintf(cause, sizeof(cause), "medium-clone %s", id);
	evidence.proof_length = strlen(facts);
	evidence.cause_length = strlen(cause);
	return evidence_keep(exchange->store, exchange->rules, &evidence);
}

int exchange_medium(const struct exchange *exchange, uint64_t seq, int64_t time_us,
		    const json_t *event)
{
	struct store_medium_use use;
	struct other other = { .found = false };
	int r = exchange_parse_medium(event, &use);

	if (r < 0)
		return 0;
	use.terminal = exchange->terminal->id;
	use.seq = (int64_t)seq;
	use.time_us = time_us;
	/* Only what was counted here is a use; the rest tells how far the counter was found. */
	if (strcmp(use.what, "admitted") != 0)
		use.sequence = 0;
	if (use.sequence)
		r = store_medium_other(exchange->store, &use, note_other, &other);
	if (r >= 0)
		r = store_medium_use_add(exchange->store, &use);
	if (r == 0 && other.found)
		r = parted(exchange, &use, &other);
	return r < 0 ? r : 0;
}
