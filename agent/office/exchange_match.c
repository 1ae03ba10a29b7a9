// SPDX-License-Identifier: GPL-2.0-or-later
/* Do both sides of a transfer say the same? */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/evidence.h"
#include "agent/office/exchange.h"
#include "agent/office/incident_book.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_page.h"

/* Sides of one batch that are compared: an export, and imports wherever copies went. */
#define SIDES_MAX  32
#define FACTS_SIZE 480

struct sides {
	struct store_transfer *rows;
	size_t count;
};

/* What one row has come to, and why. */
struct finding {
	uint32_t match;
	const char *kind; /* of the event; NULL: none */
	char facts[FACTS_SIZE];
};

static int collect(void *data, const struct store_transfer *transfer)
{
	struct sides *sides = data;

	if (sides->count < SIDES_MAX)
		sides->rows[sides->count++] = *transfer;
	return 0;
}

static const char *batch_text(const struct store_transfer *row,
			      char out[static 2 * STORE_ID_SIZE + 1])
{
	return sodium_bin2hex(out, 2 * STORE_ID_SIZE + 1, row->batch, sizeof(row->batch));
}

static void find(struct finding *finding, uint32_t match, const char *kind, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void find(struct finding *finding, uint32_t match, const char *kind, const char *format, ...)
{
	va_list args;

	finding->match = match;
	finding->kind = kind;
	va_start(args, format);
	vsnprintf(finding->facts, sizeof(finding->facts), format, args);
	va_end(args);
}

static const struct store_transfer *export_of(const struct sides *sides)
{
	for (size_t i = 0; i < sides->count; i++)
		if (sides->rows[i].side == STORE_SIDE_OUT)
			return &sides->rows[i];
	return NULL;
}

/* Has the exporting terminal's log come as far as the slip says? 1, 0, or -errno; -ENOENT: no such terminal */
static int log_reaches(const struct exchange *exchange, const struct store_transfer *row)
{
	struct store_terminal peer;
	struct store_head head = { 0 };
	int r = store_terminal_latest(exchange->store, row->peer, &peer);

	if (r < 0)
		return r;
	r = store_head_get(exchange->store, peer.id, &head);
	if (r < 0 && r != -ENOENT)
		return r;
	return head.next > row->peer_position;
}

static int judge_unmatched(const struct exchange *exchange, const struct store_transfer *row,
			   struct finding *finding)
{
	char id[2 * STORE_ID_SIZE + 1];
	int r = *row->peer ? log_reaches(exchange, row) : -ENOENT;

	if (r == -ENOENT) {
		finding->match = STORE_MATCH_BEYOND;
		return 0;
	}
	if (r == 0)
		finding->match = STORE_MATCH_WAITING;
	if (r == 1)
		find(finding, STORE_MATCH_UNKNOWN, "transfer-unknown",
		     "batch %s was imported at %s with a slip of %s, and %s recorded no export of "
		     "it "
		     "up to entry %" PRIu64 ", which the slip names",
		     batch_text(row, id), row->number, row->peer, row->peer, row->peer_position);
	return r < 0 ? r : 0;
}

static bool failed(const struct store_transfer *row)
{
	return row->state > STORE_TRANSFER_DONE;
}

static void judge_pair(const struct store_transfer *row, const struct store_transfer *out,
		       struct finding *finding)
{
	char id[2 * STORE_ID_SIZE + 1];

	batch_text(row, id);
	finding->match = STORE_MATCH_WAITING;
	if (strcmp(out->number, row->peer) != 0)
		find(finding, STORE_MATCH_DIFFERS, "transfer-differs",
		     "batch %s was imported at %s with a slip of %s, and was exported at %s", id,
		     row->number, row->peer, out->number);
	else if (failed(out))
		find(finding, STORE_MATCH_DIFFERS, "transfer-differs",
		     "batch %s was imported at %s, and its export at %s was recorded as one that "
		     "did "
		     "not come to its end",
		     id, row->number, out->number);
	else if (out->state != STORE_TRANSFER_DONE)
		return;
	else if (memcmp(out->slip, row->slip, sizeof(row->slip)) != 0)
		find(finding, STORE_MATCH_DIFFERS, "transfer-differs",
		     "batch %s was imported at %s with another slip than the one that was exported "
		     "at %s",
		     id, row->number, out->number);
	else
		finding->match = STORE_MATCH_GOOD;
}

/* The one import that came first is the one that is meant. */
static const struct store_transfer *earlier_import(const struct sides *sides,
						   const struct store_transfer *row)
{
	for (size_t i = 0; i < sides->count; i++) {
		const struct store_transfer *it = &sides->rows[i];

		if (it->side == STORE_SIDE_IN && it->times > 0 && it->id < row->id)
			return it;
	}
	return NULL;
}

static int judge_import(const struct exchange *exchange, const struct sides *sides,
			const struct store_transfer *row, struct finding *finding)
{
	const struct store_transfer *out = export_of(sides), *earlier = earlier_import(sides, row);
	char id[2 * STORE_ID_SIZE + 1];

	if (row->foreign)
		return 0;
	if (!out)
		return judge_unmatched(exchange, row, finding);
	judge_pair(row, out, finding);
	if (finding->match != STORE_MATCH_GOOD && finding->match != STORE_MATCH_WAITING)
		return 0;
	if (row->times > 1)
		find(finding, STORE_MATCH_TWICE, "transfer-twice",
		     "batch %s was imported %u times at %s", batch_text(row, id), row->times,
		     row->number);
	else if (earlier)
		find(finding, STORE_MATCH_TWICE, "transfer-twice",
		     "batch %s was imported at %s, and again at %s", batch_text(row, id),
		     earlier->number, row->number);
	return 0;
}

static int find_unit(void *data, const struct store_terminal *terminal)
{
	(void)terminal;
	*(bool *)data = true;
	return 1;
}

/* Does any terminal of the unit report here? Else nobody here can see the import. */
static int reports_here(struct store *store, const char *unit, bool *here)
{
	struct store_terminal_filter filter = { .after = "", .unit = unit, .limit = 1 };
	int r;

	*here = false;
	r = store_page_terminals(store, &filter, find_unit, here);
	return r < 0 ? r : 0;
}

static int judge_export(const struct exchange *exchange, const struct sides *sides,
			struct store_transfer *row, struct finding *finding)
{
	bool imported = false, here;
	int r = 0;

	for (size_t i = 0; i < sides->count; i++) {
		const struct store_transfer *it = &sides->rows[i];

		imported |= it->side == STORE_SIDE_IN && it->times > 0 &&
			    memcmp(it->slip, row->slip, sizeof(row->slip)) == 0;
	}
	finding->match = STORE_MATCH_GOOD;
	row->due_us = 0;
	if (imported)
		return 0;
	r = reports_here(exchange->store, row->unit, &here);
	finding->match = here ? STORE_MATCH_WAITING : STORE_MATCH_BEYOND;
	/* What was told to be overdue stays so until it is imported. */
	if (row->match == STORE_MATCH_OVERDUE)
		finding->match = STORE_MATCH_OVERDUE;
	else if (here)
		row->due_us = row->done_us + exchange->rules->transfer_s * 1000000;
	return r;
}

static int settle(const struct exchange *exchange, struct store_transfer *row,
		  const struct finding *finding)
{
	struct evidence evidence = { .terminal = row->terminal,
				     .kind = finding->kind,
				     .facts = finding->facts,
				     .occurred_us = row->done_us,
				     .now_us = exchange->now_us };
	int r = 0;

	/* The same thing is told once. */
	if (finding->kind && finding->match != row->match)
		r = evidence_event(exchange->store, exchange->rules, &evidence, &row->event);
	row->match = finding->match;
	return r < 0 ? r : store_transfer_put(exchange->store, row);
}

static int compare_all(const struct exchange *exchange, const struct sides *sides)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < sides->count; i++) {
		struct store_transfer *row = &sides->rows[i];
		struct finding finding = { .match = STORE_MATCH_NONE };

		if (row->times == 0)
			continue;
		r = row->side == STORE_SIDE_OUT ? judge_export(exchange, sides, row, &finding)
						: judge_import(exchange, sides, row, &finding);
		if (r == 0)
			r = settle(exchange, row, &finding);
	}
	return r;
}

int exchange_compare(const struct exchange *exchange, const uint8_t batch[static STORE_ID_SIZE])
{
	struct sides sides = { .rows = calloc(SIDES_MAX, sizeof(*sides.rows)) };
	int r = sides.rows ? store_transfer_batch(exchange->store, batch, collect, &sides)
			   : -ENOMEM;

	if (r == 0)
		r = compare_all(exchange, &sides);
	free(sides.rows);
	return r;
}

struct waiting {
	uint8_t (*batches)[STORE_ID_SIZE];
	size_t count;
};

static int note_batch(void *data, const struct store_transfer *transfer)
{
	struct waiting *waiting = data;
	uint8_t(*more)[STORE_ID_SIZE] =
		realloc(waiting->batches, (waiting->count + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	waiting->batches = more;
	memcpy(more[waiting->count++], transfer->batch, STORE_ID_SIZE);
	return 0;
}

int exchange_reached(const struct exchange *exchange, uint64_t next)
{
	struct waiting waiting = { 0 };
	int r = store_transfer_waiting(exchange->store, exchange->terminal->number, next,
				       note_batch, &waiting);

	for (size_t i = 0; r == 0 && i < waiting.count; i++)
		r = exchange_compare(exchange, waiting.batches[i]);
	free(waiting.batches);
	return r;
}

/* --- what did not come in time --- */

static int overdue(struct store *store, const struct incident_book *book,
		   struct store_transfer *row, int64_t now_us)
{
	char facts[FACTS_SIZE], id[2 * STORE_ID_SIZE + 1];
	struct evidence evidence = { .terminal = row->terminal,
				     .kind = "transfer-overdue",
				     .facts = facts,
				     .occurred_us = row->done_us,
				     .now_us = now_us };
	int r;

	snprintf(facts, sizeof(facts),
		 "batch %s was exported at %s for unit %s %" PRId64
		 " days ago, and no terminal there has imported it",
		 batch_text(row, id), row->number, row->unit,
		 (now_us - row->done_us) / (86400 * INT64_C(1000000)));
	r = evidence_event(store, incident_book_for_id(book, store, row->terminal), &evidence,
			   &row->event);
	row->match = STORE_MATCH_OVERDUE;
	row->due_us = 0;
	return r < 0 ? r : store_transfer_put(store, row);
}

int exchange_sweep(struct store *store, const struct incident_book *book, int64_t now_us)
{
	struct sides sides = { .rows = calloc(SIDES_MAX, sizeof(*sides.rows)) };
	int r = sides.rows ? store_transfer_due(store, now_us, SIDES_MAX, collect, &sides)
			   : -ENOMEM;

	for (size_t i = 0; r == 0 && i < sides.count; i++)
		r = overdue(store, book, &sides.rows[i], now_us);
	free(sides.rows);
	return r;
}
