// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * with-interface. What is documented as 'equals' pairs each type of the rule with one interface;
 * what USBGuard does is to compare the counts and to look for each type of the rule, so that types
 * written twice, or wildcards, leave room for interfaces that the rule does not name.
 */
#include "policy/import/usbguard_rule.h"

#include <string.h>

/* Rules that one rule with wildcards may become. */
#define EXPANSIONS_MAX 64

/* Types that devices in use have, for wildcards where our language wants types in full. */
static const char *const known_types[] = {
	"01:01:00", "01:02:00", "01:03:00", "02:02:01", "02:06:00", "02:0d:00", "03:00:00",
	"03:00:01", "03:00:02", "03:01:00", "03:01:01", "03:01:02", "06:01:01", "07:01:01",
	"07:01:02", "07:01:03", "07:01:04", "08:01:00", "08:02:50", "08:04:00", "08:05:50",
	"08:06:00", "08:06:01", "08:06:50", "08:06:62", "09:00:00", "09:00:01", "09:00:02",
	"0a:00:00", "0b:00:00", "0b:00:01", "0b:00:02", "0e:01:00", "0e:01:01", "0e:02:00",
	"0e:02:01", "e0:01:01", "ef:02:01",
};
#define KNOWN (sizeof(known_types) / sizeof(known_types[0]))

struct words usbguard_expand(struct region_space *space, const char *pattern)
{
	struct words words = words_room(space, KNOWN);

	if (!words.items)
		return words;
	if (!strchr(pattern, '*')) {
		words.items[words.count++] = pattern;
		return words;
	}
	for (size_t i = 0; i < KNOWN; i++)
		if (pattern_covers(pattern, known_types[i]))
			words.items[words.count++] = known_types[i];
	return words;
}

/* The texts of a set as they stand, repetitions too. */
static struct words all_words(struct region_space *space, const struct usbguard_set *set)
{
	struct words words = words_room(space, set->count);

	for (size_t i = 0; words.items && i < set->count; i++)
		words.items[words.count++] = set->values[i].text;
	return words;
}

static bool any_wild(const struct usbguard_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->values[i].wild)
			return true;
	return false;
}

static bool same_list(struct words a, struct words b)
{
	for (size_t i = 0; i < a.count; i++)
		if (strcmp(a.items[i], b.items[i]) != 0)
			return false;
	return true;
}

/* In order, so that a choice of the same types for two wildcards is seen to be the same. */
static void sort_words(struct words words)
{
	for (size_t i = 1; i < words.count; i++)
		for (size_t k = i; k > 0 && strcmp(words.items[k - 1], words.items[k]) > 0; k--) {
			const char *moved = words.items[k];

			words.items[k] = words.items[k - 1];
			words.items[k - 1] = moved;
		}
}

/* Choice number @index of one known type for each wildcard; false when there are not so many. */
static bool choose(struct region_space *space, const struct usbguard_set *set, size_t index,
		   struct words *out)
{
	*out = words_room(space, set->count);
	for (size_t i = 0; out->items && i < set->count; i++) {
		struct words types = usbguard_expand(space, set->values[i].text);

		if (types.count == 0)
			return false;
		out->items[out->count++] = types.items[index % types.count];
		index /= types.count;
	}
	if (!out->items)
		return false;
	sort_words(*out);
	return index == 0;
}

static bool seen_before(const struct regions *list, struct words types)
{
	for (size_t i = 0; i < list->count; i++)
		if (same_list(list->items[i].equals, types))
			return true;
	return false;
}

static void equals_expanded(struct translation *translation, const struct usbguard_set *set,
			    struct usbguard_meaning *meaning)
{
	struct regions expanded = { 0 };
	struct words types;

	for (size_t i = 0; meaning->regions.count && i < EXPANSIONS_MAX; i++) {
		struct region region = meaning->regions.items[0];

		if (!choose(&translation->space, set, i, &types))
			break;
		if (seen_before(&expanded, types))
			continue;
		region_equals(&translation->space, &region, types);
		if (regions_add(&expanded, &region))
			translation->no_memory = true;
	}
	usbguard_narrow(translation, meaning, "equals-wildcard", set->at,
			"write 'interfaces within [ ... ]' if any number of them is meant",
			expanded.count
				? "our 'equals' takes types in full: the rule stands here for "
				  "the types of known devices only"
				: "our 'equals' takes types in full, and no type of a known "
				  "device fits: the rule is left out");
	regions_free(&meaning->regions);
	meaning->regions = expanded;
}

static void allow_equals(struct translation *translation, const struct usbguard_set *set,
			 struct usbguard_meaning *meaning)
{
	struct words types = all_words(&translation->space, set);
	bool repeated = usbguard_words(&translation->space, set).count < set->count;

	if (set->op == USBGUARD_EQUALS_ORDERED && set->count > 1) {
		finding_add(
			translation->findings, DIAG_ERROR, "ordered", set->at,
			"write equals if any order is meant",
			"our rules do not ask for the order of interfaces: the rule is left out");
		meaning->narrowed = true;
		regions_free(&meaning->regions);
		return;
	}
	if (any_wild(set)) {
		equals_expanded(translation, set, meaning);
		return;
	}
	if (repeated)
		usbguard_narrow(
			translation, meaning, "equals-repeats", set->at,
			"nothing, if these very interfaces are meant",
			"USBGuard's equals also allows a device with other interfaces beside "
			"one of each that is listed; here each must stand as often as listed");
	for (size_t i = 0; i < meaning->regions.count; i++)
		region_equals(&translation->space, &meaning->regions.items[i], types);
}

/* A block by equals refuses what USBGuard's comparison takes in. */
static void block_equals(struct translation *translation, const struct usbguard_set *set,
			 struct usbguard_meaning *meaning)
{
	struct words types = usbguard_words(&translation->space, set);
	bool full = !any_wild(set) && types.count == set->count;

	for (size_t i = 0; i < meaning->regions.count; i++) {
		struct region *region = &meaning->regions.items[i];

		if (full)
			region_equals(&translation->space, region, types);
		else
			region_all(&translation->space, region, types);
	}
	if (full && (set->op == USBGUARD_EQUALS || set->count == 1))
		return;
	usbguard_narrow(translation, meaning, full ? "ordered" : "equals-wildcard", set->at, NULL,
			full ? "our rules do not ask for the order of interfaces: here the rule "
			       "refuses them in any order"
			     : "here the rule refuses every device that has all of these, whatever "
			       "else it has");
}

static void apply(struct translation *translation, enum usbguard_op op, struct words types,
		  struct region *region)
{
	if (op == USBGUARD_ALL_OF)
		region_all(&translation->space, region, types);
	else if (op == USBGUARD_ONE_OF)
		region_has_any(&translation->space, region, types);
	else if (op == USBGUARD_NONE_OF)
		region_none(&translation->space, region, types);
	else
		region_within(&translation->space, region, types);
}

void usbguard_interfaces(struct translation *translation, const struct usbguard_set *set,
			 struct usbguard_meaning *meaning)
{
	struct words types;

	if (!set->given || meaning->regions.count == 0)
		return;
	if (set->op == USBGUARD_EQUALS || set->op == USBGUARD_EQUALS_ORDERED) {
		if (meaning->allow)
			allow_equals(translation, set, meaning);
		else
			block_equals(translation, set, meaning);
		return;
	}
	types = usbguard_words(&translation->space, set);
	for (size_t i = 0; i < meaning->regions.count; i++)
		apply(translation, set->op, types, &meaning->regions.items[i]);
}
