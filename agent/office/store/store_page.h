/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What people look at, a page at a time: every question here is answered from an index, for 100,000
 * events as for ten. The rules of store.h hold.
 */
#ifndef AIRGAP_OFFICE_STORE_STORE_PAGE_H
#define AIRGAP_OFFICE_STORE_STORE_PAGE_H

#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_people.h"
#include "agent/office/store/store_document.h"

struct store_terminal_filter {
	const char *after; /* only numbers that come later; "": from the first */
	const char *unit;  /* NULL: any */
	uint32_t contacts; /* bit of each enum store_contact wanted; 0: any */
	uint32_t limit;
};

/* store_page_terminals - active ones, in the order of numbers */
int store_page_terminals(struct store *store, const struct store_terminal_filter *filter,
			 store_terminal_fn fn, void *data);

/* store_page_missing - late, silent and escalated ones; the worst first */
int store_page_missing(struct store *store, uint32_t limit, store_terminal_fn fn, void *data);

/* How many active terminals of a unit are in a state. */
struct store_tally {
	const char *unit;
	uint32_t contact;
	uint64_t count;
};

typedef int (*store_tally_fn)(void *data, const struct store_tally *tally);
int store_page_tally(struct store *store, store_tally_fn fn, void *data);

struct store_history_filter {
	int64_t terminal;
	int64_t before;	  /* only ids below; 0: from the newest */
	const char *kind; /* NULL: any */
	uint32_t grade;	  /* at least; 0: any */
	uint32_t limit;
};

/* store_page_history - events of one terminal, newest first */
int store_page_history(struct store *store, const struct store_history_filter *filter,
		       store_event_fn fn, void *data);

/* store_page_entry - one entry of a log; -ENOENT. The caller frees @line, which a NUL follows. */
int store_page_entry(struct store *store, int64_t terminal, uint64_t seq, char **line,
		     size_t *length);

/* store_page_actions - newest first; @before 0: from the newest; @event 0: of all */
int store_page_actions(struct store *store, int64_t event, int64_t before, uint32_t limit,
		       store_action_fn fn, void *data);

/* store_page_documents - highest numbers first, without their data */
int store_page_documents(struct store *store, uint32_t limit, store_document_fn fn, void *data);

/* store_page_document - one, with its data */
int store_page_document(struct store *store, int64_t id, store_document_fn fn, void *data);

/* store_page_events - of one state, newest first; @before 0: from the newest */
int store_page_events(struct store *store, uint32_t state, int64_t before, uint32_t limit,
		      store_event_fn fn, void *data);

/* How many active terminals run a number of a document, and how many of these want a higher one. */
struct store_running {
	uint32_t kind;
	const char *name;
	uint64_t active;
	uint64_t count;
	uint64_t behind;
};

typedef int (*store_running_fn)(void *data, const struct store_running *running);
int store_page_running(struct store *store, store_running_fn fn, void *data);

/* store_page_open - how many events wait in each of the states that ask for somebody */
int store_page_open(struct store *store, uint64_t counts[static STORE_EVENT_STATE_COUNT]);

#endif
