// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/same_document.h"

#include <check.h>
#include <string.h>

#include "policy/lang/scalar.h"

static void same_value(const struct value *a, const struct value *b)
{
	uint8_t key_a[SCALAR_KEY_MAX], key_b[SCALAR_KEY_MAX];
	size_t length;

	ck_assert_int_eq(a->type, b->type);
	if (a->type == VALUE_ABSENT)
		return;
	if (a->type == VALUE_DATES) {
		ck_assert_int_eq(a->dates.from, b->dates.from);
		ck_assert_int_eq(a->dates.to, b->dates.to);
		return;
	}
	if (a->type == VALUE_LIST) {
		ck_assert_uint_eq(a->list.count, b->list.count);
		for (uint32_t i = 0; i < a->list.count; i++)
			same_value(&a->list.items[i], &b->list.items[i]);
		return;
	}
	length = scalar_key(a, key_a);
	ck_assert_uint_eq(length, scalar_key(b, key_b));
	ck_assert_int_eq(memcmp(key_a, key_b, length), 0);
}

static void same_statement(const struct statement *a, const struct statement *b)
{
	ck_assert_ptr_eq(a->schema, b->schema);
	ck_assert_uint_eq(a->arg_count, b->arg_count);
	for (size_t i = 0; i < a->arg_count; i++)
		same_value(&a->args[i], &b->args[i]);
	ck_assert_int_eq(a->name != NULL, b->name != NULL);
	if (a->name)
		ck_assert_str_eq(a->name, b->name);
	ck_assert_uint_eq(a->condition_count, b->condition_count);
	for (size_t i = 0; i < a->condition_count; i++) {
		ck_assert_ptr_eq(a->conditions[i].schema, b->conditions[i].schema);
		ck_assert_int_eq(a->conditions[i].op, b->conditions[i].op);
		ck_assert_int_eq(a->conditions[i].presence, b->conditions[i].presence);
		same_value(&a->conditions[i].value, &b->conditions[i].value);
	}
}

void same_document(const struct document *a, const struct document *b)
{
	const struct block *x = a->first, *y = b->first;

	ck_assert_ptr_eq(a->schema, b->schema);
	for (; x && y; x = x->next, y = y->next) {
		const struct statement *s = x->first, *t = y->first;

		ck_assert_ptr_eq(x->schema, y->schema);
		for (; s && t; s = s->next, t = t->next)
			same_statement(s, t);
		ck_assert(!s && !t);
	}
	ck_assert(!x && !y);
}
