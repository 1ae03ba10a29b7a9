// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/enrol.h"
#include "agent/office/store/store_terminal.h"
#include "tests/tools/lib/office_sim.h"
#include "tests/unit/unit.h"

#define NOW 1800000000000000

static struct store *store;

static void setup(void)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
}

static void teardown(void)
{
	store_close(store);
}

struct asked {
	char id[33], fingerprint[ENROLMENT_FINGERPRINT_SIZE];
};

static int ask(struct sim *sim, const uint8_t *pin, int64_t now_us, struct asked *asked)
{
	struct enrol *enrol = malloc(sizeof(*enrol));
	char *body = sim_body_enrol(sim, pin, "", NULL), reason[160];
	int r;

	ck_assert_int_eq(enrol_parse(body, strlen(body), enrol, reason, sizeof(reason)), 0);
	r = enrol_request(store, enrol, false, now_us, asked->id);
	strcpy(asked->fingerprint, enrol->fingerprint);
	free(body);
	free(enrol);
	return r;
}

static int approve(const struct asked *asked, const char *reason)
{
	struct store_terminal terminal;

	return enrol_approve(store, asked->id, asked->fingerprint, reason, NOW, &terminal);
}

/* Refused, expired or not heard of: the log's name is free again. Approved, it is not. */
START_TEST(asked_again)
{
	static const uint8_t pin[32] = { 1 }, other[32] = { 2 };
	struct asked first, second, third;
	struct store_terminal terminal;
	struct sim sim;

	sim_init(&sim, "T-1", NULL);
	ck_assert_int_eq(ask(&sim, pin, NOW, &first), 0);
	ck_assert_int_eq(ask(&sim, pin, NOW, &second), 0);
	ck_assert_int_eq(approve(&first, NULL), -ENOENT);
	ck_assert_int_eq(enrol_refuse(store, second.id, &terminal), 0);
	ck_assert_int_eq(ask(&sim, pin, NOW, &third), 0);
	ck_assert_int_eq(approve(&third, NULL), 0);
	ck_assert_int_eq(ask(&sim, other, NOW, &first), -EEXIST);
	sim_done(&sim);
}
END_TEST

START_TEST(one_certificate_one_terminal)
{
	static const uint8_t pin[32] = { 1 };
	struct asked first, second;
	struct sim a, b;

	sim_init(&a, "T-1", NULL);
	sim_init(&b, "T-2", NULL);
	ck_assert_int_eq(ask(&a, pin, NOW, &first), 0);
	ck_assert_int_eq(ask(&b, pin, NOW, &second), 0);
	ck_assert_int_eq(approve(&first, NULL), 0);
	ck_assert_int_eq(approve(&second, NULL), -EEXIST);
	sim_done(&a);
	sim_done(&b);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { asked_again, one_certificate_one_terminal };
	Suite *suite = suite_create("office_enrol");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
