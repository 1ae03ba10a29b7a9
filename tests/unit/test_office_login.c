// SPDX-License-Identifier: GPL-2.0-or-later
/* Signing in: who can hold up whom. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/office/group.h"
#include "agent/office/login.h"
#include "agent/office/own_log.h"
#include "agent/office/store/store_people.h"
#include "tests/unit/signer.h"
#include "tests/unit/unit.h"

static struct serve serve;
static struct signer kovac;

static void setup(void)
{
	struct store_officer officer = { .name = "kovac" };
	char path[256];
	uint8_t public[32];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &serve.store), 0);
	serve.reader = serve.store;
	ck_assert_int_ge(sd_event_new(&serve.daemon.event), 0);
	ck_assert_int_eq(group_new(&serve, &serve.group), 0);
	strcpy(serve.keys.name, "office.test");
	crypto_sign_keypair(public, serve.keys.log_secret);
	ck_assert_int_eq(tlog_key_make(&serve.keys.log, TLOG_KEY_NOTE, "office.test/log", public),
			 0);
	crypto_sign_keypair(public, serve.keys.cosign_secret);
	ck_assert_int_eq(
		tlog_key_make(&serve.keys.cosigner, TLOG_KEY_COSIGNATURE, "office.test", public),
		0);
	ck_assert_int_eq(own_log_begin(serve.store, &serve.keys, 1), 0);
	signer_make(&kovac, 3, false);
	memcpy(officer.key, kovac.public, sizeof(officer.key));
	ck_assert_int_eq(store_officer_add(serve.store, &officer), 0);
}

static void teardown(void)
{
	group_free(serve.group);
	sd_event_unref(serve.daemon.event);
	store_close(serve.store);
}

static int sign_in(const char *text)
{
	struct signer_spec spec = signer_spec(&kovac, "airgap-login@v1");
	char signature[SIGNER_ARMOUR_MAX], cookie[256];

	signer_armour(&kovac, &spec, text, strlen(text), signature);
	return login_answer(&serve, "kovac", signature, cookie, sizeof(cookie));
}

static void ask(const char *address, const char *name)
{
	char text[LOGIN_TEXT_SIZE];

	ck_assert_int_eq(login_challenge(&serve, address, name, text), 0);
}

START_TEST(a_challenge_serves_once)
{
	char text[LOGIN_TEXT_SIZE];

	ck_assert_int_eq(login_challenge(&serve, "10.0.0.1", "kovac", text), 0);
	ck_assert_int_eq(sign_in("airgap-login 1\noffice office.test\nofficer kovac\nnonce 0\n"),
			 -EACCES);
	ck_assert_int_eq(sign_in(text), 0);
	ck_assert_int_eq(sign_in(text), -EACCES);
}
END_TEST

/* One address has four; its fifth takes the place of its own first. */
START_TEST(an_address_has_few)
{
	char first[LOGIN_TEXT_SIZE], second[LOGIN_TEXT_SIZE], other[LOGIN_TEXT_SIZE];

	ck_assert_int_eq(login_challenge(&serve, "10.0.0.2", "kovac", other), 0);
	ck_assert_int_eq(login_challenge(&serve, "10.0.0.1", "kovac", first), 0);
	ck_assert_int_eq(login_challenge(&serve, "10.0.0.1", "kovac", second), 0);
	for (unsigned int i = 0; i < 3; i++)
		ask("10.0.0.1", "kovac");
	ck_assert_int_eq(sign_in(first), -EACCES);
	ck_assert_int_eq(sign_in(second), 0);
	ck_assert_int_eq(sign_in(other), 0);
}
END_TEST

/* Strangers at many addresses fill the table, go on asking, and the officer comes in all the same. */
START_TEST(strangers_hold_up_nobody)
{
	char text[LOGIN_TEXT_SIZE], address[32];

	for (unsigned int i = 0; i < 40 * 10; i++) {
		snprintf(address, sizeof(address), "10.1.0.%u", i % 40);
		ask(address, "kovac");
	}
	ck_assert_int_eq(login_challenge(&serve, "10.0.0.1", "kovac", text), 0);
	for (unsigned int i = 0; i < 40 * 10; i++) {
		snprintf(address, sizeof(address), "10.1.0.%u", i % 40);
		ask(address, "nobody");
	}
	ck_assert_int_eq(sign_in(text), 0);
}
END_TEST

START_TEST(names_that_are_none)
{
	char text[LOGIN_TEXT_SIZE], longest[STORE_TEXT_SIZE + 1];

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	ck_assert_int_eq(login_challenge(&serve, "a", "", text), -EACCES);
	ck_assert_int_eq(login_challenge(&serve, "a", "a\nb", text), -EACCES);
	ck_assert_int_eq(login_challenge(&serve, "a", "a\x1b[2J", text), -EACCES);
	ck_assert_int_eq(login_challenge(&serve, "a", "\u202e", text), -EACCES);
	ck_assert_int_eq(login_challenge(&serve, "a", longest, text), -EACCES);
	ck_assert_int_eq(login_challenge(&serve, "a", "张伟", text), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { a_challenge_serves_once, an_address_has_few,
				       strangers_hold_up_nobody, names_that_are_none };
	Suite *suite = suite_create("office_login");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
