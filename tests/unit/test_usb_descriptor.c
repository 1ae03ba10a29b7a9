// SPDX-License-Identifier: GPL-2.0-or-later
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/usb_descriptor.h"
#include "tests/unit/unit.h"

/* A full-speed stick: device, configuration 1 of 32 bytes, interface 0 08:06:50, two endpoints. */
static const uint8_t stick[] = {
	18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x51, 0x09, 0x66, 0x16, 0x10, 0x01, 1, 2, 3, 1,
	9, 2, 32, 0, 1, 1, 0, 0x80, 100,
	9, 4, 0, 0, 2, 0x08, 0x06, 0x50, 0,
	7, 5, 0x81, 2, 64, 0, 0,
	7, 5, 0x02, 2, 64, 0, 0,
};

static uint8_t bytes[4096];

static enum usb_flaw parse(size_t length, struct usb_facts *facts)
{
	/* An exact copy on the heap, so that the sanitizer sees any read beyond it. */
	uint8_t *copy = malloc(length ? length : 1);
	enum usb_flaw flaw;

	memcpy(copy, bytes, length);
	*facts = (struct usb_facts){ 0 };
	flaw = usb_descriptor_parse(copy, length, facts);
	ck_assert_int_eq(facts->flaw, flaw);
	free(copy);
	return flaw;
}

static void load_stick(void)
{
	memcpy(bytes, stick, sizeof(stick));
}

START_TEST(a_stick_is_sound)
{
	struct usb_facts facts;

	load_stick();
	ck_assert_int_eq(parse(sizeof(stick), &facts), USB_SOUND);
	ck_assert_uint_eq(facts.vendor, 0x0951);
	ck_assert_uint_eq(facts.product, 0x1666);
	ck_assert_uint_eq(facts.release, 0x0110);
	ck_assert_uint_eq(facts.configurations, 1);
	ck_assert_uint_eq(facts.interface_count, 1);
	ck_assert_uint_eq(facts.interfaces[0].class, 8);
	ck_assert_uint_eq(facts.interfaces[0].subclass, 6);
	ck_assert_uint_eq(facts.interfaces[0].protocol, 0x50);
	ck_assert_uint_eq(facts.interfaces[0].config, 1);
}
END_TEST

/* Cut anywhere, it must be refused and nothing read beyond the end. */
START_TEST(every_truncation_is_a_flaw)
{
	struct usb_facts facts;

	load_stick();
	for (size_t length = 0; length < sizeof(stick); length++)
		ck_assert_int_ne(parse(length, &facts), USB_SOUND);
}
END_TEST

/* Bytes that matter to identity, each with a value that contradicts the rest. */
START_TEST(contradictions_are_flaws)
{
	static const struct {
		size_t at;
		uint8_t value;
		enum usb_flaw flaw;
	} cases[] = {
		{ 0, 17, USB_FLAW_LENGTH },  { 1, 2, USB_FLAW_LENGTH },	 { 17, 0, USB_FLAW_COUNT },
		{ 17, 2, USB_FLAW_COUNT },   { 18, 8, USB_FLAW_LENGTH }, { 18, 0, USB_FLAW_LENGTH },
		{ 20, 33, USB_FLAW_LENGTH }, { 21, 1, USB_FLAW_LENGTH }, { 22, 2, USB_FLAW_COUNT },
		{ 22, 0, USB_FLAW_COUNT },   { 27, 1, USB_FLAW_LENGTH }, { 27, 8, USB_FLAW_LENGTH },
		{ 36, 255, USB_FLAW_SHORT }, { 37, 1, USB_FLAW_LENGTH }, { 43, 6, USB_FLAW_LENGTH },
	};
	struct usb_facts facts;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		load_stick();
		bytes[cases[i].at] = cases[i].value;
		ck_assert_msg(parse(sizeof(stick), &facts) != USB_SOUND, "byte %zu = %u passes",
			      cases[i].at, cases[i].value);
	}
}
END_TEST

static size_t add_interface(size_t at, uint8_t number, uint8_t alternate, uint8_t class)
{
	const uint8_t interface[] = { 9, 4, number, alternate, 0, class, 1, 1, 0 };

	memcpy(bytes + at, interface, sizeof(interface));
	return at + sizeof(interface);
}

static void set_total(size_t end, uint8_t interfaces)
{
	bytes[20] = (uint8_t)(end - 18);
	bytes[21] = (uint8_t)((end - 18) >> 8);
	bytes[22] = interfaces;
}

START_TEST(alternate_settings_are_interfaces)
{
	struct usb_facts facts;
	size_t end;

	load_stick();
	end = add_interface(sizeof(stick), 0, 1, 3);
	set_total(end, 1);
	ck_assert_int_eq(parse(end, &facts), USB_SOUND);
	ck_assert_uint_eq(facts.interface_count, 2);
	ck_assert_uint_eq(facts.interfaces[1].number, 0);
	ck_assert_uint_eq(facts.interfaces[1].alternate, 1);
	ck_assert_uint_eq(facts.interfaces[1].class, 3);
}
END_TEST

START_TEST(duplicates_are_flaws)
{
	struct usb_facts facts;
	size_t end;

	load_stick();
	end = add_interface(sizeof(stick), 0, 0, 3);
	set_total(end, 1);
	ck_assert_int_eq(parse(end, &facts), USB_FLAW_DUPLICATE);

	/* The same configuration value twice. */
	load_stick();
	memcpy(bytes + sizeof(stick), stick + 18, sizeof(stick) - 18);
	bytes[17] = 2;
	ck_assert_int_eq(parse(2 * sizeof(stick) - 18, &facts), USB_FLAW_DUPLICATE);
	bytes[sizeof(stick) + 5] = 2;
	ck_assert_int_eq(parse(2 * sizeof(stick) - 18, &facts), USB_SOUND);
	ck_assert_uint_eq(facts.configurations, 2);
	ck_assert_uint_eq(facts.interface_count, 2);
	ck_assert_uint_eq(facts.interfaces[1].config, 2);
}
END_TEST

START_TEST(too_many_interfaces_are_a_flaw)
{
	struct usb_facts facts;
	size_t end = sizeof(stick);

	load_stick();
	for (unsigned int i = 1; i < USB_INTERFACES_MAX; i++)
		end = add_interface(end, (uint8_t)i, 0, 3);
	set_total(end, USB_INTERFACES_MAX);
	ck_assert_int_eq(parse(end, &facts), USB_SOUND);
	ck_assert_uint_eq(facts.interface_count, USB_INTERFACES_MAX);
	end = add_interface(end, USB_INTERFACES_MAX, 0, 3);
	set_total(end, USB_INTERFACES_MAX + 1);
	ck_assert_int_eq(parse(end, &facts), USB_FLAW_TOO_MANY);
}
END_TEST

/* A million single-byte changes of a stick, none may read outside or crash. */
START_TEST(any_bytes_are_safe)
{
	struct usb_facts facts;

	for (size_t at = 0; at < sizeof(stick); at++) {
		for (unsigned int value = 0; value < 256; value++) {
			load_stick();
			bytes[at] = (uint8_t)value;
			parse(sizeof(stick), &facts);
			ck_assert_uint_le(facts.interface_count, USB_INTERFACES_MAX);
		}
	}
}
END_TEST

/* Hash of "Stick" "09511666" "A1" and the bytes above, by any SHA-256 tool. */
START_TEST(the_hash_is_usbguards)
{
	struct usb_facts facts = { .vendor = 0x0951, .product = 0x1666, .name = "Stick", .serial = "A1" };
	uint8_t hash[32], expected[32];
	crypto_hash_sha256_state state;

	usb_descriptor_hash(stick, sizeof(stick), &facts, hash);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const uint8_t *)"Stick09511666A1", 15);
	crypto_hash_sha256_update(&state, stick, sizeof(stick));
	crypto_hash_sha256_final(&state, expected);
	ck_assert_mem_eq(hash, expected, 32);
}
END_TEST

/* The kernel's own root hubs carry the kernel's version; it must not change their identity. */
START_TEST(root_hub_releases_do_not_count)
{
	struct usb_facts hub = { .vendor = 0x1d6b, .product = 2 };
	uint8_t a[32], b[32];

	load_stick();
	usb_descriptor_hash(bytes, sizeof(stick), &hub, a);
	bytes[12] ^= 0xff;
	usb_descriptor_hash(bytes, sizeof(stick), &hub, b);
	ck_assert_mem_eq(a, b, 32);
	hub.product = 4;
	usb_descriptor_hash(bytes, sizeof(stick), &hub, b);
	ck_assert_mem_ne(a, b, 32);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("usb_descriptor");
	TCase *cases = tcase_create("descriptors");

	tcase_add_test(cases, a_stick_is_sound);
	tcase_add_test(cases, every_truncation_is_a_flaw);
	tcase_add_test(cases, contradictions_are_flaws);
	tcase_add_test(cases, alternate_settings_are_interfaces);
	tcase_add_test(cases, duplicates_are_flaws);
	tcase_add_test(cases, too_many_interfaces_are_a_flaw);
	tcase_add_test(cases, any_bytes_are_safe);
	tcase_add_test(cases, the_hash_is_usbguards);
	tcase_add_test(cases, root_hub_releases_do_not_count);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
