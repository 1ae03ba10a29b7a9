// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/lateness.h"

#include <unistd.h>

#include "agent/lib/daemon.h"
#include "tests/unit/unit.h"

static sd_event *event;
static struct lateness lateness;

static void turn(void)
{
	ck_assert_int_ge(sd_event_run(event, 0), 0);
}

static void begin(void)
{
	ck_assert_int_ge(sd_event_new(&event), 0);
	turn();
	lateness_open(&lateness, "/");
	lateness_empty(&lateness, event);
	lateness_turn(&lateness, event);
}

static void end(void)
{
	lateness_close(&lateness);
	sd_event_unref(event);
}

START_TEST(what_schedstat_says)
{
	ck_assert_uint_eq(lateness_queued("126398 3275000 2\n"), 3275);
	ck_assert_uint_eq(lateness_queued("126398 3275\n"), 3);
	ck_assert_uint_eq(lateness_queued("126398"), UINT64_MAX);
	ck_assert_uint_eq(lateness_queued(""), UINT64_MAX);
}
END_TEST

/* Asleep all the time: what comes woke it just now. */
START_TEST(asleep)
{
	uint64_t slept_us, begun_us, bound_us;

	begin();
	begun_us = clock_boottime_us();
	ck_assert_int_ge(sd_event_run(event, 300000), 0);
	slept_us = clock_boottime_us() - begun_us;
	bound_us = lateness_bound(&lateness, event);
	ck_assert_uint_le(bound_us, clock_boottime_us());
	/* On a kernel without schedstat nothing is known of the time in between. */
	if (lateness.fd >= 0)
		ck_assert_uint_gt(bound_us, begun_us + slept_us / 3);
	else
		ck_assert_uint_le(bound_us, begun_us);
	end();
}
END_TEST

/* Busy with something else, in this turn of the loop or an earlier one: it may be as old as that. */
START_TEST(busy)
{
	uint64_t begun_us;

	begin();
	begun_us = clock_boottime_us();
	turn();
	usleep(100000);
	ck_assert_uint_le(lateness_bound(&lateness, event), begun_us);
	lateness_turn(&lateness, event);
	turn();
	ck_assert_uint_le(lateness_bound(&lateness, event), clock_boottime_us() - 100000);
	/* All is read: what was before does not count any more. */
	begun_us = clock_boottime_us();
	lateness_empty(&lateness, event);
	lateness_turn(&lateness, event);
	turn();
	ck_assert_uint_ge(lateness_bound(&lateness, event), begun_us);
	end();
}
END_TEST

START_TEST(never_before_all_was_read)
{
	begin();
	lateness.busy_us = 1000000000;
	ck_assert_uint_eq(lateness_bound(&lateness, event), lateness.empty_us);
	lateness.busy_us = 0;
	lateness_close(&lateness);
	ck_assert_uint_eq(lateness_bound(&lateness, event), lateness.empty_us);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lateness");
	TCase *cases = tcase_create("lateness");

	tcase_add_test(cases, what_schedstat_says);
	tcase_add_test(cases, asleep);
	tcase_add_test(cases, busy);
	tcase_add_test(cases, never_before_all_was_read);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
