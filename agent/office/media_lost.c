// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/media_lost.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/office/evidence.h"
#include "agent/office/store/store_event.h"
#include "policy/table/table.h"
#include "policy/table/table_column.h"

/* More open events than this are not looked through: then a medium may be told twice, and none is missed. */
#define EVENTS_MAX 10000

struct lost {
	struct store *store;
	const struct incident_rules *rules;
	const struct store_document *document;
	int64_t now_us;
	struct table *table, *before;
	int count;
};

static int parse(const struct store_document *document, struct table **table)
{
	int r = table_parse(document->data, document->length, NULL, table);

	if (r == 0 && table_kind(*table) != TABLE_KIND_MEDIA) {
		table_free(*table);
		*table = NULL;
	}
	return r;
}

static int see_before(void *data, const struct store_document *document)
{
	struct lost *lost = data;

	if (document->kind != STORE_DOCUMENT_TABLE ||
	    strcmp(document->name, lost->document->name) != 0 ||
	    document->number >= lost->document->number)
		return 0;
	/* They come in the order of their numbers. */
	table_free(lost->before);
	lost->before = NULL;
	return parse(document, &lost->before);
}

struct search {
	const char *serial;
	char id[2 * TABLE_MEDIA_ID + 1];
	bool found;
};

static int see_event(void *data, const struct store_event *event)
{
	struct search *search = data;

	if (strcmp(event->kind, "medium-lost") != 0 && strcmp(event->kind, "medium-stolen") != 0)
		return 0;
	search->found = strstr(event->facts, search->id) ||
			(search->serial && strstr(event->facts, search->serial));
	return search->found;
}

/* Is there an open event about it, of whoever entered it? */
static int is_told(const struct lost *lost, const struct table_media *row, bool *told)
{
	const struct store_event_filter open = { .states = 1u << STORE_EVENT_TO_VERIFY |
							   1u << STORE_EVENT_IN_HAND |
							   1u << STORE_EVENT_TO_REVIEW,
						 .limit = EVENTS_MAX };
	struct search search = { .serial = row->serial };
	int r;

	sodium_bin2hex(search.id, sizeof(search.id), row->id, TABLE_MEDIA_ID);
	r = store_event_each(lost->store, &open, see_event, &search);
	*told = search.found;
	return r < 0 ? r : 0;
}

static int tell(struct lost *lost, const struct table_media *row)
{
	char raw[512], facts[512], id[2 * TABLE_MEDIA_ID + 1];
	struct evidence evidence = { .kind = "medium-lost",
				     .facts = facts,
				     .medium = incident_medium(row->level),
				     .now_us = lost->now_us };

	if (evidence.medium == INCIDENT_MEDIUM_COUNT)
		evidence.medium = INCIDENT_MEDIUM_UNKNOWN;
	sodium_bin2hex(id, sizeof(id), row->id, TABLE_MEDIA_ID);
	snprintf(raw, sizeof(raw),
		 "medium %s, serial number %s, level %s, unit %s, custodian %s: lost by number "
		 "%" PRIu64 " of table %s",
		 id, row->serial ? row->serial : "-", row->level, row->unit ? row->unit : "-",
		 row->custodian ? row->custodian : "-", lost->document->number,
		 lost->document->name);
	printable_copy(facts, sizeof(facts), raw);
	lost->count++;
	return evidence_event(lost->store, lost->rules, &evidence, NULL);
}

static int look_at(struct lost *lost, const struct table_media *row)
{
	struct table_media before;
	bool told = row->status != TABLE_STATUS_LOST ||
		    (lost->before && table_media_find_id(lost->before, row->id, &before) &&
		     before.status == TABLE_STATUS_LOST);
	int r = told ? 0 : is_told(lost, row, &told);

	return r < 0 || told ? r : tell(lost, row);
}

int media_lost_take(struct store *store, const struct incident_rules *rules,
		    const struct store_document *document, int64_t now_us)
{
	struct lost lost = {
		.store = store, .rules = rules, .document = document, .now_us = now_us
	};
	struct table_media row;
	int r = document->kind == STORE_DOCUMENT_TABLE ? parse(document, &lost.table) : 0;

	if (r == 0 && lost.table)
		r = store_document_each(store, see_before, &lost);
	for (size_t i = 0; r == 0 && lost.table && table_media_row(lost.table, i, &row); i++)
		r = look_at(&lost, &row);
	table_free(lost.before);
	table_free(lost.table);
	return r < 0 ? r : lost.count;
}
