/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The officers' page: plain HTML from the server, one stylesheet, no script, nothing from outside.
 *
 * One thread answers one request after the other, so the language of gettext is set at the begin of
 * each request and holds until its page is written.
 */
#ifndef AIRGAP_OFFICE_WEB_PAGE_H
#define AIRGAP_OFFICE_WEB_PAGE_H

#include "agent/lib/i18n.h"
#include "agent/office/login.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_page.h"
#include "agent/office/web/form.h"
#include "agent/office/web/html.h"

enum page_language {
	PAGE_ENGLISH,
	PAGE_CHINESE,
	PAGE_LANGUAGE_COUNT,
};

/* Entries of the navigation. */
enum page_place {
	PAGE_NOW,
	PAGE_TERMINALS,
	PAGE_EVENTS,
	PAGE_TRANSFERS,
	PAGE_POLICIES,
	PAGE_ACTIONS,
	PAGE_PLACE_COUNT,
	PAGE_OUTSIDE, /* nobody is signed in */
};

struct page {
	struct serve *serve;
	struct request *request;
	struct store *store; /* what is committed */
	struct html html;
	struct login_session session; /* where is_in */
	bool is_in;
	enum page_language language;
	enum page_place place;
	int64_t now_us;
	unsigned int status;	 /* 200 unless it is set before page_end() */
	const struct form *form; /* of a POST */
};

/* --- frame --- */

/* page_begin - head, navigation, heading; @title is text */
void page_begin(struct page *page, enum page_place place, const char *title);

/* page_end - the rest, and the reply */
void page_end(struct page *page);

/* page_message - a whole page that says one thing */
void page_message(struct page *page, unsigned int status, const char *title, const char *text);

/* page_go - 303 to @path, of this page */
void page_go(struct page *page, const char *path);

/* page_form - the beginning of a form that changes something: with the session's token */
void page_form(struct page *page, const char *action);

/* page_may_act - does the role of who is signed in change events? Auditors see everything and change nothing. */
bool page_may_act(const struct page *page);

/* page_headers - what every reply of the page carries */
void page_headers(struct request *request);

/* --- pieces --- */

/* page_time - local time, to the minute; nothing for 0 */
void page_time(struct page *page, int64_t time_us);

/* page_span - "3 days 2 hours", at most two parts */
void page_span(struct page *page, int64_t span_us);

/* page_span_in - the same in place of the "%s" of @text, which is escaped */
void page_span_in(struct page *page, const char *text, int64_t span_us);

/* page_left - how long until @deadline_us, or how late it is; in words and in colour */
void page_left(struct page *page, int64_t from_us, int64_t deadline_us);

/* page_grade, page_state, page_contact - a word with its colour */
void page_grade(struct page *page, uint32_t grade);
void page_state(struct page *page, uint32_t state);
void page_contact(struct page *page, uint32_t contact);

/* page_terminal - number as a link, custodian and room */
void page_terminal(struct page *page, const struct store_terminal *terminal);

/* page_event_terminal - content of a cell: terminal, custodian, room, unit */
void page_event_terminal(struct page *page, const struct store_event *event);

/* page_event_what - a cell: what happened, as a link; and what to do first */
void page_event_what(struct page *page, const struct store_event *event, bool with_advice);

/* page_level - a level with the word that the signers' list has for it; until the next call */
const char *page_level(struct page *page, const char *level);

/* page_due - the deadline of @event that runs now; 0: none */
int64_t page_due(const struct store_event *event);

/* --- words, translated --- */

const char *page_word_grade(uint32_t grade);
const char *page_word_contact(uint32_t contact);
const char *page_word_kind(const char *kind);
const char *page_word_role(uint32_t role);
const char *page_word_document(uint32_t kind);
const char *page_word_verb(const char *verb);

/**
 * page_list - begin a table of rows with its head
 * @numbered: the first column holds numbers
 * @columns: PAGE_COLUMNS(their names in the present language)
 */
#define PAGE_COLUMNS(...) ((const char *const[]){ __VA_ARGS__, NULL })
void page_list(struct page *page, bool numbered, const char *const *columns);

#endif
