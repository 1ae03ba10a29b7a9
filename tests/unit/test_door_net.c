// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct door_net net;
static struct door_net_cursor cursor;

static void setup(void)
{
	memset(&net, 0, sizeof(net));
	memset(&cursor, 0, sizeof(cursor));
}

static void teardown(void)
{
	door_net_clear(&net);
}

static int put_link(uint64_t plug, enum net_state state)
{
	struct net_outcome outcome = { .plug = plug, .state = state };

	return door_net_link(&net, &outcome);
}

static void put_violation(uint64_t first_us, uint32_t uid, uint64_t count)
{
	struct net_violation violation = { .first_us = first_us, .count = count };

	violation.actor.uid = uid;
	ck_assert_int_eq(door_net_violation(&net, &violation), 0);
}

static size_t told(bool *restarted)
{
	struct door_net_item item;
	size_t count = 0;

	while (door_net_next(&net, &cursor, &item, restarted))
		count++;
	return count;
}

START_TEST(everything_is_told_once)
{
	const struct msg_net_peer peer = { .index = 1 };
	bool restarted;

	put_link(1, NET_STATE_OPEN);
	put_link(2, NET_STATE_DOWN);
	put_link(2, NET_STATE_OPEN);
	door_net_peer(&net, &peer);
	put_violation(5, 1000, 1);
	ck_assert_uint_eq(told(&restarted), 4);
	ck_assert(!restarted);
	ck_assert_uint_eq(told(&restarted), 0);
}
END_TEST

START_TEST(a_link_that_is_gone_leaves_its_slot)
{
	bool restarted;

	for (uint64_t plug = 1; plug <= DOOR_NET_LINKS; plug++)
		ck_assert_int_eq(put_link(plug, NET_STATE_DOWN), 0);
	ck_assert_int_eq(put_link(9999, NET_STATE_DOWN), -ENOSPC);
	ck_assert_uint_eq(net.overflow, 1);
	ck_assert_int_eq(put_link(7, NET_STATE_GONE), 0);
	ck_assert_int_eq(put_link(12345, NET_STATE_GONE), 0);
	ck_assert_int_eq(put_link(9999, NET_STATE_DOWN), 0);
	ck_assert_uint_eq(told(&restarted), DOOR_NET_LINKS);
}
END_TEST

/* Of violations the newest are kept, and repeats stay one. */
START_TEST(violations_are_a_ring)
{
	struct door_net_item item;
	bool restarted;

	for (uint64_t i = 1; i <= DOOR_NET_VIOLATIONS + 10; i++)
		put_violation(i, 1000, 1);
	put_violation(100, 1000, 50);
	put_violation(100, 1001, 1);
	ck_assert(door_net_next(&net, &cursor, &item, &restarted));
	ck_assert_uint_eq(item.violation->first_us, 12);
	cursor = (struct door_net_cursor){ 0 };
	ck_assert_uint_eq(told(&restarted), DOOR_NET_VIOLATIONS);
}
END_TEST

START_TEST(a_new_telling_begins_anew)
{
	struct door_net_item item;
	bool restarted;

	put_link(1, NET_STATE_OPEN);
	put_link(2, NET_STATE_OPEN);
	ck_assert(door_net_next(&net, &cursor, &item, &restarted));
	ck_assert(!restarted);
	door_net_restart(&net);
	ck_assert(!door_net_next(&net, &cursor, &item, &restarted));
	ck_assert(restarted);
	put_link(3, NET_STATE_OPEN);
	cursor = (struct door_net_cursor){ .generation = net.generation };
	ck_assert(door_net_next(&net, &cursor, &item, &restarted));
	ck_assert_uint_eq(item.link->plug, 3);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("door_net");
	TCase *tcase = tcase_create("door_net");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, everything_is_told_once);
	tcase_add_test(tcase, a_link_that_is_gone_leaves_its_slot);
	tcase_add_test(tcase, violations_are_a_ring);
	tcase_add_test(tcase, a_new_telling_begins_anew);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return unit_run(suite());
}
