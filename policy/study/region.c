// SPDX-License-Identifier: GPL-2.0-or-later
/* Constraints on one region. */
#include "policy/study/region.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/arena.h"

struct region region_any(void)
{
	return (struct region){ .connect = REGION_CONNECT_ANY };
}

bool pattern_covers(const char *outer, const char *inner)
{
	size_t fixed = strcspn(outer, "*");

	return strncmp(outer, inner, fixed) == 0 && (outer[fixed] || !inner[fixed]);
}

/* Only ids have wildcards; a '*' in a name is one. */
static bool covers(enum region_key key, const char *outer, const char *inner)
{
	return key == REGION_ID ? pattern_covers(outer, inner) : strcmp(outer, inner) == 0;
}

bool words_have(struct words words, const char *text)
{
	for (size_t i = 0; i < words.count; i++)
		if (strcmp(words.items[i], text) == 0)
			return true;
	return false;
}

struct words words_room(struct region_space *space, size_t count)
{
	struct words words = { arena_alloc(space->arena, (count + 1) * sizeof(char *)), 0 };

	space->no_memory |= !words.items;
	return words;
}

static bool any_covers(enum region_key key, struct words list, const char *text)
{
	for (size_t i = 0; i < list.count; i++)
		if (covers(key, list.items[i], text))
			return true;
	return false;
}

/* Every pair has in common what the narrower of the two means, or nothing. */
static struct words words_meet(struct region_space *space, enum region_key key, struct words a,
			       struct words b)
{
	struct words out = words_room(space, a.count + b.count);

	for (size_t i = 0; out.items && i < a.count; i++)
		if (any_covers(key, b, a.items[i]))
			out.items[out.count++] = a.items[i];
	for (size_t i = 0; out.items && i < b.count; i++)
		if (!words_have(a, b.items[i]) && any_covers(key, a, b.items[i]))
			out.items[out.count++] = b.items[i];
	return out;
}

static struct words words_without(struct region_space *space, enum region_key key, struct words a,
				  struct words without)
{
	struct words out = words_room(space, a.count);

	for (size_t i = 0; out.items && i < a.count; i++)
		if (!any_covers(key, without, a.items[i]))
			out.items[out.count++] = a.items[i];
	return out;
}

static struct words words_join(struct region_space *space, struct words a, struct words b)
{
	struct words out = words_room(space, a.count + b.count);

	for (size_t i = 0; out.items && i < a.count; i++)
		out.items[out.count++] = a.items[i];
	for (size_t i = 0; out.items && i < b.count; i++)
		if (!words_have(a, b.items[i]))
			out.items[out.count++] = b.items[i];
	return out;
}

/* What is excluded leaves the list; exclusions that touch nothing of it are forgotten. */
static void fold(struct region_space *space, struct region *region, enum region_key key)
{
	struct words out = { 0 };

	if (!region->limited[key])
		return;
	region->in[key] = words_without(space, key, region->in[key], region->out[key]);
	out = words_room(space, region->out[key].count);
	for (size_t i = 0; out.items && i < region->out[key].count; i++)
		for (size_t k = 0; k < region->in[key].count; k++) {
			if (!covers(key, region->in[key].items[k], region->out[key].items[i]))
				continue;
			out.items[out.count++] = region->out[key].items[i];
			break;
		}
	region->out[key] = out;
	region->empty |= region->in[key].count == 0;
}

void region_limit(struct region_space *space, struct region *region, enum region_key key,
		  struct words in)
{
	region->in[key] = region->limited[key] ? words_meet(space, key, region->in[key], in) : in;
	region->limited[key] = true;
	fold(space, region, key);
}

void region_exclude(struct region_space *space, struct region *region, enum region_key key,
		    struct words out)
{
	region->out[key] = words_join(space, region->out[key], out);
	region->empty |= any_covers(key, out, "*:*") && key == REGION_ID;
	fold(space, region, key);
}

void region_connect(struct region *region, uint8_t connect)
{
	region->connect &= connect;
	region->empty |= region->connect == 0;
}

static bool same_multiset(struct words a, struct words b)
{
	for (size_t i = 0; a.count == b.count && i < a.count; i++) {
		size_t in_a = 0, in_b = 0;

		for (size_t k = 0; k < a.count; k++) {
			in_a += strcmp(a.items[k], a.items[i]) == 0;
			in_b += strcmp(b.items[k], a.items[i]) == 0;
		}
		if (in_a != in_b)
			return false;
	}
	return a.count == b.count;
}

void region_equals(struct region_space *space, struct region *region, struct words types)
{
	(void)space;
	if (region->equals_given && !same_multiset(region->equals, types))
		region->empty = true;
	region->equals_given = true;
	region->equals = types;
}

void region_within(struct region_space *space, struct region *region, struct words types)
{
	region->within =
		region->within_given ? words_meet(space, REGION_ID, region->within, types) : types;
	region->within_given = true;
}

void region_all(struct region_space *space, struct region *region, struct words types)
{
	region->all = words_join(space, region->all, types);
}

void region_none(struct region_space *space, struct region *region, struct words types)
{
	region->none = words_join(space, region->none, types);
}

bool region_has_any(struct region_space *space, struct region *region, struct words types)
{
	if (types.count == 1) {
		region_all(space, region, types);
		return true;
	}
	if (region->any.count > 0)
		return false;
	region->any = types;
	return true;
}

int regions_add(struct regions *list, const struct region *region)
{
	struct region *items;
	size_t capacity = list->capacity ? 2 * list->capacity : 8;

	if (list->count == list->capacity) {
		items = reallocarray(list->items, capacity, sizeof(*items));
		if (!items)
			return -ENOMEM;
		list->items = items;
		list->capacity = capacity;
	}
	list->items[list->count++] = *region;
	return 0;
}

void regions_free(struct regions *list)
{
	free(list->items);
	*list = (struct regions){ 0 };
}
