// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "policy/order/order.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

#define HASH "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\""
#define KEYS " interfaces [ 08:06:50 ]"

/* An order that does @what, between all that is required. */
static int parse(const char *what, struct order *order)
{
	char text[1024];
	int length =
		snprintf(text, sizeof(text),
			 "airgap-order 1\norder {\nid \"7.2/2026-0042\"\nterminal \"T-00417\"\n"
			 "valid 2026-12-01 .. 2026-12-02\n%s\nreason \"why\"\n}\n",
			 what);

	ck_assert_int_lt(length, (int)sizeof(text));
	return order_parse(text, (size_t)length, NULL, order);
}

static struct order order_of(const char *what)
{
	struct order order;

	ck_assert_int_eq(parse(what, &order), 0);
	return order;
}

START_TEST(permit)
{
	struct order order = order_of("permit id 0951:166A serial \"S1\" hash " HASH " for 2h");

	ck_assert_uint_eq(order.kind, ORDER_KIND_PERMIT);
	ck_assert_str_eq(order_kind_name(order.kind), "permit");
	ck_assert_str_eq(order.id, "7.2/2026-0042");
	ck_assert_str_eq(order.terminal, "T-00417");
	ck_assert_str_eq(order.reason, "why");
	ck_assert_int_eq(order.from, 1796083200);
	ck_assert_int_eq(order.until, 1796083200 + 2 * 86400 - 1);
	ck_assert_uint_eq(order.vendor, 0x0951);
	ck_assert_uint_eq(order.product, 0x166a);
	ck_assert_str_eq(order.serial, "S1");
	ck_assert(order.has_hash);
	ck_assert_uint_eq(order.hash[31], 31);
	ck_assert_uint_eq(order.duration_s, 7200);
}
END_TEST

START_TEST(other_kinds)
{
	static const struct order empty;
	struct order order = order_of("release lockdown");

	ck_assert_uint_eq(order.kind, ORDER_KIND_RELEASE_LOCKDOWN);
	ck_assert_str_eq(order_kind_name(order.kind), "release-lockdown");
	ck_assert_str_eq(order.serial, "");
	ck_assert_uint_eq(order.duration_s, 0);
	order = order_of("enforce");
	ck_assert_uint_eq(order.kind, ORDER_KIND_ENFORCE);
	ck_assert_str_eq(order_kind_name(order.kind), "enforce");
	order = order_of("end maintenance");
	ck_assert_uint_eq(order.kind, ORDER_KIND_END_MAINTENANCE);
	ck_assert_str_eq(order_kind_name(order.kind), "end-maintenance");
	ck_assert_uint_eq(order.duration_s, 0);
	ck_assert_str_eq(order_kind_name(ORDER_KIND_COUNT), "unknown");
	ck_assert_int_eq(parse("release lockdown\nenforce", &order), -EINVAL);
	ck_assert_mem_eq(&order, &empty, sizeof(order));
	ck_assert_int_eq(parse("", &order), -EINVAL);
	ck_assert_int_eq(parse("enforce\nenforce", &order), -EINVAL);
}
END_TEST

/* It ends by itself, and no order makes it longer than a working day. */
START_TEST(maintenance)
{
	struct order order = order_of("maintenance for 90m");

	ck_assert_uint_eq(order.kind, ORDER_KIND_MAINTENANCE);
	ck_assert_str_eq(order_kind_name(order.kind), "maintenance");
	ck_assert_uint_eq(order.duration_s, 5400);
	ck_assert_uint_eq(order_of("maintenance for 8h").duration_s, ORDER_MAINTENANCE_MAX_S);
	ck_assert_int_eq(parse("maintenance for 481m", &order), -EINVAL);
	ck_assert_uint_eq(order.duration_s, 0);
	ck_assert_int_eq(parse("maintenance for 59s", &order), -EINVAL);
	ck_assert_int_eq(parse("maintenance for 0h", &order), -EINVAL);
	ck_assert_int_eq(parse("maintenance", &order), -EINVAL);
	ck_assert_int_eq(parse("end", &order), -EINVAL);
	ck_assert_int_eq(parse("maintenance for 1h\nend maintenance", &order), -EINVAL);
	ck_assert_int_eq(parse("maintenance for 1h\nmaintenance for 1h", &order), -EINVAL);
}
END_TEST

/* Which device an order lets in. */
START_TEST(permits)
{
	static const struct {
		const char *order;
		const char *subject;
		bool permits;
	} cases[] = {
		{ "permit id 0951:1666 serial \"S1\"", "id 0951:1666 serial \"S1\"" KEYS, true },
		{ "permit id 0951:1666 serial \"S1\"", "id 0951:1667 serial \"S1\"" KEYS, false },
		{ "permit id 0951:1666 serial \"S1\"", "id 0950:1666 serial \"S1\"" KEYS, false },
		{ "permit id 0951:1666 serial \"S1\"", "id 0951:1666 serial \"S2\"" KEYS, false },
		{ "permit id 0951:1666 serial \"S1\"", "id 0951:1666 serial \"S11\"" KEYS, false },
		{ "permit id 0951:1666 serial \"S1\"", "id 0951:1666" KEYS, false },
		{ "permit id 0951:1666 serial \"S1\" hash " HASH,
		  "id 0951:1666 serial \"S1\" hash " HASH KEYS, true },
		{ "permit id 0951:1666 serial \"S1\" hash " HASH, "id 0951:1666 serial \"S1\"" KEYS,
		  false },
		{ "enforce", "id 0951:1666 serial \"S1\"" KEYS, false },
		{ "release lockdown", "id 0951:1666 serial \"S1\"" KEYS, false },
		{ "maintenance for 1h", "id 0951:1666 serial \"S1\"" KEYS, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct order order = order_of(cases[i].order);
		struct usb_facts facts = facts_of(cases[i].subject);

		ck_assert_msg(order_permits(&order, &facts) == cases[i].permits, "%s / %s",
			      cases[i].order, cases[i].subject);
	}
}
END_TEST

START_TEST(an_empty_order_permits_nothing)
{
	static const struct order empty;
	static const struct usb_facts none;

	ck_assert(!order_permits(&empty, &none));
}
END_TEST

/* The digest is of the text alone; what the signatures look like is not its matter. */
START_TEST(digest)
{
	static const char text[] = "airgap-order 1\norder {\nid \"a\"\nterminal \"b\"\nvalid "
				   "2026-12-01 .. 2026-12-31\nenforce\nreason \"c\"\n}\n";
	static const char tail[] = "-----BEGIN SSH SIGNATURE-----\n";
	char both[sizeof(text) + sizeof(tail)];
	struct order one, two;
	uint8_t wanted[32];

	snprintf(both, sizeof(both), "%s%s", text, tail);
	ck_assert_int_eq(order_parse(text, strlen(text), NULL, &one), 0);
	ck_assert_int_eq(order_parse(both, strlen(both), NULL, &two), 0);
	ck_assert_mem_eq(&one, &two, sizeof(one));
	crypto_hash_sha256(wanted, (const uint8_t *)text, strlen(text));
	ck_assert_mem_eq(one.digest, wanted, sizeof(wanted));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("order");
	TCase *tests = tcase_create("order");

	if (sodium_init() < 0)
		return 1;
	tcase_add_test(tests, permit);
	tcase_add_test(tests, other_kinds);
	tcase_add_test(tests, maintenance);
	tcase_add_test(tests, permits);
	tcase_add_test(tests, an_empty_order_permits_nothing);
	tcase_add_test(tests, digest);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
