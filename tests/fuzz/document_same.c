// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two documents compared by what they say. Written against document.h alone, so that a mistake of
 * parser or printer cannot cancel out here.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/lex.h"
#include "policy/lang/print.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_list(const struct value *a, const struct value *b);

/* Values by their meaning: 0A:b and 0a:B are one id, however they are written. */
static bool same_value(const struct value *a, const struct value *b)
{
	if (a->type != b->type || !same_text(a->after, b->after))
		return false;
	switch (a->type) {
	case VALUE_ABSENT:
		return true;
	case VALUE_LIST:
		return same_list(a, b);
	case VALUE_DATES:
	case VALUE_DATE:
	case VALUE_TIME:
		return a->dates.from == b->dates.from && a->dates.to == b->dates.to;
	case VALUE_USB_ID:
		return a->id.any_vendor == b->id.any_vendor &&
		       a->id.any_product == b->id.any_product &&
		       (a->id.any_vendor || a->id.vendor == b->id.vendor) &&
		       (a->id.any_product || a->id.product == b->id.product);
	case VALUE_USB_INTERFACE:
		return a->triple.fixed == b->triple.fixed &&
		       (a->triple.fixed < 1 || a->triple.class == b->triple.class) &&
		       (a->triple.fixed < 2 || a->triple.subclass == b->triple.subclass) &&
		       (a->triple.fixed < 3 || a->triple.protocol == b->triple.protocol);
	case VALUE_HASH:
	case VALUE_DIGEST:
		return memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
	case VALUE_HOURS:
		return a->hours.days == b->hours.days && a->hours.from == b->hours.from &&
		       a->hours.to == b->hours.to;
	case VALUE_ADDRESS:
		return a->prefix.family == b->prefix.family && a->prefix.bits == b->prefix.bits &&
		       memcmp(a->prefix.bytes, b->prefix.bytes, sizeof(a->prefix.bytes)) == 0;
	case VALUE_NUMBER:
	case VALUE_DURATION:
	case VALUE_SIZE:
	case VALUE_FLAG:
	case VALUE_USB_CLASS:
		return a->number == b->number;
	case VALUE_CHOICE:
		return a->number == b->number && same_text(a->text, b->text);
	default:
		return same_text(a->text, b->text);
	}
}

static bool same_list(const struct value *a, const struct value *b)
{
	if (a->list.count != b->list.count)
		return false;
	for (uint32_t i = 0; i < a->list.count; i++)
		if (!same_value(&a->list.items[i], &b->list.items[i]))
			return false;
	return true;
}

static bool same_condition(const struct condition *a, const struct condition *b)
{
	return a->schema == b->schema && a->op == b->op && a->presence == b->presence &&
	       (a->presence != CONDITION_VALUE || same_value(&a->value, &b->value));
}

/* Lines of comments; blank ones may be fewer after printing. */
static bool same_comments(const struct comment *a, const struct comment *b)
{
	for (;;) {
		while (a && !a->text)
			a = a->next;
		while (b && !b->text)
			b = b->next;
		if (!a || !b)
			return a == b;
		if (strcmp(a->text, b->text) != 0)
			return false;
		a = a->next;
		b = b->next;
	}
}

static bool same_statement(const struct statement *a, const struct statement *b)
{
	if (a->schema != b->schema || a->arg_count != b->arg_count ||
	    a->condition_count != b->condition_count || !same_text(a->name, b->name) ||
	    !same_text(a->after, b->after) || !same_comments(a->before, b->before))
		return false;
	for (size_t i = 0; i < a->arg_count; i++)
		if (!same_value(&a->args[i], &b->args[i]))
			return false;
	for (size_t i = 0; i < a->condition_count; i++)
		if (!same_condition(&a->conditions[i], &b->conditions[i]))
			return false;
	return true;
}

static bool same_block(const struct block *a, const struct block *b)
{
	const struct statement *x = a->first, *y = b->first;

	if (a->schema != b->schema || !same_comments(a->before, b->before) ||
	    !same_comments(a->last, b->last) || !same_text(a->after_open, b->after_open) ||
	    !same_text(a->after_close, b->after_close))
		return false;
	for (; x && y; x = x->next, y = y->next)
		if (!same_statement(x, y))
			return false;
	return x == y;
}

bool fuzz_documents_same(const struct document *a, const struct document *b)
{
	const struct block *x = a->first, *y = b->first;

	if (a->schema != b->schema || !same_comments(a->before, b->before) ||
	    !same_comments(a->last, b->last) || !same_text(a->after, b->after))
		return false;
	for (; x && y; x = x->next, y = y->next)
		if (!same_block(x, y))
			return false;
	return x == y;
}

static char *print(const struct document *document, size_t *length)
{
	char *text = NULL;

	MUST(document_print(document, &text, length) == 0);
	return text;
}

char *fuzz_document_prints(const char *kind, const char *text, size_t length, size_t *printed)
{
	struct document *document = NULL, *again = NULL;
	struct diag_list diags = DIAG_LIST_INIT;
	char *once, *twice;
	size_t size = 0;
	int result;

	result = document_parse(kind, text, length, &diags, &document);
	fuzz_diags_hold(&diags, text, length, result);
	diag_list_free(&diags);
	MUST((result == 0) == (document != NULL));
	if (result)
		return NULL;
	once = print(document, printed);
	/* Columns are aligned, so a text near the limit can be printed as one beyond it. */
	if (*printed > LEX_TEXT_MAX) {
		document_free(document);
		free(once);
		return NULL;
	}
	MUST(document_parse(kind, once, *printed, NULL, &again) == 0);
	MUST(fuzz_documents_same(document, again));
	twice = print(again, &size);
	MUST(size == *printed && memcmp(once, twice, size) == 0);
	free(twice);
	document_free(again);
	document_free(document);
	return once;
}
