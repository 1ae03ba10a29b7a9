/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page's routes and languages. Private to the page's files, but for the beginning. */
#ifndef AIRGAP_OFFICE_WEB_WEB_H
#define AIRGAP_OFFICE_WEB_WEB_H

#include "agent/office/web/page.h"
#include "agent/office/store/store_event.h"

/**
 * web_init - languages and local time
 *
 * Before the sandbox is entered: catalogs and the time zone are read from the disk once.
 */
void web_init(void);

/* web_language_tag - as HTML has it: "en", "zh" */
const char *web_language_tag(enum page_language language);

/* web_language - which the cookie names, or else Accept-Language asks for; either may be NULL */
enum page_language web_language(const char *cookie, const char *accept);

/* web_back - is @path a place of this page, to be gone to? Nothing leads out. */
bool web_back(const char *path);

/* The pages. What comes after a '*' in the route is web_id(). */
typedef void (*web_view)(struct page *page);

/* web_id - the number after @prefix in the path, which may end with @suffix; 0: there is none */
int64_t web_id(const struct page *page, const char *prefix, const char *suffix);

/* web_query - of the address; "" when it is not there */
const char *web_query(const struct page *page, const char *name);

/* Pieces of pages. */

/* view_numbers - which numbers of documents a terminal has, and which are wanted */
void view_numbers(struct page *page, int64_t terminal);
/* view_proof - a section: is the entry in the signed log? And its raw form */
void view_proof(struct page *page, const struct store_event *event);
/* view_proof_named - the same under another heading, of which a page may have several */
void view_proof_named(struct page *page, const struct store_event *event, const char *id,
		      const char *title);
/* view_unregistered - a section, when there are such terminals */
void view_unregistered(struct page *page);

void view_now(struct page *page);
void view_terminals(struct page *page);
void view_terminal(struct page *page);
void view_log(struct page *page);
void view_events(struct page *page);
void view_event(struct page *page);
/* view_moves - a section: forms for what this officer could do now; @reports: filed so far */
void view_moves(struct page *page, const struct store_event *event, uint32_t reports);

void view_move(struct page *page);
void view_new(struct page *page);
void view_enter(struct page *page);
void view_report(struct page *page);
void view_transfers(struct page *page);
void view_transfer(struct page *page);
void view_transfer_form(struct page *page);
void view_media(struct page *page);
void view_policies(struct page *page);
void view_actions(struct page *page);
void view_login(struct page *page);
void view_challenge(struct page *page);
void view_login_answer(struct page *page);
void view_logout(struct page *page);

#endif
