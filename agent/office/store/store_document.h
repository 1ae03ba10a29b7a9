/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the office sends to terminals, and how far it came. See store.h for what holds of all of it. */
#ifndef AIRGAP_OFFICE_STORE_DOCUMENT_H
#define AIRGAP_OFFICE_STORE_DOCUMENT_H

#include "agent/office/store/store.h"

enum store_document_kind {
	STORE_DOCUMENT_LIST, /* signers' list; kinds come in the order of delivery */
	STORE_DOCUMENT_TABLE,
	STORE_DOCUMENT_POLICY,
	STORE_DOCUMENT_ORDER,
	STORE_DOCUMENT_CARD, /* of another unit */
	STORE_DOCUMENT_KIND_COUNT,
};

struct store_document {
	int64_t id;
	uint32_t kind;
	char name[STORE_TEXT_SIZE]; /* policy id, table name, order id, unit of a card; "" for a list */
	uint64_t number;	    /* serial or number; it only goes up */
	uint8_t digest[STORE_HASH_SIZE];
	int64_t added_us;
	const void *data; /* the signed file */
	size_t length;
};

/* store_document_add - -EEXIST: this number is taken; -ESTALE: there is a higher one */
int store_document_add(struct store *store, struct store_document *document);
typedef int (*store_document_fn)(void *data, const struct store_document *document);
int store_document_each(struct store *store, store_document_fn fn, void *data);
/* store_document_kind - the last @limit ones of a kind, by their numbers, the highest last */
int store_document_kind(struct store *store, uint32_t kind, uint32_t limit, store_document_fn fn,
			void *data);
/* store_document_newest - id of the one that came last; 0: none */
int store_document_newest(struct store *store, int64_t *id);

/* Wanted, delivered and active numbers of one document at one terminal. */
struct store_delivery {
	int64_t terminal;
	int64_t document; /* wanted; 0: none */
	uint32_t kind;
	char name[STORE_TEXT_SIZE];
	uint64_t wanted;
	uint64_t delivered;
	uint64_t active;
	int64_t wanted_us;
	int64_t delivered_us;
	int64_t active_us;
};

/* store_delivery_want - @document becomes the wanted one of its kind and name */
int store_delivery_want(struct store *store, int64_t terminal,
			const struct store_document *document, int64_t now_us);
int store_delivery_delivered(struct store *store, int64_t terminal, uint32_t kind, const char *name,
			     uint64_t number, int64_t now_us);
/* store_delivery_sent - all that its inbox holds counts as delivered */
int store_delivery_sent(struct store *store, int64_t terminal, int64_t now_us);
int store_delivery_active(struct store *store, int64_t terminal, uint32_t kind, const char *name,
			  uint64_t number, int64_t now_us);
typedef int (*store_delivery_fn)(void *data, const struct store_delivery *delivery);
/* store_delivery_each - @terminal 0: of all */
int store_delivery_each(struct store *store, int64_t terminal, store_delivery_fn fn, void *data);
/* store_inbox_each - wanted documents whose number the terminal does not have active yet */
int store_inbox_each(struct store *store, int64_t terminal, store_document_fn fn, void *data);

#endif
