// SPDX-License-Identifier: GPL-2.0-or-later
/* What two regions have in common, and what one has beyond the other. */
#include "policy/study/region.h"

#include <stdio.h>
#include <string.h>

#include "policy/lang/arena.h"

static bool any_pattern_covers(struct words list, const char *text)
{
	for (size_t i = 0; i < list.count; i++)
		if (pattern_covers(list.items[i], text))
			return true;
	return false;
}

static bool touches(struct words list, const char *text)
{
	for (size_t i = 0; i < list.count; i++)
		if (pattern_covers(list.items[i], text) || pattern_covers(text, list.items[i]))
			return true;
	return false;
}

/* Whether one of the types of a device that is fully known is meant by the pattern. */
static bool covers_one(const char *pattern, struct words types)
{
	for (size_t i = 0; i < types.count; i++)
		if (pattern_covers(pattern, types.items[i]))
			return true;
	return false;
}

static bool equals_fails(const struct region *it)
{
	bool any = it->any.count == 0;

	for (size_t i = 0; i < it->equals.count; i++) {
		if (it->within_given && !any_pattern_covers(it->within, it->equals.items[i]))
			return true;
		if (any_pattern_covers(it->none, it->equals.items[i]))
			return true;
		any |= any_pattern_covers(it->any, it->equals.items[i]);
	}
	for (size_t i = 0; i < it->all.count; i++)
		if (!covers_one(it->all.items[i], it->equals))
			return true;
	return !any;
}

/* One interface type that the pattern means can be there. */
static bool possible(const struct region *it, const char *pattern)
{
	if (any_pattern_covers(it->none, pattern))
		return false;
	return !it->within_given || touches(it->within, pattern);
}

static bool interfaces_fail(const struct region *it)
{
	bool any = it->any.count == 0, left = !it->within_given;

	if (it->equals_given)
		return equals_fails(it);
	for (size_t i = 0; i < it->all.count; i++)
		if (!possible(it, it->all.items[i]))
			return true;
	for (size_t i = 0; i < it->any.count; i++)
		any |= possible(it, it->any.items[i]);
	for (size_t i = 0; i < it->within.count; i++)
		left |= !any_pattern_covers(it->none, it->within.items[i]);
	return !any || !left;
}

bool region_settle(struct region *region)
{
	region->empty = region->empty || interfaces_fail(region);
	return region->empty;
}

bool region_meets(struct region_space *space, const struct region *a, const struct region *b)
{
	struct region both = *a;

	for (enum region_key key = 0; key < REGION_KEY_COUNT; key++) {
		if (b->limited[key])
			region_limit(space, &both, key, b->in[key]);
		if (b->out[key].count)
			region_exclude(space, &both, key, b->out[key]);
	}
	region_connect(&both, b->connect);
	if (b->equals_given)
		region_equals(space, &both, b->equals);
	if (b->within_given)
		region_within(space, &both, b->within);
	region_all(space, &both, b->all);
	region_none(space, &both, b->none);
	/* A second one cannot be said; without it the common part only looks larger. */
	if (b->any.count)
		region_has_any(space, &both, b->any);
	both.empty |= b->empty;
	return !region_settle(&both);
}

/* More patterns than this make no rule that someone reads. */
#define COMPLEMENT_MAX 2048

/* All types that begin so and that no pattern of the list means, as patterns. */
static void complement(struct region_space *space, struct words list, const char *prefix,
		       struct words *out)
{
	for (unsigned int byte = 0; byte < 256; byte++) {
		bool last = strlen(prefix) == 6;
		char *text = arena_alloc(space->arena, 16);

		if (!text || out->count == COMPLEMENT_MAX) {
			space->no_memory |= !text;
			out->count = COMPLEMENT_MAX;
			return;
		}
		snprintf(text, 16, "%.8s%02x%s", prefix, byte,
			 last	     ? ""
			 : prefix[0] ? ":*"
				     : ":*:*");
		if (any_pattern_covers(list, text))
			continue;
		if (!touches(list, text)) {
			out->items[out->count++] = text;
			continue;
		}
		text[strlen(prefix) + 3] = '\0';
		complement(space, list, text, out);
	}
}

struct subtraction {
	struct region_space *space;
	struct region rest; /* of @from, where all constraints so far hold */
	enum region_rounding rounding;
	struct regions *pieces;
	bool exact;
};

static void keep(struct subtraction *it, struct region *piece)
{
	if (!region_settle(piece) && regions_add(it->pieces, piece))
		it->space->no_memory = true;
}

static void without_keys(struct subtraction *it, const struct region *what, enum region_key key)
{
	struct region piece = it->rest;

	if (what->limited[key]) {
		region_exclude(it->space, &piece, key, what->in[key]);
		keep(it, &piece);
		region_limit(it->space, &it->rest, key, what->in[key]);
	}
	if (what->out[key].count) {
		piece = it->rest;
		region_limit(it->space, &piece, key, what->out[key]);
		keep(it, &piece);
		region_exclude(it->space, &it->rest, key, what->out[key]);
	}
}

/* One of @types must be there: as one piece, or as one for each. */
static void piece_with_any(struct subtraction *it, struct words types)
{
	struct region piece = it->rest;

	if (region_has_any(it->space, &piece, types)) {
		keep(it, &piece);
		return;
	}
	for (size_t i = 0; i < types.count; i++) {
		piece = it->rest;
		region_all(it->space, &piece, (struct words){ &types.items[i], 1 });
		keep(it, &piece);
		region_none(it->space, &it->rest, (struct words){ &types.items[i], 1 });
	}
}

static void without_within(struct subtraction *it, struct words within)
{
	struct words others = words_room(it->space, COMPLEMENT_MAX);

	if (!others.items)
		return;
	complement(it->space, within, "", &others);
	if (others.count < COMPLEMENT_MAX) {
		piece_with_any(it, others);
	} else {
		it->exact = false;
		if (it->rounding == REGION_LARGER)
			keep(it, &it->rest);
	}
	region_within(it->space, &it->rest, within);
}

static void without_interfaces(struct subtraction *it, const struct region *what)
{
	struct region piece;

	if (what->within_given)
		without_within(it, what->within);
	if (what->any.count) {
		piece = it->rest;
		region_none(it->space, &piece, what->any);
		keep(it, &piece);
		/* Where that cannot be said, the pieces that follow overlap, and are right all the same. */
		region_has_any(it->space, &it->rest, what->any);
	}
	for (size_t i = 0; i < what->all.count; i++) {
		struct words one = { &what->all.items[i], 1 };

		piece = it->rest;
		region_none(it->space, &piece, one);
		keep(it, &piece);
		region_all(it->space, &it->rest, one);
	}
	if (what->none.count) {
		piece_with_any(it, what->none);
		region_none(it->space, &it->rest, what->none);
	}
}

/*
 * That the interfaces are not those of a list, each as often, cannot be said. What lacks one of them
 * is smaller than that; leaving the constraint out is larger.
 */
static void without_equals(struct subtraction *it, const struct region *what)
{
	struct region rest = it->rest, piece;

	if (!what->equals_given)
		return;
	region_equals(it->space, &rest, what->equals);
	if (region_settle(&rest)) {
		keep(it, &it->rest);
		it->rest.empty = true;
		return;
	}
	it->rest = it->rest.equals_given ? rest : it->rest;
	if (it->rest.equals_given)
		return;
	it->exact = false;
	if (it->rounding == REGION_LARGER) {
		keep(it, &it->rest);
		return;
	}
	for (size_t i = 0; i < what->equals.count; i++) {
		struct words one = { &what->equals.items[i], 1 };

		piece = it->rest;
		region_none(it->space, &piece, one);
		keep(it, &piece);
		region_all(it->space, &it->rest, one);
	}
}

bool region_subtract(struct region_space *space, const struct region *from,
		     const struct region *what, enum region_rounding rounding,
		     struct regions *pieces)
{
	struct subtraction it = {
		.space = space,
		.rounding = rounding,
		.pieces = pieces,
		.exact = true,
	};
	struct region piece;

	/* Not in the initialiser: gcc 12 with -ftrivial-auto-var-init=zero clears bytes of it there. */
	it.rest = *from;
	if (!region_meets(space, from, what)) {
		keep(&it, &it.rest);
		return true;
	}
	for (enum region_key key = 0; key < REGION_KEY_COUNT; key++)
		without_keys(&it, what, key);
	if (what->connect != REGION_CONNECT_ANY) {
		piece = it.rest;
		region_connect(&piece, (uint8_t)~what->connect & REGION_CONNECT_ANY);
		keep(&it, &piece);
		region_connect(&it.rest, what->connect);
	}
	without_interfaces(&it, what);
	without_equals(&it, what);
	return it.exact;
}
