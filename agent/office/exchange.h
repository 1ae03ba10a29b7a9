/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both sides of each transfer, brought together (双向登记), and where media were used.
 *
 * What a terminal recorded of a batch is one row; its import at another terminal is another. They agree
 * when both name the same slip. An import of which the terminal that the slip names knows nothing,
 * although its log has come as far as the slip says, an import of another slip, a second import, an
 * export that nobody imports in time, and a medium whose counter went two ways are events for people.
 */
#ifndef AIRGAP_OFFICE_EXCHANGE_H
#define AIRGAP_OFFICE_EXCHANGE_H

#include <jansson.h>

#include "agent/office/incident.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_transfer.h"

/* The terminal whose entries are being read. */
struct exchange {
	struct store *store;
	const struct incident_rules *rules;
	const struct store_terminal *terminal;
	int64_t now_us;
};

/* --- what entries say (exchange_parse.c): the one place that knows their members' names --- */

/* What became of a transfer, as in the journal. */
enum exchange_action {
	EXCHANGE_REQUESTED,
	EXCHANGE_APPROVED,
	EXCHANGE_PERMITTED,
	EXCHANGE_EXPORTED,
	EXCHANGE_IMPORTED,
	EXCHANGE_REFUSED,
	EXCHANGE_QUARANTINED,
	EXCHANGE_INTERRUPTED,
	EXCHANGE_CANCELLED,
	EXCHANGE_EXPIRED,
	EXCHANGE_OPENED,
	EXCHANGE_ACTION_COUNT,
};

struct exchange_entry {
	enum exchange_action action;
	struct store_transfer transfer; /* what the entry says of it; the rest zero */
};

/* exchange_parse_transfer - @event of an entry of kind transfer; 0 or -EBADMSG */
int exchange_parse_transfer(const json_t *event, struct exchange_entry *entry);

/* exchange_parse_medium - of kind media; texts of @use live in @event; 0 or -EBADMSG */
int exchange_parse_medium(const json_t *event, struct store_medium_use *use);

/* exchange_action_name - "exported" */
const char *exchange_action_name(enum exchange_action action);

/* --- taking them in --- */

/**
 * exchange_transfer - take an entry of kind transfer, and compare
 * @seq, @time_us: of the entry
 *
 * Within the caller's transaction. What is no such entry is passed over: the log is kept as it is.
 * Returns 0 or -errno.
 */
int exchange_transfer(const struct exchange *exchange, uint64_t seq, int64_t time_us,
		      const json_t *event);

/* exchange_medium - take an entry of kind media; a second branch of its counter is an event */
int exchange_medium(const struct exchange *exchange, uint64_t seq, int64_t time_us,
		    const json_t *event);

/**
 * exchange_reached - the terminal's log has come up to entry @next
 *
 * Imports that waited for it are compared again.
 */
int exchange_reached(const struct exchange *exchange, uint64_t next);

/* exchange_sweep - exports whose import is overdue become events */
struct incident_book;
int exchange_sweep(struct store *store, const struct incident_book *book, int64_t now_us);

/* exchange_compare - all sides of a batch with one another (exchange_match.c) */
int exchange_compare(const struct exchange *exchange, const uint8_t batch[static STORE_ID_SIZE]);

#endif
