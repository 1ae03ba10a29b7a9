// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "agent/lib/msg.h"
#include "tests/unit/unit.h"

struct packet {
	struct msg_header header;
	uint8_t body[MSG_BODY_MAX];
};

static struct packet packet;

static size_t fill(enum msg_type type)
{
	int size = msg_size(type);

	ck_assert_int_ge(size, 0);
	memset(&packet, 0, sizeof(packet));
	packet.header.type = type;
	packet.header.length = (uint32_t)size;
	packet.header.sequence = 1;
	return sizeof(packet.header) + (size_t)size;
}

static int check(size_t length, enum msg_role from)
{
	const char *reason;
	uint8_t *copy = malloc(length ? length : 1);
	int r;

	memcpy(copy, &packet, length);
	r = msg_check(copy, length, from, false, 1, &reason);
	ck_assert((r == 0) == (reason == NULL));
	free(copy);
	return r;
}

/* Each type from each program: exactly one may send it, hello excepted. */
START_TEST(one_sender_a_type)
{
	for (uint32_t type = 1; type < MSG_TYPE_COUNT; type++) {
		int senders = 0;

		for (int role = 0; role < MSG_ROLE_COUNT; role++)
			senders += check(fill((enum msg_type)type), (enum msg_role)role) == 0;
		ck_assert_msg(senders == (type == MSG_HELLO ? MSG_ROLE_COUNT : 1),
			      "%s has %d senders", msg_type_name(type), senders);
	}
}
END_TEST

START_TEST(lengths_are_exact)
{
	size_t length = fill(MSG_USB_FACTS);

	ck_assert_int_eq(check(length, MSG_ROLE_MONITOR), 0);
	ck_assert_int_ne(check(length - 1, MSG_ROLE_MONITOR), 0);
	ck_assert_int_ne(check(length + 1, MSG_ROLE_MONITOR), 0);
	for (size_t n = 0; n < sizeof(struct msg_header); n++)
		ck_assert_int_ne(check(n, MSG_ROLE_MONITOR), 0);
	packet.header.length--;
	ck_assert_int_ne(check(length, MSG_ROLE_MONITOR), 0);
	packet.header.length = UINT32_MAX;
	ck_assert_int_ne(check(length, MSG_ROLE_MONITOR), 0);
}
END_TEST

START_TEST(unknown_types_are_refused)
{
	static const uint32_t types[] = { 0, MSG_TYPE_COUNT, MSG_TYPE_COUNT + 1, UINT32_MAX };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t length = fill(MSG_PING);

		packet.header.type = types[i];
		for (int role = 0; role < MSG_ROLE_COUNT; role++)
			ck_assert_int_ne(check(length, (enum msg_role)role), 0);
		ck_assert_int_lt(msg_size(types[i]), 0);
	}
}
END_TEST

START_TEST(sequence_and_descriptor_are_checked)
{
	const char *reason;
	size_t length = fill(MSG_PING);

	ck_assert_int_eq(msg_check(&packet, length, MSG_ROLE_CORE, false, 1, &reason), 0);
	ck_assert_int_ne(msg_check(&packet, length, MSG_ROLE_CORE, false, 2, &reason), 0);
	ck_assert_int_ne(msg_check(&packet, length, MSG_ROLE_CORE, true, 1, &reason), 0);
	length = fill(MSG_CONTROL);
	ck_assert_int_eq(msg_check(&packet, length, MSG_ROLE_DOOR, true, 1, &reason), 0);
}
END_TEST

#define FACTS(member) ((struct msg_usb_facts *)(void *)packet.body)->facts.member

START_TEST(texts_must_end)
{
	size_t length = fill(MSG_USB_FACTS);

	memset(FACTS(serial), 'A', USB_STRING_SIZE - 1);
	ck_assert_int_eq(check(length, MSG_ROLE_MONITOR), 0);
	FACTS(serial)[USB_STRING_SIZE - 1] = 'A';
	ck_assert_int_ne(check(length, MSG_ROLE_MONITOR), 0);
	fill(MSG_USB_FACTS);
	memset(FACTS(port), 'A', USB_PORT_SIZE);
	ck_assert_int_ne(check(length, MSG_ROLE_MONITOR), 0);
}
END_TEST

START_TEST(numbers_must_be_in_range)
{
	size_t length = fill(MSG_USB_FACTS);

	FACTS(interface_count) = USB_INTERFACES_MAX;
	FACTS(flaw) = USB_FLAW_COUNT_OF - 1;
	ck_assert_int_eq(check(length, MSG_ROLE_MONITOR), 0);
	FACTS(interface_count) = USB_INTERFACES_MAX + 1;
	ck_assert_int_ne(check(length, MSG_ROLE_MONITOR), 0);
	FACTS(interface_count) = 0;
	FACTS(flaw) = USB_FLAW_COUNT_OF;
	ck_assert_int_ne(check(length, MSG_ROLE_MONITOR), 0);
	FACTS(flaw) = 0;
	FACTS(connect) = 255;
	ck_assert_int_ne(check(length, MSG_ROLE_MONITOR), 0);
}
END_TEST

/* Outcomes inside records are checked like those on their own. */
START_TEST(records_are_checked_inside)
{
	struct msg_record_usb *record = (struct msg_record_usb *)(void *)packet.body;
	size_t length = fill(MSG_RECORD_USB);

	ck_assert_int_eq(check(length, MSG_ROLE_CORE), 0);
	record->outcome.state = USB_STATE_COUNT;
	ck_assert_int_ne(check(length, MSG_ROLE_CORE), 0);
	record->outcome.state = 0;
	record->record.kind = RECORD_KIND_COUNT;
	ck_assert_int_ne(check(length, MSG_ROLE_CORE), 0);
	record->record.kind = 0;
	memset(record->outcome.decided.verdict.because, 'x', POLICY_BECAUSE_SIZE);
	ck_assert_int_ne(check(length, MSG_ROLE_CORE), 0);
}
END_TEST

/* Whatever the body holds, an accepted message of facts is safe to read. */
START_TEST(random_bodies)
{
	size_t length;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		uint32_t type = 1 + (uint32_t)rand() % (MSG_TYPE_COUNT - 1);

		length = fill((enum msg_type)type);
		for (size_t k = 0; k < length - sizeof(packet.header); k += 1 + (size_t)rand() % 64)
			packet.body[k] = (uint8_t)rand();
		for (int role = 0; role < MSG_ROLE_COUNT; role++)
			check(length, (enum msg_role)role);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("msg");
	TCase *cases = tcase_create("check");

	tcase_add_test(cases, one_sender_a_type);
	tcase_add_test(cases, lengths_are_exact);
	tcase_add_test(cases, unknown_types_are_refused);
	tcase_add_test(cases, sequence_and_descriptor_are_checked);
	tcase_add_test(cases, texts_must_end);
	tcase_add_test(cases, numbers_must_be_in_range);
	tcase_add_test(cases, records_are_checked_inside);
	tcase_add_test(cases, random_bodies);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
