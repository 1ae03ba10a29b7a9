// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/core/govern/rescue.h"
#include "agent/core/govern/state.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/unit.h"

#define STATE "/var/lib/airgap/state/state"

static const char *root;
static struct state state, read_back;

static void set_up(void)
{
	root = unit_tmpdir();
	memset(&state, 0, sizeof(state));
	/* Makes the folder. */
	sysfs_tree_text(root, "/var/lib/airgap/state/other", "");
}

START_TEST(nothing_there)
{
	ck_assert_int_eq(state_load(root, &state), -ENOENT);
	ck_assert_uint_eq(state.policy_serial, 0);
}
END_TEST

START_TEST(what_is_saved_is_loaded)
{
	uint8_t digest[SIGNED_DIGEST_SIZE];

	memset(digest, 0xab, sizeof(digest));
	state.trust_number = 3;
	state.policy_serial = UINT32_MAX + 10ULL;
	memset(state.policy_digest, 0x5a, sizeof(state.policy_digest));
	state.time_floor = 1790000000;
	state.powered_s = 77;
	state.policy_powered_s = 66;
	state.expiry_told = 14;
	state.enforce = true;
	strcpy(state.latch, "tamper: \"quoted\" 篡改");
	strcpy(state.maintenance.order, "7.2/\"4\"");
	state.maintenance.until_s = 7277;
	memset(state.maintenance.digest, 0x3c, sizeof(state.maintenance.digest));
	ck_assert_int_eq(state_set_table(&state, "media", 118, digest), 0);
	ck_assert_int_eq(state_use_order(&state, "o-1", 2000, 1000), 0);
	ck_assert_int_eq(state_save(root, &state), 0);
	ck_assert_int_eq(state_load(root, &read_back), 0);
	ck_assert_mem_eq(&state, &read_back, sizeof(state));
	ck_assert_uint_eq(state_table(&read_back, "media")->number, 118);
	ck_assert_ptr_null(state_table(&read_back, "terminals"));
}
END_TEST

START_TEST(the_first_version_is_read)
{
	char text[512], digest[SIGNED_DIGEST_TEXT];

	signed_digest_format(state.policy_digest, digest);
	snprintf(text, sizeof(text),
		 "{\"version\":1,\"trust_number\":1,\"trust_digest\":\"%s\",\"policy_serial\":42,"
		 "\"policy_digest\":\"%s\",\"time_floor\":5}",
		 digest, digest);
	sysfs_tree_text(root, STATE, text);
	ck_assert_int_eq(state_load(root, &state), 0);
	ck_assert_uint_eq(state.policy_serial, 42);
	ck_assert_uint_eq(state.powered_s, 0);
}
END_TEST

/* As version 2 had it, and as version 3 has it without the member that came with it. */
START_TEST(the_second_version_is_read)
{
	char text[1024], digest[SIGNED_DIGEST_TEXT];

	signed_digest_format(state.policy_digest, digest);
	for (int version = 2; version <= 3; version++) {
		snprintf(text, sizeof(text),
			 "{\"version\":%d,\"trust_number\":1,\"trust_digest\":\"%s\","
			 "\"policy_serial\":42,\"policy_digest\":\"%s\",\"time_floor\":5,"
			 "\"powered_s\":9,\"policy_powered_s\":8,\"expiry_told\":7,"
			 "\"enforce\":false,\"running\":true,\"latch\":\"\",\"tables\":[],"
			 "\"orders\":[]}",
			 version, digest, digest);
		sysfs_tree_text(root, STATE, text);
		ck_assert_int_eq(state_load(root, &state), version == 2 ? 0 : -EBADMSG);
		ck_assert_uint_eq(state.powered_s, version == 2 ? 9 : 0);
		ck_assert_str_eq(state.maintenance.order, "");
	}
}
END_TEST

START_TEST(damage_is_noticed)
{
	static const char *const texts[] = { "",
					     "{",
					     "[]",
					     "{\"version\":4}",
					     "{\"version\":3}",
					     "{\"version\":2}",
					     "{\"version\":1,\"trust_number\":-1}",
					     "null" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		sysfs_tree_text(root, STATE, texts[i]);
		ck_assert_msg(state_load(root, &state) == -EBADMSG, "'%s'", texts[i]);
		ck_assert_uint_eq(state.trust_number, 0);
	}
}
END_TEST

START_TEST(orders_are_remembered_until_they_end)
{
	char id[16];

	for (int i = 0; i < STATE_ORDERS_MAX; i++) {
		snprintf(id, sizeof(id), "o-%d", i);
		ck_assert_int_eq(state_use_order(&state, id, 100 + i, 50), 0);
	}
	ck_assert(state_order_used(&state, "o-0"));
	ck_assert(!state_order_used(&state, "o-64"));
	ck_assert_int_eq(state_use_order(&state, "o-64", 500, 50), -ENOSPC);
	ck_assert_int_eq(state_use_order(&state, "o-64", 500, 101), 0);
	ck_assert(!state_order_used(&state, "o-0"));
	ck_assert(state_order_used(&state, "o-1"));
}
END_TEST

static struct usb_verdict keyboard(uint8_t id, const char *port)
{
	struct usb_verdict verdict = { .verdict.result = POLICY_RESULT_PERMIT };

	verdict.facts.hash[0] = id;
	strcpy(verdict.facts.port, port);
	verdict.facts.interface_count = 2;
	verdict.facts.interfaces[0] =
		(struct usb_interface){ .config = 1, .class = 3, .subclass = 1, .protocol = 1 };
	verdict.facts.interfaces[1] =
		(struct usb_interface){ .config = 1, .number = 1, .class = 8 };
	verdict.verdict.interfaces[0] = 1;
	return verdict;
}

START_TEST(keyboards_are_rescued)
{
	struct usb_verdict good = keyboard(1, "1-1"), moved = keyboard(1, "1-2");
	struct usb_verdict other = keyboard(2, "1-1");
	uint8_t bits[USB_INTERFACES_MAX / 8];
	struct rescue rescue, loaded;

	rescue_load(root, &rescue);
	ck_assert_uint_eq(rescue.count, 0);
	ck_assert_int_eq(rescue_learn(root, &rescue, &good), 0);
	rescue_load(root, &loaded);
	ck_assert(rescue_knows(&loaded, &good.facts));
	ck_assert(!rescue_knows(&loaded, &moved.facts));
	ck_assert(!rescue_knows(&loaded, &other.facts));
	ck_assert_uint_eq(rescue_interfaces(&good.facts, bits), 1);
	ck_assert_uint_eq(bits[0], 1);
}
END_TEST

START_TEST(only_permitted_keyboards_are_learnt)
{
	struct usb_verdict refused = keyboard(1, "1-1"), flawed = keyboard(1, "1-1");
	struct usb_verdict stick = keyboard(1, "1-1"), partly = keyboard(1, "1-1");
	struct rescue rescue = { 0 };

	refused.verdict.result = POLICY_RESULT_REFUSE;
	flawed.facts.flaw = USB_FLAW_SHORT;
	stick.facts.interfaces[0].class = 8;
	partly.verdict.interfaces[0] = 2;
	ck_assert_int_eq(rescue_learn(root, &rescue, &refused), 0);
	ck_assert_int_eq(rescue_learn(root, &rescue, &flawed), 0);
	ck_assert_int_eq(rescue_learn(root, &rescue, &stick), 0);
	ck_assert_int_eq(rescue_learn(root, &rescue, &partly), 0);
	ck_assert_uint_eq(rescue.count, 0);
}
END_TEST

START_TEST(the_oldest_keyboard_makes_room)
{
	struct usb_verdict first = keyboard(0, "1-1");
	struct rescue rescue = { 0 };

	for (uint8_t i = 0; i <= RESCUE_MAX; i++) {
		struct usb_verdict next = keyboard(i, "1-1");

		ck_assert_int_eq(rescue_learn(root, &rescue, &next), 0);
	}
	ck_assert_uint_eq(rescue.count, RESCUE_MAX);
	ck_assert(!rescue_knows(&rescue, &first.facts));
	rescue_load(root, &rescue);
	ck_assert_uint_eq(rescue.count, RESCUE_MAX);
}
END_TEST

START_TEST(a_damaged_rescue_file_gives_no_keyboard)
{
	struct usb_verdict good = keyboard(1, "1-1");
	struct rescue rescue = { 0 };

	rescue_learn(root, &rescue, &good);
	sysfs_tree_text(root, "/var/lib/airgap/state/rescue", "0102 1-1");
	rescue_load(root, &rescue);
	ck_assert_uint_eq(rescue.count, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state");
	TCase *cases = tcase_create("state");

	tcase_add_checked_fixture(cases, set_up, NULL);
	tcase_add_test(cases, nothing_there);
	tcase_add_test(cases, what_is_saved_is_loaded);
	tcase_add_test(cases, the_first_version_is_read);
	tcase_add_test(cases, the_second_version_is_read);
	tcase_add_test(cases, damage_is_noticed);
	tcase_add_test(cases, orders_are_remembered_until_they_end);
	tcase_add_test(cases, keyboards_are_rescued);
	tcase_add_test(cases, only_permitted_keyboards_are_learnt);
	tcase_add_test(cases, the_oldest_keyboard_makes_room);
	tcase_add_test(cases, a_damaged_rescue_file_gives_no_keyboard);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
