/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose rules count for which event: those of the policy that its terminal has in force, where the
 * office published that policy; else those of the newest one for its unit and level; else, and for
 * what is about no terminal, the office's own.
 */
#ifndef AIRGAP_OFFICE_INCIDENT_BOOK_H
#define AIRGAP_OFFICE_INCIDENT_BOOK_H

#include "agent/office/incident.h"
#include "agent/office/keys.h"
#include "agent/office/store/store_terminal.h"

struct incident_book;

/**
 * incident_book_new - with the office's own rules: the defaults, changed by its setting
 *
 * Returns 0 or -errno after a message; incident_book_free() after either.
 */
int incident_book_new(struct incident_book **book, struct store *store);

/* incident_book_of_rules - a book of these rules alone; NULL: no memory */
struct incident_book *incident_book_of_rules(const struct incident_rules *rules);
void incident_book_free(struct incident_book *book);

/* incident_book_refresh - take up what has been published since; 0 or -errno */
int incident_book_refresh(struct incident_book *book, struct store *store);

/* incident_book_own - the office's own rules */
const struct incident_rules *incident_book_own(const struct incident_book *book);

/* incident_book_for - @terminal may be NULL. The rules live until the book is refreshed or freed. */
const struct incident_rules *incident_book_for(const struct incident_book *book,
					       const struct store_terminal *terminal);

/* incident_book_for_id - the same by number of the row; 0: none */
const struct incident_rules *incident_book_for_id(const struct incident_book *book,
						  struct store *store, int64_t terminal);

/**
 * incident_sweep - tell, once each, of deadlines that have gone far enough
 *
 * The person directly responsible, the person first responsible, and at the end whose delay it was: in
 * the event, and in the office's own log. Inside the caller's transaction. Returns 0 or -errno.
 */
int incident_sweep(struct store *store, const struct incident_book *book, const struct keys *keys,
		   int64_t now_us);

/**
 * incident_rise - a lost medium was not found in time: the grade rises, in the office's own name
 *
 * Of event @id, whose time for that is over. Inside the caller's transaction. Returns 0 or -errno.
 */
int incident_rise(struct store *store, const struct incident_book *book, const struct keys *keys,
		  int64_t id, int64_t now_us);

#endif
