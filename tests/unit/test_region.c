// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Regions beside a naive reading of them: every device of a small world is asked whether it lies in a
 * region, in another, in both, and in the pieces of their difference; and the rules that are printed
 * decide the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/arena.h"
#include "policy/study/region.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/random_value.h"
#include "tests/unit/unit.h"

#define PAIRS	600
#define DEVICES 60

static const char *const ids[] = { "1234:0001", "1234:0002", "5678:0001", "1234:*", "*:*" };
static const char *const serials[] = { "", "A", "B" };
static const char *const types[] = { "03:01:01", "03:01:02", "08:06:50",
				     "03:01:*",	 "03:*:*",   "08:*:*" };
#define REAL_IDS   3
#define REAL_TYPES 3

struct device {
	const char *id;
	const char *serial;
	unsigned int connect;
	const char *types[3];
	unsigned int count;
};

static uint64_t state = UINT64_C(0x5eed00b2);

static struct words some(struct region_space *space, const char *const *from, unsigned int count,
			 unsigned int most)
{
	struct words words = words_room(space, most);

	for (unsigned int i = 0, wanted = 1 + roll(&state, most); i < wanted; i++) {
		const char *text = from[roll(&state, count)];

		if (!words_have(words, text))
			words.items[words.count++] = text;
	}
	return words;
}

static struct region random_region(struct region_space *space)
{
	struct region region = region_any();

	if (roll(&state, 2))
		region_limit(space, &region, REGION_ID, some(space, ids, 5, 2));
	if (roll(&state, 4) == 0)
		region_exclude(space, &region, REGION_ID, some(space, ids, 4, 2));
	if (roll(&state, 3) == 0)
		region_limit(space, &region, REGION_SERIAL, some(space, serials, 3, 2));
	if (roll(&state, 3) == 0)
		region_exclude(space, &region, REGION_SERIAL, some(space, serials, 3, 2));
	if (roll(&state, 3) == 0)
		region_connect(&region, (uint8_t)(1 + roll(&state, 15)));
	switch (roll(&state, 8)) {
	case 0:
		region_equals(space, &region, some(space, types, REAL_TYPES, 2));
		break;
	case 1:
		region_within(space, &region, some(space, types, 6, 2));
		break;
	case 2:
		region_all(space, &region, some(space, types, 6, 2));
		break;
	case 3:
		region_none(space, &region, some(space, types, 6, 2));
		break;
	case 4:
		region_has_any(space, &region, some(space, types, 6, 2));
		break;
	default:
		break;
	}
	region_settle(&region);
	return region;
}

static struct device random_device(void)
{
	struct device device = {
		.id = ids[roll(&state, REAL_IDS)],
		.serial = serials[roll(&state, 3)],
		.connect = roll(&state, 4),
		.count = 1 + roll(&state, 3),
	};

	for (unsigned int i = 0; i < device.count; i++)
		device.types[i] = types[roll(&state, REAL_TYPES)];
	return device;
}

static bool any_covers(struct words patterns, const char *text)
{
	for (size_t i = 0; i < patterns.count; i++)
		if (pattern_covers(patterns.items[i], text))
			return true;
	return false;
}

static unsigned int count_of(const char *const *texts, size_t count, const char *text)
{
	unsigned int found = 0;

	for (size_t i = 0; i < count; i++)
		found += strcmp(texts[i], text) == 0;
	return found;
}

static bool types_fit(const struct region *it, const struct device *device)
{
	bool any = it->any.count == 0;

	for (unsigned int i = 0; i < device->count; i++) {
		const char *type = device->types[i];

		if ((it->within_given && !any_covers(it->within, type)) ||
		    any_covers(it->none, type))
			return false;
		any |= any_covers(it->any, type);
		if (it->equals_given && count_of(it->equals.items, it->equals.count, type) !=
						count_of(device->types, device->count, type))
			return false;
	}
	for (size_t i = 0; i < it->all.count; i++) {
		bool found = false;

		for (unsigned int k = 0; k < device->count; k++)
			found |= pattern_covers(it->all.items[i], device->types[k]);
		if (!found)
			return false;
	}
	return any && (!it->equals_given || it->equals.count == device->count);
}

static bool lies_in(const struct region *it, const struct device *device)
{
	if (it->empty || !(it->connect >> device->connect & 1) || !types_fit(it, device))
		return false;
	if (it->limited[REGION_ID] && !any_covers(it->in[REGION_ID], device->id))
		return false;
	if (any_covers(it->out[REGION_ID], device->id))
		return false;
	if (it->limited[REGION_SERIAL] && !words_have(it->in[REGION_SERIAL], device->serial))
		return false;
	return !words_have(it->out[REGION_SERIAL], device->serial);
}

static bool lies_in_any(const struct regions *list, const struct device *device)
{
	for (size_t i = 0; i < list->count; i++)
		if (lies_in(&list->items[i], device))
			return true;
	return false;
}

START_TEST(differences)
{
	struct region_space space = { .arena = arena_new() };
	unsigned int in_both = 0, only_first = 0;

	for (int pair = 0; pair < PAIRS; pair++) {
		struct region a = random_region(&space), b = random_region(&space);
		struct regions larger = { 0 }, smaller = { 0 };
		bool exact = region_subtract(&space, &a, &b, REGION_LARGER, &larger);

		region_subtract(&space, &a, &b, REGION_SMALLER, &smaller);
		for (int i = 0; i < DEVICES; i++) {
			struct device device = random_device();
			bool in_a = lies_in(&a, &device), in_b = lies_in(&b, &device);
			bool left = in_a && !in_b;

			in_both += in_a && in_b;
			only_first += left;
			if (in_a && in_b)
				ck_assert(region_meets(&space, &a, &b));
			ck_assert_msg(!left || lies_in_any(&larger, &device), "pair %d", pair);
			ck_assert_msg(left || !lies_in_any(&smaller, &device), "pair %d", pair);
			if (exact)
				ck_assert_msg(left == lies_in_any(&larger, &device), "pair %d",
					      pair);
		}
		regions_free(&larger);
		regions_free(&smaller);
	}
	ck_assert(!space.no_memory);
	ck_assert_uint_gt(in_both, 1000);
	ck_assert_uint_gt(only_first, 1000);
	arena_free(space.arena);
}
END_TEST

static struct policy *policy_of_region(const struct region *region, bool allow)
{
	char *rules = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&rules, &size);
	struct policy *policy;

	if (!allow)
		fputs("allow all: id *:*\n", out);
	for (unsigned int variant = 0;; variant++) {
		char *text = NULL;
		size_t length = 0;
		FILE *one = open_memstream(&text, &length);
		bool more = region_print(one, region, allow, variant);

		fclose(one);
		if (more)
			fprintf(out, "%s r%u: %s\n", allow ? "allow" : "forbid", variant, text);
		free(text);
		if (!more)
			break;
	}
	fclose(out);
	policy = policy_usb("", rules);
	free(rules);
	return policy;
}

static bool permits(const struct policy *policy, const struct device *device)
{
	static const char *const connects[] = { "unknown", "hotplug", "hardwired", "not-used" };
	char subject[256], serial[32] = "";
	int length;

	if (*device->serial)
		snprintf(serial, sizeof(serial), "serial \"%s\"", device->serial);
	length = snprintf(subject, sizeof(subject), "id %s %s connect-type %s interfaces [",
			  device->id, serial, connects[device->connect]);
	for (unsigned int i = 0; i < device->count; i++)
		length += snprintf(subject + length, sizeof(subject) - (size_t)length, " %s",
				   device->types[i]);
	snprintf(subject + length, sizeof(subject) - (size_t)length, " ]");
	return verdict_of(policy, subject).result == POLICY_RESULT_PERMIT;
}

/* An allow admits the region and nothing else; a forbid refuses it and nothing else. */
START_TEST(printed_rules)
{
	struct region_space space = { .arena = arena_new() };

	for (int i = 0; i < PAIRS / 2; i++) {
		struct region region = random_region(&space);
		struct policy *allow = policy_of_region(&region, true);
		struct policy *forbid = policy_of_region(&region, false);

		for (int k = 0; k < DEVICES / 4; k++) {
			struct device device = random_device();

			ck_assert_int_eq(permits(allow, &device), lies_in(&region, &device));
			ck_assert_int_eq(permits(forbid, &device), !lies_in(&region, &device));
		}
		policy_free(allow);
		policy_free(forbid);
	}
	arena_free(space.arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("region");
	TCase *tests = tcase_create("region");
	const char *given = getenv("SEED");

	if (given)
		state = strtoull(given, NULL, 0);
	printf("# seed %#llx\n", (unsigned long long)state);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, differences);
	tcase_add_test(tests, printed_rules);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
