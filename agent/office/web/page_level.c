// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of levels as the newest published signers' list declares them: the words that people know. */
#include <stdio.h>
#include <string.h>

#include "agent/office/web/page.h"
#include "agent/office/store/store_document.h"
#include "policy/sign/trust.h"

#define WIDTH 160

/* The list as it was read last; it changes rarely. */
static struct {
	int64_t newest; /* document that was the newest then */
	struct trust *trust;
} known;

static int parse(void *data, const struct store_document *document)
{
	(void)data;
	trust_free(known.trust);
	known.trust = NULL;
	/* It was checked when it was published. */
	(void)!trust_parse(document->data, document->length, NULL, &known.trust);
	return 0;
}

static void refresh(struct page *page)
{
	int64_t newest = 0;

	if (store_document_newest(page->store, &newest) < 0) {
		page->html.failed = true;
		return;
	}
	if (newest == known.newest)
		return;
	known.newest = newest;
	if (store_document_kind(page->store, STORE_DOCUMENT_LIST, 1, parse, NULL) < 0)
		page->html.failed = true;
}

const char *page_level(struct page *page, const char *level)
{
	static char text[WIDTH];
	int place;

	refresh(page);
	place = known.trust ? trust_level(known.trust, level) : -1;
	if (place < 0 || !known.trust->levels[place].label[0])
		return level;
	if (page->language == PAGE_CHINESE)
		snprintf(text, sizeof(text), "%s", known.trust->levels[place].label);
	else
		snprintf(text, sizeof(text), "%s (%s)", level, known.trust->levels[place].label);
	return text;
}
