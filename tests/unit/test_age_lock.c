// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_lock.h"
#include "agent/lib/age/age_hkdf.h"
#include "agent/lib/age/age_result.h"
#include "tests/unit/unit.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define RECIPIENTS 5
/* 32 bytes: a share that is a point of low order, and a body */
#define LOW_SHARE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define BODY	  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"
#define SALT	  "ajMFur+EJLGaohv/dLRGnw"

static struct age_keyring *ring, *one;
static struct age_recipient recipients[AGE_RECIPIENTS_MAX + 1];
static struct age_head head;
static uint8_t *key, *opened;
static size_t length;

static void setup(void)
{
	ring = age_keyring_new();
	one = age_keyring_new();
	key = age_key_new();
	opened = age_key_new();
	ck_assert(ring && one && key && opened);
	for (int i = 0; i < RECIPIENTS; i++) {
		ck_assert_int_eq(age_keyring_generate(ring), 0);
		recipients[i] = ring->identities[i].recipient;
	}
	ck_assert_int_eq(age_lock(recipients, RECIPIENTS, &head, key), 0);
}

static void teardown(void)
{
	age_keyring_free(ring);
	age_keyring_free(one);
	age_key_free(key);
	age_key_free(opened);
}

static int unlock_with(const struct age_keyring *keys)
{
	return age_unlock(head.bytes, head.length, keys, &length, opened);
}

static void only(int which)
{
	one->count = 1;
	one->identities[0] = ring->identities[which];
}

START_TEST(test_each_recipient)
{
	only(_i);
	ck_assert_int_eq(unlock_with(one), 0);
	ck_assert_uint_eq(length, head.length);
	ck_assert_mem_eq(opened, key, AGE_PAYLOAD_KEY);
}
END_TEST

START_TEST(test_stranger)
{
	ck_assert_int_eq(unlock_with(one), AGE_NO_MATCH);
	ck_assert_int_eq(age_keyring_generate(one), 0);
	ck_assert_int_eq(unlock_with(one), AGE_NO_MATCH);
	ck_assert(sodium_is_zero(opened, AGE_PAYLOAD_KEY));
}
END_TEST

START_TEST(test_new_every_time)
{
	struct age_head other;

	ck_assert_int_eq(age_lock(recipients, RECIPIENTS, &other, opened), 0);
	ck_assert_mem_ne(opened, key, AGE_PAYLOAD_KEY);
	ck_assert_uint_eq(other.length, head.length);
	ck_assert_mem_ne(other.bytes + 40, head.bytes + 40, 32);
}
END_TEST

START_TEST(test_count)
{
	for (size_t i = 0; i <= AGE_RECIPIENTS_MAX; i++)
		recipients[i] = ring->identities[0].recipient;
	ck_assert_int_eq(age_lock(recipients, 0, &head, key), -EINVAL);
	ck_assert_int_eq(age_lock(recipients, AGE_RECIPIENTS_MAX + 1, &head, key), -EINVAL);
	ck_assert_int_eq(age_lock(recipients, AGE_RECIPIENTS_MAX, &head, key), 0);
	ck_assert_int_eq(unlock_with(ring), 0);
	memset(recipients[3].point, 0, AGE_KEY_SIZE);
	ck_assert_int_eq(age_lock(recipients, 5, &head, key), -EINVAL);
}
END_TEST

/* Whatever byte of the header changes, it is refused; the nonce only changes the key. */
START_TEST(test_every_byte)
{
	int r;

	for (size_t i = 0; i < head.length; i++) {
		head.bytes[i] ^= 1;
		r = unlock_with(ring);
		if (i < head.length - AGE_NONCE_SIZE)
			ck_assert_msg(r == AGE_BAD_HEADER || r == AGE_NO_MATCH || r == AGE_BAD_MAC,
				      "byte %zu: %d", i, r);
		else
			ck_assert(r == 0 && memcmp(opened, key, AGE_PAYLOAD_KEY) != 0);
		head.bytes[i] ^= 1;
	}
	ck_assert_int_eq(unlock_with(ring), 0);
}
END_TEST

START_TEST(test_cut)
{
	for (size_t i = 0; i < head.length; i++)
		ck_assert_int_eq(age_unlock(head.bytes, i, ring, &length, opened), AGE_BAD_HEADER);
}
END_TEST

/* @stanzas before ours: the MAC is then wrong, but what is malformed is found first. */
static int unlock_after(const char *stanzas)
{
	static uint8_t bytes[2 * AGE_HEAD_SIZE];
	size_t at = strlen(AGE_VERSION), more = strlen(stanzas);

	memcpy(bytes, head.bytes, at);
	memcpy(bytes + at, stanzas, more);
	memcpy(bytes + at + more, head.bytes + at, head.length - at);
	return age_unlock(bytes, head.length + more, ring, &length, opened);
}

START_TEST(test_other_stanzas)
{
	ck_assert_int_eq(unlock_after("-> x25519 " LOW_SHARE "\n\n"), AGE_BAD_MAC);
	ck_assert_int_eq(unlock_after("-> 7~-grease !\nAAAA\n"), AGE_BAD_MAC);
	ck_assert_int_eq(unlock_after("-> Scrypt a b c d e f\n\n"), AGE_BAD_MAC);
	ck_assert_int_eq(unlock_after("-> scrypt " SALT " 10\n" BODY "\n"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_after("-> X25519 " LOW_SHARE "\n" BODY "\n"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_after("-> X25519 " BODY "\nAAAA\n"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_after("-> X25519 " BODY " a\n" BODY "\n"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_after("-> X25519\n" BODY "\n"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_after("-> X25519 AAAA\n" BODY "\n"), AGE_BAD_HEADER);
}
END_TEST

static int unlock_scrypt(const char *arguments)
{
	char text[512];

	snprintf(text, sizeof(text), AGE_VERSION "-> scrypt %s\n" BODY "\n--- " BODY "\n",
		 arguments);
	return age_unlock((const uint8_t *)text, strlen(text), ring, &length, opened);
}

START_TEST(test_scrypt)
{
	ck_assert_int_eq(unlock_scrypt(SALT " 1"), AGE_NO_MATCH);
	ck_assert_int_eq(unlock_scrypt(SALT " 22"), AGE_NO_MATCH);
	ck_assert_int_eq(unlock_scrypt(SALT " 23"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_scrypt(SALT " 4294967297"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_scrypt(SALT " 01"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_scrypt(SALT " 0x1"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_scrypt(SALT), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_scrypt(BODY " 1"), AGE_BAD_HEADER);
	ck_assert_int_eq(unlock_scrypt(SALT " 1 1"), AGE_BAD_HEADER);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_lock");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, test_each_recipient, 0, RECIPIENTS);
	tcase_add_test(tests, test_stranger);
	tcase_add_test(tests, test_new_every_time);
	tcase_add_test(tests, test_count);
	tcase_add_test(tests, test_every_byte);
	tcase_add_test(tests, test_cut);
	tcase_add_test(tests, test_other_stanzas);
	tcase_add_test(tests, test_scrypt);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
