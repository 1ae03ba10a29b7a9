// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/study/finding.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void finding_list_free(struct finding_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].why);
		free(list->items[i].what);
	}
	free(list->items);
	*list = (struct finding_list)FINDING_LIST_INIT;
}

static bool make_room(struct finding_list *list)
{
	size_t capacity = list->capacity ? 2 * list->capacity : 16;
	struct finding *items;

	if (list->count < list->capacity)
		return true;
	items = reallocarray(list->items, capacity, sizeof(*items));
	if (!items)
		return false;
	list->items = items;
	list->capacity = capacity;
	return true;
}

void finding_add(struct finding_list *list, enum diag_severity severity, const char *name,
		 struct span at, const char *what, const char *format, ...)
{
	struct finding finding = { .name = name, .severity = severity, .at = at };
	va_list args;

	list->errors += severity == DIAG_ERROR;
	va_start(args, format);
	if (vasprintf(&finding.why, format, args) < 0)
		finding.why = NULL;
	va_end(args);
	finding.what = what ? strdup(what) : NULL;
	if (!finding.why || (what && !finding.what) || !make_room(list)) {
		free(finding.why);
		free(finding.what);
		list->no_memory = true;
		return;
	}
	list->items[list->count++] = finding;
}

/* Insertion from behind: the lists are short and mostly in order. */
void finding_sort(struct finding_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		struct finding moved = list->items[i];
		size_t k = i;

		for (; k > 0 && list->items[k - 1].at.offset > moved.at.offset; k--)
			list->items[k] = list->items[k - 1];
		list->items[k] = moved;
	}
}

int finding_print(FILE *out, const char *name, const char *text, size_t length,
		  struct finding_list *list)
{
	struct diag_list diags = DIAG_LIST_INIT;

	finding_sort(list);
	for (size_t i = 0; i < list->count; i++) {
		const struct finding *it = &list->items[i];

		if (it->severity == DIAG_ERROR)
			diag_error(&diags, it->at, it->what, "%s [%s]", it->why, it->name);
		else
			diag_warning(&diags, it->at, it->what, "%s [%s]", it->why, it->name);
	}
	diag_print(out, name, text, length, &diags);
	diag_list_free(&diags);
	return list->no_memory ? -ENOMEM : 0;
}

struct json_t *finding_json(struct finding_list *list)
{
	json_t *array = json_array();

	finding_sort(list);
	for (size_t i = 0; array && i < list->count; i++) {
		const struct finding *it = &list->items[i];
		json_t *entry =
			json_pack("{s:s, s:s, s:I, s:I, s:s, s:s?}", "name", it->name, "severity",
				  it->severity == DIAG_ERROR ? "error" : "warning", "line",
				  (json_int_t)it->at.line, "column", (json_int_t)it->at.column,
				  "why", it->why, "what", it->what);

		if (!entry || json_array_append_new(array, entry)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}
