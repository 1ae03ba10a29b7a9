// SPDX-License-Identifier: GPL-2.0-or-later
/* Tries and lists of networks, both against naive lists. */
#include <stdlib.h>
#include <string.h>

#include "policy/decide/prefix_list.h"
#include "policy/decide/prefix_trie.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/random_value.h"
#include "tests/unit/unit.h"

#define NETWORKS 300
#define QUERIES	 3000

/* Few different bits, so that networks nest, touch and repeat. */
static struct net_prefix random_prefix(uint64_t *state)
{
	struct net_prefix prefix = { .family = (uint8_t)(1 + roll(state, 2)) };
	unsigned int size = prefix_bits(prefix.family), spread = 1 + roll(state, 24);

	for (unsigned int bit = 0; bit < size; bit++)
		if ((bit < spread || bit + 4 >= size) && roll(state, 2))
			prefix.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	prefix.bits = (uint8_t)(roll(state, 8) == 0 ? size : roll(state, spread + 2));
	if (roll(state, 200) == 0)
		prefix.bits = 0;
	for (unsigned int bit = prefix.bits; bit < size; bit++)
		prefix.bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	return prefix;
}

static struct net_prefix random_address(uint64_t *state)
{
	struct net_prefix prefix = { .family = (uint8_t)(1 + roll(state, 2)) };
	unsigned int size = prefix_bits(prefix.family), spread = roll(state, 24);

	prefix.bits = (uint8_t)size;
	for (unsigned int bit = 0; bit < size; bit++)
		if ((bit < spread || bit + 4 >= size) && roll(state, 2))
			prefix.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return prefix;
}

static bool bit_equal(const struct net_prefix *a, const struct net_prefix *b, unsigned int bits)
{
	for (unsigned int bit = 0; bit < bits; bit++)
		if ((a->bytes[bit / 8] ^ b->bytes[bit / 8]) >> (7 - bit % 8) & 1)
			return false;
	return true;
}

static bool naive_covers(const struct net_prefix *list, size_t count, const struct net_prefix *it)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].family == it->family && list[i].bits <= it->bits &&
		    bit_equal(&list[i], it, list[i].bits))
			return true;
	return false;
}

static bool naive_meets(const struct net_prefix *list, size_t count, const struct net_prefix *it)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].family == it->family &&
		    bit_equal(&list[i], it, list[i].bits < it->bits ? list[i].bits : it->bits))
			return true;
	return false;
}

START_TEST(as_a_naive_list)
{
	static struct net_prefix list[NETWORKS];
	uint64_t state = 0x9e3779b97f4a7c15 + (uint64_t)_i;
	struct prefix_trie *trie = prefix_trie_new();
	size_t count = 1 + roll(&state, NETWORKS - 1), inside = 0;

	for (size_t i = 0; i < count; i++) {
		list[i] = random_prefix(&state);
		ck_assert_int_eq(prefix_trie_add(trie, &list[i]), 0);
	}
	for (size_t i = 0; i < QUERIES; i++) {
		struct net_prefix it = i % 3 ? random_address(&state) : random_prefix(&state);
		bool covers = naive_covers(list, count, &it);

		inside += covers;
		ck_assert_int_eq(prefix_trie_covers(trie, &it), covers);
		ck_assert_int_eq(prefix_trie_meets(trie, &it), naive_meets(list, count, &it));
	}
	ck_assert_uint_gt(inside, 0);
	prefix_trie_free(trie);
}
END_TEST

START_TEST(none_and_all)
{
	struct prefix_trie *trie = prefix_trie_new();
	struct net_prefix all = prefix_of("0.0.0.0/0"), one = prefix_of("192.0.2.1");
	struct net_prefix six = prefix_of("::1"), none = { 0 }, wrong = all;

	wrong.bits = 33;
	ck_assert(!prefix_trie_covers(trie, &one));
	ck_assert(!prefix_trie_meets(trie, &all));
	ck_assert_int_lt(prefix_trie_add(trie, &none), 0);
	ck_assert_int_lt(prefix_trie_add(trie, &wrong), 0);
	ck_assert_int_eq(prefix_trie_add(trie, &all), 0);
	ck_assert(prefix_trie_covers(trie, &one));
	ck_assert(prefix_trie_covers(trie, &all));
	ck_assert(!prefix_trie_covers(trie, &six));
	ck_assert(!prefix_trie_covers(trie, &none));
	ck_assert(!prefix_trie_covers(trie, &wrong));
	prefix_trie_free(trie);
	prefix_trie_free(NULL);
}
END_TEST

/* Two nodes a network, whatever the networks are. */
START_TEST(memory_is_bounded)
{
	struct prefix_trie *trie = prefix_trie_new();
	uint64_t state = 77;
	const size_t count = 20000;

	for (size_t i = 0; i < count; i++) {
		struct net_prefix prefix = { .family = NET_FAMILY_IPV6, .bits = 128 };

		for (size_t k = 0; k < sizeof(prefix.bytes); k++)
			prefix.bytes[k] = (uint8_t)roll(&state, 256);
		ck_assert_int_eq(prefix_trie_add(trie, &prefix), 0);
		ck_assert(prefix_trie_covers(trie, &prefix));
	}
	ck_assert_uint_lt(prefix_trie_memory(trie), 4 * count * 32);
	prefix_trie_free(trie);
}
END_TEST

static void fill_list(uint64_t *state, struct prefix_list *list, struct net_prefix *naive,
		      size_t *count)
{
	*list = (struct prefix_list){ 0 };
	*count = roll(state, 60);
	for (size_t i = 0; i < *count; i++) {
		naive[i] = random_prefix(state);
		ck_assert_int_eq(prefix_list_add(list, &naive[i]), 0);
	}
	prefix_list_sort(list);
}

static void apart_and_in_order(const struct prefix_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		const struct net_prefix *a = &list->items[i - 1], *b = &list->items[i];

		ck_assert(a->family < b->family ||
			  (a->family == b->family &&
			   memcmp(a->bytes, b->bytes, sizeof(a->bytes)) < 0));
		ck_assert(!prefix_covers(a, b) && !prefix_covers(b, a));
	}
}

START_TEST(sets_of_lists)
{
	uint64_t state = 0x2545f4914f6cdd1d + (uint64_t)_i;
	static struct net_prefix first[60], second[60];
	struct prefix_list a, b, both, rest;
	size_t first_count, second_count;

	fill_list(&state, &a, first, &first_count);
	fill_list(&state, &b, second, &second_count);
	ck_assert_int_eq(prefix_list_intersect(&a, &b, &both), 0);
	ck_assert_int_eq(prefix_list_subtract(&a, &b, &rest), 0);
	apart_and_in_order(&a);
	apart_and_in_order(&both);
	apart_and_in_order(&rest);
	for (size_t i = 0; i < QUERIES; i++) {
		struct net_prefix it = random_address(&state);
		bool in_first = naive_covers(first, first_count, &it);
		bool in_second = naive_covers(second, second_count, &it);

		ck_assert_int_eq(naive_covers(a.items, a.count, &it), in_first);
		ck_assert_int_eq(naive_covers(both.items, both.count, &it), in_first && in_second);
		ck_assert_int_eq(naive_covers(rest.items, rest.count, &it), in_first && !in_second);
	}
	prefix_list_clear(&a);
	prefix_list_clear(&b);
	prefix_list_clear(&both);
	prefix_list_clear(&rest);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("prefix_trie");
	TCase *tcase = tcase_create("prefix_trie");

	tcase_add_loop_test(tcase, as_a_naive_list, 0, 40);
	tcase_add_test(tcase, none_and_all);
	tcase_add_test(tcase, memory_is_bounded);
	tcase_add_loop_test(tcase, sets_of_lists, 0, 60);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
