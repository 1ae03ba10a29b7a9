// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/incident_book.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/log.h"
#include "agent/office/incident_policy.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_document.h"
#include "policy/lang/policy.h"

/* Editions kept at hand: terminals that are behind by more count as having the newest. */
#define EDITIONS_MAX 64

struct edition {
	uint64_t serial;
	char unit[STORE_TEXT_SIZE], level[STORE_TEXT_SIZE];
	struct incident_rules rules;
};

struct incident_book {
	struct incident_rules own;
	int64_t newest;		  /* document up to which it was read */
	struct edition *editions; /* the highest serial last */
	size_t count;
};

int incident_rules_load(struct incident_rules *rules, struct store *store)
{
	char *text = NULL, reason[160];
	int r = store_setting_get(store, "incidents", &text);

	incident_rules_default(rules);
	if (r == 0 && incident_rules_read(rules, text, reason, sizeof(reason)) < 0) {
		log_error("the setting 'incidents' is wrong: %s", reason);
		r = -EINVAL;
	}
	free(text);
	return r == -ENOENT ? 0 : r;
}

struct incident_book *incident_book_of_rules(const struct incident_rules *rules)
{
	struct incident_book *book = calloc(1, sizeof(*book));

	if (book)
		book->own = *rules;
	return book;
}

int incident_book_new(struct incident_book **out, struct store *store)
{
	struct incident_rules rules;
	int r = incident_rules_load(&rules, store);

	*out = r < 0 ? NULL : incident_book_of_rules(&rules);
	if (r < 0)
		return r;
	return *out ? incident_book_refresh(*out, store) : -ENOMEM;
}

void incident_book_free(struct incident_book *book)
{
	if (!book)
		return;
	free(book->editions);
	free(book);
}

static int add(struct incident_book *book, const struct policy *policy)
{
	struct edition *more, *edition;

	if (book->count == EDITIONS_MAX) {
		memmove(book->editions, book->editions + 1,
			(EDITIONS_MAX - 1) * sizeof(*book->editions));
		book->count--;
	}
	more = realloc(book->editions, (book->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	book->editions = more;
	edition = &more[book->count++];
	*edition = (struct edition){ .serial = policy_serial(policy), .rules = book->own };
	strncpy(edition->unit, policy_unit(policy), sizeof(edition->unit) - 1);
	strncpy(edition->level, policy_level(policy), sizeof(edition->level) - 1);
	incident_policy_rules(&edition->rules, policy);
	return 0;
}

/* Its signatures were verified when it was published. */
static int read_edition(void *data, const struct store_document *document)
{
	struct policy *policy = NULL;
	int r;

	if (policy_parse(document->data, document->length, NULL, &policy) < 0)
		return 0;
	r = add(data, policy);
	policy_free(policy);
	return r;
}

int incident_book_refresh(struct incident_book *book, struct store *store)
{
	int64_t newest = 0;
	int r = store_document_newest(store, &newest);

	if (r < 0 || newest == book->newest)
		return r;
	book->count = 0;
	r = store_document_kind(store, STORE_DOCUMENT_POLICY, EDITIONS_MAX, read_edition, book);
	if (r == 0)
		book->newest = newest;
	return r;
}

const struct incident_rules *incident_book_own(const struct incident_book *book)
{
	return &book->own;
}

const struct incident_rules *incident_book_for(const struct incident_book *book,
					       const struct store_terminal *terminal)
{
	if (!terminal)
		return &book->own;
	for (size_t i = book->count; terminal->policy && i > 0; i--)
		if (book->editions[i - 1].serial == terminal->policy)
			return &book->editions[i - 1].rules;
	for (size_t i = book->count; i > 0; i--)
		if (strcmp(book->editions[i - 1].unit, terminal->unit) == 0 &&
		    strcmp(book->editions[i - 1].level, terminal->level) == 0)
			return &book->editions[i - 1].rules;
	return &book->own;
}

const struct incident_rules *incident_book_for_id(const struct incident_book *book,
						  struct store *store, int64_t id)
{
	struct store_terminal terminal;

	if (!id || book->count == 0 || store_terminal_by_id(store, id, &terminal) < 0)
		return &book->own;
	return incident_book_for(book, &terminal);
}
