/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened, and what to do about it, for an officer who is no technician. */
#ifndef AIRGAP_OFFICE_WEB_SENTENCE_H
#define AIRGAP_OFFICE_WEB_SENTENCE_H

#include <jansson.h>

#include "agent/lib/journal_file.h"
#include "agent/office/web/page.h"
#include "agent/office/store/store_event.h"

/**
 * sentence_line - an entry, or the digest that stands for it, as JSON
 * @head: filled when that is not NULL
 *
 * Returns a new reference; NULL: it is in no form that is known.
 */
json_t *sentence_line(const char *line, size_t length, struct journal_head *head);

/**
 * sentence_read - the event's entry, as JSON
 *
 * NULL: it has none, or one that is in no form that the office reads. The caller drops the reference.
 */
json_t *sentence_read(struct page *page, const struct store_event *event);

/* sentence_event - one sentence; @entry from sentence_read(), or NULL */
void sentence_event(struct page *page, const struct store_event *event, const json_t *entry);

/* sentence_entry - of a line of a log that may be of any kind */
void sentence_entry(struct page *page, const json_t *entry);

/* sentence_advice - what to do first; NULL: nothing */
const char *sentence_advice(const struct store_event *event, const json_t *entry);

#endif
