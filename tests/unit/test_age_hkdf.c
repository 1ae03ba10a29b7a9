// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_hkdf.h"
#include "tests/unit/unit.h"

#include <sodium.h>
#include <string.h>

static void expect(const uint8_t *salt, size_t salt_size, const char *info, const char *hex)
{
	char text[2 * AGE_HKDF_SIZE + 1];
	uint8_t secret[22], key[AGE_HKDF_SIZE];

	memset(secret, 0x0b, sizeof(secret));
	age_hkdf(key, secret, sizeof(secret), salt, salt_size, info);
	sodium_bin2hex(text, sizeof(text), key, sizeof(key));
	ck_assert_str_eq(text, hex);
}

/* RFC 5869, A.1 and A.3: the first 32 bytes of the output. */
START_TEST(test_rfc)
{
	static const uint8_t salt[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

	expect(salt, sizeof(salt), "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9",
	       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
	expect(NULL, 0, "", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("age_hkdf");
	TCase *tests = tcase_create("all");

	tcase_add_test(tests, test_rfc);
	suite_add_tcase(suite, tests);
	return sodium_init() < 0 ? 2 : unit_run(suite);
}
