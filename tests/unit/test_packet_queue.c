// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/monitor/packet_queue.h"

#include <string.h>

#include "tests/unit/unit.h"

static struct packet_queue queue;

static void put(uint32_t uid, uint16_t port)
{
	const struct msg_net_packet packet = { .uid = uid, .count = 1, .flow.port = port };

	packet_queue_put(&queue, &packet);
}

static struct msg_net_packet take(void)
{
	struct msg_net_packet packet;

	ck_assert(packet_queue_take(&queue, &packet));
	return packet;
}

static void setup(void)
{
	memset(&queue, 0, sizeof(queue));
}

START_TEST(repeats_are_counted)
{
	struct msg_net_packet again = {
		.uid = 1, .count = 1, .flow.port = 80, .flow.from_port = 999
	};

	put(1, 80);
	put(1, 81);
	packet_queue_put(&queue, &again);
	ck_assert_uint_eq(take().count, 2);
	ck_assert_uint_eq(take().count, 1);
	ck_assert(!packet_queue_take(&queue, &again));
}
END_TEST

START_TEST(a_flood_hides_nobody)
{
	struct msg_net_packet packet;
	bool seen = false;
	uint64_t told = 0, lost = 0;

	for (uint16_t port = 1; port <= 10000; port++)
		put(1000, port);
	put(1001, 1);
	/* His turn comes at once, not after the flood. */
	for (int i = 0; i < 2; i++) {
		packet = take();
		seen |= packet.uid == 1001;
		told += packet.uid == 1000 ? packet.count : 0;
		lost += packet.lost;
	}
	ck_assert(seen);
	while (packet_queue_take(&queue, &packet)) {
		told += packet.count;
		lost += packet.lost;
	}
	ck_assert_uint_eq(told, PACKET_QUEUE_SHARE);
	ck_assert_uint_eq(told + lost, 10000);
}
END_TEST

/* Sixteen users fill everything; a further one still finds room, and nothing is uncounted. */
START_TEST(many_floods_hide_nobody)
{
	const uint32_t users = PACKET_QUEUE_MAX / PACKET_QUEUE_SHARE;
	struct msg_net_packet packet;
	uint64_t all = 0;
	bool seen = false;

	for (uint32_t uid = 0; uid < users; uid++)
		for (uint16_t port = 1; port <= PACKET_QUEUE_SHARE; port++)
			put(uid, port);
	ck_assert_uint_eq(queue.count, PACKET_QUEUE_MAX);
	put(4711, 1);
	ck_assert_uint_eq(queue.count, PACKET_QUEUE_MAX);
	while (packet_queue_take(&queue, &packet)) {
		seen |= packet.uid == 4711;
		all += packet.count + packet.lost;
	}
	ck_assert(seen);
	ck_assert_uint_eq(all, PACKET_QUEUE_MAX + 1);
}
END_TEST

START_TEST(users_take_turns)
{
	for (uint16_t port = 1; port <= 3; port++) {
		put(5, port);
		put(6, port);
	}
	for (uint16_t port = 1; port <= 3; port++) {
		struct msg_net_packet first = take(), second = take();

		ck_assert_uint_ne(first.uid, second.uid);
		ck_assert_uint_eq(first.flow.port, port);
		ck_assert_uint_eq(second.flow.port, port);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("packet_queue");
	TCase *cases = tcase_create("packet_queue");

	tcase_add_checked_fixture(cases, setup, NULL);
	tcase_add_test(cases, repeats_are_counted);
	tcase_add_test(cases, a_flood_hides_nobody);
	tcase_add_test(cases, many_floods_hide_nobody);
	tcase_add_test(cases, users_take_turns);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
