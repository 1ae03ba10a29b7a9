// SPDX-License-Identifier: GPL-2.0-or-later
/* What nftables counted, from libnftables' JSON (libnftables-json(5)): both copies together. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/ruleset_private.h"
#include "agent/lib/ruleset/ruleset_text.h"

struct counts {
	struct ruleset_count *items;
	size_t count;
	size_t room;
	int error;
};

static void add(struct counts *counts, uint32_t hook, json_t *counter, uint32_t uid)
{
	json_int_t packets = json_integer_value(json_object_get(counter, "packets"));
	json_int_t bytes = json_integer_value(json_object_get(counter, "bytes"));

	if (counts->error < 0 || packets <= 0)
		return;
	if (counts->count == counts->room) {
		size_t room = counts->room ? 2 * counts->room : 64;
		struct ruleset_count *items = reallocarray(counts->items, room, sizeof(*items));

		if (!items) {
			counts->error = -ENOMEM;
			return;
		}
		counts->items = items;
		counts->room = room;
	}
	counts->items[counts->count++] = (struct ruleset_count){
		.hook = hook, .uid = uid, .packets = (uint64_t)packets, .bytes = (uint64_t)bytes
	};
}

static void add_users(struct counts *counts, uint32_t hook, json_t *set)
{
	json_t *element, *item;
	size_t i;

	json_array_foreach(json_object_get(set, "elem"), i, element)
	{
		item = json_object_get(element, "elem");
		add(counts, hook, json_object_get(item, "counter"),
		    (uint32_t)json_integer_value(json_object_get(item, "val")));
	}
}

static void add_named(struct counts *counts, uint32_t hook, json_t *counter)
{
	const char *name = json_string_value(json_object_get(counter, "name"));

	if (name && strcmp(name, "ag_passing") == 0)
		hook = MSG_NET_HOOK_FORWARD;
	else if (name && strcmp(name, "ag_arriving") == 0)
		hook = MSG_NET_HOOK_INPUT;
	add(counts, hook, counter, UINT32_MAX);
}

static int read_list(struct ruleset *ruleset, const char *command, uint32_t hook,
		     struct counts *counts)
{
	const char *text;
	json_t *root, *item, *object;
	size_t i;
	int r;

	r = nft_client_json(ruleset->nft, command, &text);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	root = json_loads(text, 0, NULL);
	if (!root)
		return -EBADMSG;
	json_array_foreach(json_object_get(root, "nftables"), i, item)
	{
		object = json_object_get(item, "set");
		if (object)
			add_users(counts, hook, object);
		object = json_object_get(item, "counter");
		if (object)
			add_named(counts, hook, object);
	}
	json_decref(root);
	return counts->error;
}

static int compare(const void *a, const void *b)
{
	const struct ruleset_count *left = a, *right = b;

	if (left->hook != right->hook)
		return left->hook < right->hook ? -1 : 1;
	if (left->uid != right->uid)
		return left->uid < right->uid ? -1 : 1;
	return 0;
}

static int show(struct counts *counts, int (*visit)(void *data, const struct ruleset_count *count),
		void *data)
{
	int r = 0;

	if (counts->count)
		qsort(counts->items, counts->count, sizeof(*counts->items), compare);
	for (size_t i = 0; r >= 0 && i < counts->count;) {
		struct ruleset_count sum = counts->items[i];

		for (i++; i < counts->count && compare(&sum, &counts->items[i]) == 0; i++) {
			sum.packets += counts->items[i].packets;
			sum.bytes += counts->items[i].bytes;
		}
		r = visit(data, &sum);
	}
	return r < 0 ? r : 0;
}

int ruleset_counters(struct ruleset *ruleset,
		     int (*visit)(void *data, const struct ruleset_count *count), void *data)
{
	static const char *const copies[] = { RULESET_BASE, RULESET_OWN };
	struct counts counts = { 0 };
	int r = 0;

	for (unsigned i = 0; r == 0 && i < 2 * RULESET_FAMILIES; i++) {
		const char *family = ruleset_families[i % RULESET_FAMILIES];
		const char *table = copies[i / RULESET_FAMILIES];
		uint32_t hook = i % RULESET_FAMILIES ? MSG_NET_HOOK_EGRESS : MSG_NET_HOOK_OUTPUT;
		char command[80];

		snprintf(command, sizeof(command), "list counters table %s %s", family, table);
		r = read_list(ruleset, command, hook, &counts);
		if (r < 0 || strcmp(family, "arp") == 0)
			continue;
		snprintf(command, sizeof(command), "list set %s %s ag_refused", family, table);
		r = read_list(ruleset, command, hook, &counts);
	}
	if (r == 0)
		r = show(&counts, visit, data);
	free(counts.items);
	return r;
}
