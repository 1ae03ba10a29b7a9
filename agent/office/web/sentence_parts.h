/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that make sentences. */
#ifndef AIRGAP_OFFICE_WEB_SENTENCE_PARTS_H
#define AIRGAP_OFFICE_WEB_SENTENCE_PARTS_H

#include "agent/office/web/sentence.h"

/* A sentence chosen by a word; "%s" in it is what it is about. */
struct sentence_choice {
	const char *word;
	const char *text;
};

/* sentence_choose - translated; NULL: not among them. A NULL word ends the list. */
const char *sentence_choose(const struct sentence_choice *choices, const char *word);

/* sentence_fill - @text with its first "%s" replaced; both are escaped */
void sentence_fill(struct page *page, const char *text, const char *subject);

/* sentence_text - a member that is a text, else "" */
static inline const char *sentence_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* sentence_transfer, sentence_medium - of entries of these kinds (sentence_exchange.c) */
void sentence_transfer(struct page *page, const json_t *event);
void sentence_medium(struct page *page, const json_t *event);

#endif
