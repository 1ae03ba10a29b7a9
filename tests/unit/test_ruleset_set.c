// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/ruleset/ruleset_set.h"
#include "tests/unit/unit.h"

static struct net_prefix prefix(const char *text)
{
	struct net_prefix out = { 0 };
	char address[64];
	unsigned bits;

	ck_assert_int_eq(sscanf(text, "%63[^/]/%u", address, &bits), 2);
	out.family = strchr(address, ':') ? NET_FAMILY_IPV6 : NET_FAMILY_IPV4;
	out.bits = (uint8_t)bits;
	ck_assert_int_eq(inet_pton(strchr(address, ':') ? AF_INET6 : AF_INET, address, out.bytes),
			 1);
	return out;
}

/* @words: prefixes, separated by spaces */
static void check_prefixes(uint8_t family, const char *words, bool inverted, const char *expected)
{
	char copy[512], *text, *word, *rest = copy;
	struct net_prefix items[16];
	struct ruleset_set set;
	size_t count = 0, length;
	FILE *out = open_memstream(&text, &length);

	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, " ")))
		items[count++] = prefix(word);
	ck_assert_int_eq(ruleset_set_prefixes(&set, family, items, count), 0);
	ck_assert_int_eq(ruleset_set_extent(&set, inverted), RULESET_SOME);
	ruleset_set_print(out, "x", &set, inverted);
	fclose(out);
	ck_assert_str_eq(text, expected);
	free(text);
	ruleset_set_clear(&set);
}

START_TEST(one_address)
{
	check_prefixes(NET_FAMILY_IPV4, "192.0.2.7/32", false, "x 192.0.2.7 ");
	check_prefixes(NET_FAMILY_IPV6, "2001:db8::7/128", true, "x != 2001:db8::7 ");
}
END_TEST

START_TEST(host_bits_are_no_part_of_a_network)
{
	check_prefixes(NET_FAMILY_IPV4, "10.20.3.4/16", false, "x 10.20.0.0/16 ");
	check_prefixes(NET_FAMILY_IPV6, "fd12:7::5/48", false, "x fd12:7::/48 ");
}
END_TEST

START_TEST(other_family_is_left_out)
{
	check_prefixes(NET_FAMILY_IPV4, "10.0.0.0/8 fd00::/8", false, "x 10.0.0.0/8 ");
	check_prefixes(NET_FAMILY_IPV6, "10.0.0.0/8 fd00::/8", false, "x fd00::/8 ");
}
END_TEST

START_TEST(ranges_that_touch_are_one)
{
	check_prefixes(NET_FAMILY_IPV4, "11.0.0.0/8 10.0.0.0/8", false, "x 10.0.0.0/7 ");
	check_prefixes(NET_FAMILY_IPV4, "10.1.0.0/16 10.0.0.0/8 10.1.2.3/32", false,
		       "x 10.0.0.0/8 ");
	check_prefixes(NET_FAMILY_IPV4, "192.0.2.2/32 192.0.2.1/32", false,
		       "x 192.0.2.1-192.0.2.2 ");
	check_prefixes(NET_FAMILY_IPV6, "ffff::/16 fffe::/16 ::/128", false,
		       "x { ::, fffe::/15 } ");
}
END_TEST

START_TEST(highest_addresses)
{
	check_prefixes(NET_FAMILY_IPV4, "255.255.255.255/32 255.255.255.0/24 128.0.0.0/2", false,
		       "x { 128.0.0.0/2, 255.255.255.0/24 } ");
	check_prefixes(NET_FAMILY_IPV6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 8000::/1",
		       false, "x 8000::/1 ");
}
END_TEST

START_TEST(extents)
{
	const struct net_prefix halves[] = { prefix("0.0.0.0/1"), prefix("128.0.0.0/1") };
	struct ruleset_set set;

	ck_assert_int_eq(ruleset_set_prefixes(&set, NET_FAMILY_IPV4, halves, 2), 0);
	ck_assert_int_eq(ruleset_set_extent(&set, false), RULESET_EVERYTHING);
	ck_assert_int_eq(ruleset_set_extent(&set, true), RULESET_NOTHING);
	ruleset_set_clear(&set);
	ck_assert_int_eq(ruleset_set_prefixes(&set, NET_FAMILY_IPV4, halves, 1), 0);
	ck_assert_int_eq(ruleset_set_extent(&set, false), RULESET_SOME);
	ruleset_set_clear(&set);
	ck_assert_int_eq(ruleset_set_prefixes(&set, NET_FAMILY_IPV6, halves, 2), 0);
	ck_assert_int_eq(ruleset_set_extent(&set, false), RULESET_NOTHING);
	ck_assert_int_eq(ruleset_set_extent(&set, true), RULESET_EVERYTHING);
	ruleset_set_clear(&set);
}
END_TEST

START_TEST(a_prefix_longer_than_its_family_is_none)
{
	struct net_prefix broken = prefix("10.0.0.0/8");
	struct ruleset_set set;

	broken.bits = 33;
	ck_assert_int_eq(ruleset_set_prefixes(&set, NET_FAMILY_IPV4, &broken, 1), 0);
	ck_assert_int_eq(ruleset_set_extent(&set, false), RULESET_NOTHING);
	ruleset_set_clear(&set);
}
END_TEST

START_TEST(ports)
{
	const struct net_ports items[] = { { 443, 443 }, { 8000, 8443 }, { 444, 445 }, { 9, 3 } };
	const struct net_ports all[] = { { 0, 9999 }, { 10000, 65535 } };
	struct ruleset_set set;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	ck_assert_int_eq(ruleset_set_ports(&set, items, 4), 0);
	ruleset_set_print(out, "th dport", &set, false);
	fclose(out);
	ck_assert_str_eq(text, "th dport { 443-445, 8000-8443 } ");
	free(text);
	ruleset_set_clear(&set);
	ck_assert_int_eq(ruleset_set_ports(&set, all, 2), 0);
	ck_assert_int_eq(ruleset_set_extent(&set, false), RULESET_EVERYTHING);
	ruleset_set_clear(&set);
}
END_TEST

/* Random sets of small networks: an address is in the ranges when a prefix covers it. */
START_TEST(as_a_naive_set)
{
	struct net_prefix items[12];
	struct ruleset_set set;
	size_t count = (size_t)_i % 12 + 1;

	srand((unsigned)_i);
	for (size_t i = 0; i < count; i++) {
		items[i] = (struct net_prefix){ .family = NET_FAMILY_IPV4,
						.bits = (uint8_t)(24 + rand() % 9) };
		items[i].bytes[0] = 10;
		items[i].bytes[3] = (uint8_t)rand();
	}
	ck_assert_int_eq(ruleset_set_prefixes(&set, NET_FAMILY_IPV4, items, count), 0);
	for (unsigned last = 0; last < 256; last++) {
		bool naive = false, ranges = false;

		for (size_t i = 0; i < count; i++)
			naive = naive || (items[i].bytes[3] ^ last) >> (32 - items[i].bits) == 0;
		for (size_t i = 0; i < set.count; i++)
			ranges = ranges || (0x0a000000u + last >= set.items[i].first &&
					    0x0a000000u + last <= set.items[i].last);
		ck_assert_int_eq(naive, ranges);
	}
	for (size_t i = 1; i < set.count; i++)
		ck_assert(set.items[i].first > set.items[i - 1].last + 1);
	ruleset_set_clear(&set);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ruleset_set");
	TCase *tests = tcase_create("ruleset_set");

	tcase_add_test(tests, one_address);
	tcase_add_test(tests, host_bits_are_no_part_of_a_network);
	tcase_add_test(tests, other_family_is_left_out);
	tcase_add_test(tests, ranges_that_touch_are_one);
	tcase_add_test(tests, highest_addresses);
	tcase_add_test(tests, extents);
	tcase_add_test(tests, a_prefix_longer_than_its_family_is_none);
	tcase_add_test(tests, ports);
	tcase_add_loop_test(tests, as_a_naive_set, 0, 60);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
