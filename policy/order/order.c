// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/order/order.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/document.h"

#define DAY 86400

struct reader {
	const struct block *block;
	struct diag_list *diags;
	struct order *order;
};

/* The schema's bounds are those of the arrays; each is cleared before. */
static void copy_text(const struct reader *reader, const char *keyword, const char *name, char *out,
		      size_t size)
{
	const char *text = statement_text(document_statement(reader->block, keyword, NULL), name);

	snprintf(out, size, "%s", text);
}

static void read_dates(const struct reader *reader)
{
	const struct statement *valid = document_statement(reader->block, "valid", NULL);
	const struct value *dates = statement_value(valid, "dates");

	reader->order->from = dates->dates.from;
	reader->order->until = dates->dates.to;
	if (reader->order->until - reader->order->from >= (int64_t)ORDER_DAYS_MAX * DAY)
		diag_error(reader->diags, dates->at, "give a new order when this one has ended",
			   "an order is valid for at most %d days", ORDER_DAYS_MAX);
}

static void read_permit(const struct reader *reader, const struct statement *permit)
{
	const struct value *id = statement_value(permit, "id");
	const struct value *hash = statement_value(permit, "hash");
	struct order *order = reader->order;

	if (id->id.any_vendor || id->id.any_product)
		diag_error(reader->diags, id->at, "name vendor and product in full",
			   "an order permits one device, not '%s'", id->text);
	order->vendor = id->id.vendor;
	order->product = id->id.product;
	snprintf(order->serial, sizeof(order->serial), "%s", statement_text(permit, "serial"));
	order->duration_s = statement_number(permit, "for", 0);
	order->has_hash = hash != NULL;
	if (hash)
		memcpy(order->hash, hash->hash, sizeof(order->hash));
}

static const struct {
	const char *keyword;
	enum order_kind kind;
} kinds[] = {
	{ "permit", ORDER_KIND_PERMIT },
	{ "release", ORDER_KIND_RELEASE_LOCKDOWN },
	{ "enforce", ORDER_KIND_ENFORCE },
	{ "maintenance", ORDER_KIND_MAINTENANCE },
	{ "end", ORDER_KIND_END_MAINTENANCE },
};

static void read_kind(const struct reader *reader)
{
	const struct statement *found = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct statement *statement =
			document_statement(reader->block, kinds[i].keyword, NULL);

		if (!statement)
			continue;
		if (found) {
			diag_error(reader->diags, statement->at, "write a second order",
				   "an order does one thing: '%s' stands in line %u already",
				   found->schema->keyword, found->at.line);
			return;
		}
		found = statement;
		reader->order->kind = kinds[i].kind;
	}
	if (!found)
		diag_error(reader->diags, reader->block->at,
			   "add 'permit ...', 'release lockdown', 'enforce', 'maintenance for ...' "
			   "or 'end maintenance'",
			   "the order does not say what to do");
	else if (reader->order->kind == ORDER_KIND_PERMIT)
		read_permit(reader, found);
	else if (reader->order->kind == ORDER_KIND_MAINTENANCE)
		reader->order->duration_s = statement_number(found, "for", 0);
}

static void read_order(const struct reader *reader)
{
	struct order *order = reader->order;

	copy_text(reader, "id", "id", order->id, sizeof(order->id));
	copy_text(reader, "terminal", "number", order->terminal, sizeof(order->terminal));
	copy_text(reader, "reason", "reason", order->reason, sizeof(order->reason));
	read_dates(reader);
	read_kind(reader);
}

int order_parse(const char *text, size_t length, struct diag_list *diags, struct order *order)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	struct reader reader = { .diags = list, .order = order };
	struct document *document = NULL;
	size_t errors = list->errors;
	int ret;

	memset(order, 0, sizeof(*order));
	length = document_text_length(text, length);
	ret = document_parse("airgap-order", text, length, list, &document);
	if (!ret) {
		reader.block = document_block(document, "order");
		read_order(&reader);
		crypto_hash_sha256(order->digest, (const uint8_t *)text, length);
		if (list->errors > errors)
			ret = -EINVAL;
	}
	if (ret)
		memset(order, 0, sizeof(*order));
	document_free(document);
	diag_list_free(&own);
	return ret;
}

bool order_permits(const struct order *order, const struct usb_facts *facts)
{
	if (order->kind != ORDER_KIND_PERMIT || !order->serial[0] ||
	    order->vendor != facts->vendor || order->product != facts->product)
		return false;
	if (strncmp(order->serial, facts->serial, sizeof(order->serial)) != 0)
		return false;
	return !order->has_hash || memcmp(order->hash, facts->hash, sizeof(order->hash)) == 0;
}

const char *order_kind_name(enum order_kind kind)
{
	static const char *const names[ORDER_KIND_COUNT] = {
		[ORDER_KIND_PERMIT] = "permit",
		[ORDER_KIND_RELEASE_LOCKDOWN] = "release-lockdown",
		[ORDER_KIND_ENFORCE] = "enforce",
		[ORDER_KIND_MAINTENANCE] = "maintenance",
		[ORDER_KIND_END_MAINTENANCE] = "end-maintenance",
	};

	return kind < ORDER_KIND_COUNT ? names[kind] : "unknown";
}
