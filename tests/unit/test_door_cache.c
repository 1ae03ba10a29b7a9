// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct door_cache cache;
static struct door_cursor cursor;

static void setup(void)
{
	memset(&cache, 0, sizeof(cache));
	memset(&cursor, 0, sizeof(cursor));
}

static void teardown(void)
{
	door_cache_clear(&cache);
}

static int put(const char *port, uint64_t plug, enum usb_state state)
{
	struct usb_outcome outcome = { .plug = plug, .state = state };
	struct door_change change;
	int r;

	snprintf(outcome.decided.facts.port, USB_PORT_SIZE, "%s", port);
	r = door_cache_put(&cache, &outcome, &change);
	if (r == 0)
		door_cursor_note(&cursor, &cache, &change);
	return r;
}

static int count(bool gone)
{
	int n = 0;

	while (door_cursor_next(&cursor, &cache, gone))
		n++;
	return n;
}

START_TEST(test_changes_coalesce)
{
	const struct usb_outcome *outcome;

	put("1-1", 1, USB_STATE_PENDING);
	put("1-1", 1, USB_STATE_AUTHORISED);
	outcome = door_cursor_next(&cursor, &cache, true);
	ck_assert_ptr_nonnull(outcome);
	ck_assert_int_eq(outcome->state, USB_STATE_AUTHORISED);
	ck_assert_ptr_null(door_cursor_next(&cursor, &cache, true));
}
END_TEST

START_TEST(test_gone_is_told_and_not_listed)
{
	put("1-1", 1, USB_STATE_BLOCKED);
	put("1-2", 2, USB_STATE_BLOCKED);
	ck_assert_int_eq(count(true), 2);
	put("1-1", 1, USB_STATE_GONE);
	ck_assert_int_eq(count(true), 1);
	door_cursor_all(&cursor, &cache);
	ck_assert_int_eq(count(false), 1);
}
END_TEST

START_TEST(test_late_goodbye_of_an_earlier_device)
{
	put("1-1", 1, USB_STATE_BLOCKED);
	put("1-1", 2, USB_STATE_AUTHORISED);
	put("1-1", 1, USB_STATE_GONE);
	door_cursor_all(&cursor, &cache);
	ck_assert_int_eq(count(false), 1);
	/* of a port that was never heard of */
	put("3-3", 9, USB_STATE_GONE);
	door_cursor_all(&cursor, &cache);
	ck_assert_int_eq(count(true), 1);
}
END_TEST

START_TEST(test_full)
{
	char port[USB_PORT_SIZE];

	for (int i = 0; i < DOOR_SLOTS; i++) {
		snprintf(port, sizeof(port), "1-%d", i);
		ck_assert_int_eq(put(port, (uint64_t)i, USB_STATE_BLOCKED), 0);
	}
	ck_assert_int_eq(put("2-1", 5000, USB_STATE_BLOCKED), -ENOSPC);
	ck_assert_int_eq(put("2-2", 5001, USB_STATE_GONE), 0);
	ck_assert_uint_eq(cache.overflow, 1);
	ck_assert_int_eq(count(true), DOOR_SLOTS);
	/* A known port needs no further slot; a gone device gives its own up. */
	ck_assert_int_eq(put("1-7", 6000, USB_STATE_BLOCKED), 0);
	ck_assert_int_eq(put("1-3", 3, USB_STATE_GONE), 0);
	ck_assert_int_eq(count(true), 2);
	ck_assert_int_eq(put("2-1", 5000, USB_STATE_BLOCKED), 0);
	ck_assert(!cursor.restart);
	ck_assert_int_eq(count(true), 1);
	door_cache_restart(&cache);
	ck_assert_uint_eq(cache.overflow, 0);
	ck_assert_int_eq(put("2-9", 5002, USB_STATE_BLOCKED), 0);
}
END_TEST

/* A follower that has not heard yet that a device is gone must begin anew when its slot is reused. */
START_TEST(test_reused_slot_restarts_a_slow_follower)
{
	char port[USB_PORT_SIZE];

	for (int i = 0; i < DOOR_SLOTS; i++) {
		snprintf(port, sizeof(port), "1-%d", i);
		put(port, (uint64_t)i, USB_STATE_BLOCKED);
	}
	count(true);
	put("1-3", 3, USB_STATE_GONE);
	put("2-1", 5000, USB_STATE_BLOCKED);
	ck_assert(cursor.restart);
	ck_assert_int_eq(count(true), DOOR_SLOTS);
}
END_TEST

START_TEST(test_longest_gone_is_reused_first)
{
	char port[USB_PORT_SIZE];

	for (int i = 0; i < DOOR_SLOTS; i++) {
		snprintf(port, sizeof(port), "1-%d", i);
		put(port, (uint64_t)i, USB_STATE_BLOCKED);
	}
	put("1-9", 9, USB_STATE_GONE);
	put("1-4", 4, USB_STATE_GONE);
	put("2-1", 5000, USB_STATE_BLOCKED);
	ck_assert_str_eq(cache.slots[9].outcome->decided.facts.port, "2-1");
	ck_assert_str_eq(cache.slots[4].outcome->decided.facts.port, "1-4");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("door_cache");
	TCase *tests = tcase_create("door_cache");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_changes_coalesce);
	tcase_add_test(tests, test_gone_is_told_and_not_listed);
	tcase_add_test(tests, test_late_goodbye_of_an_earlier_device);
	tcase_add_test(tests, test_full);
	tcase_add_test(tests, test_reused_slot_restarts_a_slow_follower);
	tcase_add_test(tests, test_longest_gone_is_reused_first);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
