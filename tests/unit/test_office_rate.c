// SPDX-License-Identifier: GPL-2.0-or-later
#include <sodium.h>

#include "agent/office/rate.h"
#include "tests/unit/unit.h"

#define SECOND INT64_C(1000000)
#define NOW    (INT64_C(1800000000) * SECOND)

static unsigned int burst_at(struct rate *rate, const char *who, int64_t now_us)
{
	unsigned int count = 0;

	while (count < 100 && rate_allow(rate, who, now_us))
		count++;
	return count;
}

START_TEST(a_burst_and_then_slowly)
{
	struct rate rate = { .burst = 3, .interval_us = 10 * SECOND };

	ck_assert_uint_eq(burst_at(&rate, "a", NOW), 3);
	ck_assert_uint_eq(burst_at(&rate, "a", NOW + 9 * SECOND), 0);
	ck_assert_uint_eq(burst_at(&rate, "a", NOW + 10 * SECOND), 1);
	ck_assert_uint_eq(burst_at(&rate, "a", NOW + 3600 * SECOND), 3);
}
END_TEST

START_TEST(a_clock_that_was_set_back)
{
	struct rate rate = { .burst = 3, .interval_us = 10 * SECOND };

	ck_assert_uint_eq(burst_at(&rate, "a", NOW), 3);
	ck_assert_uint_eq(burst_at(&rate, "a", NOW - 86400 * SECOND), 0);
	ck_assert_uint_eq(burst_at(&rate, "a", NOW - 86390 * SECOND), 1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { a_burst_and_then_slowly, a_clock_that_was_set_back };
	Suite *suite = suite_create("office_rate");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
