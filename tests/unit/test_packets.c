// SPDX-License-Identifier: GPL-2.0-or-later
/* Refused packets: what is merged, what is not, and who hides whom (nobody). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/habit.h"
#include "agent/core/network/packets.h"
#include "tests/unit/unit.h"

#define SECOND UINT64_C(1000000)

static struct told {
	uint32_t uid;
	uint32_t index;
	uint16_t port;
	uint32_t confidence;
	uint64_t count;
	bool habit, flood;
} told[4096];
static size_t tellings;
static uint64_t asked[65536];
static size_t questions;
static struct packets *packets;

static void on_ask(void *data, uint64_t cookie, const struct msg_net_packet *first)
{
	(void)data;
	(void)first;
	asked[questions++ % 65536] = cookie;
}

/* As the password file has it. */
static void on_name(void *data, struct net_actor *actor)
{
	(void)data;
	snprintf(actor->login, sizeof(actor->login), "%s",
		 actor->uid == 997	    ? "systemd-timesync"
		 : actor->uid == 0	    ? "root"
		 : actor->uid == UINT32_MAX ? ""
					    : "alice");
}

static void on_refused(void *data, const struct msg_net_packet *packet,
		       const struct net_actor *actor, uint64_t count, uint64_t first_us,
		       uint64_t last_us, const char *habit)
{
	(void)data;
	ck_assert_uint_ge(last_us, first_us);
	ck_assert_uint_lt(tellings, 4096);
	told[tellings++] = (struct told){ .uid = packet->uid,
					  .index = packet->flow.index,
					  .port = packet->flow.port,
					  .confidence = actor->confidence,
					  .count = count,
					  .habit = habit != NULL };
}

static void on_flooded(void *data, uint32_t uid, uint64_t count, uint64_t first_us,
		       uint64_t last_us)
{
	(void)data;
	ck_assert_uint_ge(last_us, first_us);
	told[tellings++] = (struct told){ .uid = uid, .count = count, .flood = true };
}

static void setup(void)
{
	static const struct packets_handler handler = { on_ask, on_name, on_refused, on_flooded };

	tellings = questions = 0;
	packets = packets_new(&handler, NULL);
	ck_assert_ptr_nonnull(packets);
}

static void teardown(void)
{
	packets_free(packets);
}

static struct msg_net_packet packet(uint32_t uid, uint32_t to, uint16_t port, uint32_t index)
{
	struct msg_net_packet out = {
		.uid = uid,
		.gid = uid,
		.hook = MSG_NET_HOOK_OUTPUT,
		.flow = { .to = { .family = NET_FAMILY_IPV4, .bits = 32 },
			  .protocol = NET_PROTOCOL_TCP,
			  .number = 6,
			  .port = port,
			  .index = index },
		.seen_us = SECOND,
	};

	memcpy(out.flow.to.bytes, &to, sizeof(to));
	return out;
}

static void take(const struct msg_net_packet *it, uint64_t now_us)
{
	struct msg_net_packet copy = *it;

	copy.seen_us = now_us;
	packets_take(packets, &copy, now_us);
}

/* All that was told of one user, floods included. */
static uint64_t sum_of(uint32_t uid)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < tellings; i++)
		sum += told[i].uid == uid ? told[i].count : 0;
	return sum;
}

START_TEST(first_at_once_then_counted)
{
	const struct msg_net_packet it = packet(1000, 9, 443, 2);
	struct net_actor curl = { .uid = 1000, .pid = 7, .confidence = NET_CONFIDENCE_SOCKDIAG };

	take(&it, SECOND);
	ck_assert_uint_eq(questions, 1);
	ck_assert_uint_eq(tellings, 0);
	packets_attributed(packets, asked[0], &curl, SECOND + 10);
	ck_assert_uint_eq(tellings, 1);
	ck_assert_uint_eq(told[0].count, 1);
	ck_assert_uint_eq(told[0].confidence, NET_CONFIDENCE_SOCKDIAG);
	for (int i = 0; i < 500; i++)
		take(&it, 2 * SECOND);
	ck_assert_uint_eq(questions, 1);
	ck_assert_uint_eq(tellings, 1);
	packets_tick(packets, 2 * SECOND + PACKETS_SUMMARY);
	ck_assert_uint_eq(tellings, 2);
	ck_assert_uint_eq(told[1].count, 500);
	/* A second answer to the same question changes nothing. */
	packets_attributed(packets, asked[0], &curl, SECOND + 10);
	ck_assert_uint_eq(tellings, 2);
}
END_TEST

/* While the core was busy the monitor has merged what is alike, and says how many there were. */
START_TEST(merged_packets_count_as_many)
{
	struct msg_net_packet it = packet(1000, 9, 443, 2);

	it.count = 40;
	take(&it, SECOND);
	take(&it, SECOND);
	packets_tick(packets, 2 * SECOND);
	ck_assert_uint_eq(sum_of(1000), 80);
	/* Beyond the user's share, too. */
	for (uint32_t i = 0; i < 2 * PACKETS_SHARE; i++) {
		it = packet(1001, i, 443, 2);
		it.count = 3;
		take(&it, 3 * SECOND);
	}
	packets_tick(packets, 200 * SECOND);
	ck_assert_uint_eq(sum_of(1001), 2 * 3 * PACKETS_SHARE);
}
END_TEST

START_TEST(without_helper_the_user)
{
	const struct msg_net_packet it = packet(1000, 9, 443, 2);

	take(&it, SECOND);
	take(&it, SECOND + 5);
	ck_assert_uint_eq(packets_tick(packets, SECOND + 5), SECOND + PACKETS_PATIENCE);
	packets_tick(packets, SECOND + PACKETS_PATIENCE);
	ck_assert_uint_eq(tellings, 1);
	ck_assert_uint_eq(told[0].count, 2);
	ck_assert_uint_eq(told[0].confidence, NET_CONFIDENCE_UID);
}
END_TEST

START_TEST(an_answer_about_someone_else)
{
	const struct msg_net_packet it = packet(1000, 9, 443, 2);
	struct net_actor other = { .uid = 1001, .pid = 7, .confidence = NET_CONFIDENCE_SOCKDIAG };

	take(&it, SECOND);
	packets_attributed(packets, asked[0], &other, SECOND);
	ck_assert_uint_eq(tellings, 1);
	ck_assert_uint_eq(told[0].confidence, NET_CONFIDENCE_UID);
}
END_TEST

START_TEST(nothing_else_is_merged)
{
	struct msg_net_packet all[6];

	all[0] = packet(1000, 9, 443, 2);
	all[1] = packet(1001, 9, 443, 2);
	all[2] = packet(1000, 8, 443, 2);
	all[3] = packet(1000, 9, 80, 2);
	all[4] = packet(1000, 9, 443, 3);
	all[5] = all[0];
	all[5].flow.number = 17;
	for (size_t i = 0; i < 6; i++)
		take(&all[i], SECOND);
	ck_assert_uint_eq(questions, 6);
	packets_tick(packets, 2 * SECOND);
	ck_assert_uint_eq(tellings, 6);
}
END_TEST

START_TEST(a_flood_hides_nobody)
{
	struct msg_net_packet quiet = packet(1001, 7, 22, 2);
	uint64_t before;

	for (uint32_t i = 0; i < 20000; i++) {
		struct msg_net_packet it = packet(1000, i, 443, 2);

		take(&it, SECOND);
	}
	ck_assert_uint_eq(questions, PACKETS_SHARE);
	take(&quiet, SECOND);
	ck_assert_uint_eq(questions, PACKETS_SHARE + 1);
	packets_tick(packets, 2 * SECOND);
	ck_assert_uint_eq(sum_of(1001), 1);
	/* Few entries, and no packet is forgotten. */
	ck_assert_uint_le(tellings, PACKETS_SHARE + 2);
	packets_tick(packets, 3 * SECOND + PACKETS_SUMMARY);
	ck_assert_uint_eq(sum_of(1000), 20000);
	before = tellings;
	packets_tick(packets, 4 * SECOND + PACKETS_SUMMARY);
	ck_assert_uint_eq(tellings, before);
}
END_TEST

/* One who owns many user numbers, as any user does in a name space of his own. */
START_TEST(a_crowd_shares_one_place)
{
	struct msg_net_packet quiet = packet(1001, 7, 22, 2);

	for (uint32_t i = 0; i < 5000; i++) {
		struct msg_net_packet it = packet(100000 + i, 9, 443, 2);

		take(&it, SECOND);
	}
	take(&quiet, SECOND);
	packets_tick(packets, 2 * SECOND);
	packets_tick(packets, 2 * SECOND + PACKETS_SUMMARY);
	ck_assert_uint_eq(sum_of(1001), 1);
	ck_assert_uint_le(questions, PACKETS_SHARE + 1);
}
END_TEST

START_TEST(places_come_free)
{
	for (uint32_t uid = 0; uid < PACKETS_USERS; uid++) {
		struct msg_net_packet it = packet(uid, 9, 443, 2);

		take(&it, SECOND);
	}
	packets_tick(packets, 2 * SECOND);
	ck_assert_uint_eq(packets_tick(packets, 3 * SECOND + PACKETS_QUIET), UINT64_MAX);
	tellings = questions = 0;
	for (uint32_t uid = 500; uid < 500 + PACKETS_USERS; uid++) {
		struct msg_net_packet it = packet(uid, 9, 443, 2);

		take(&it, 4 * SECOND + PACKETS_QUIET);
	}
	packets_tick(packets, 5 * SECOND + PACKETS_QUIET);
	ck_assert_uint_eq(tellings, PACKETS_USERS);
	ck_assert_uint_eq(sum_of(547), 1);
}
END_TEST

START_TEST(habits_once_a_day)
{
	struct net_actor timesyncd = { .uid = 997,
				       .confidence = NET_CONFIDENCE_UID,
				       .login = "systemd-timesync" };
	uint64_t at = SECOND, sum = 0;

	for (uint32_t i = 0; i < 200; i++) {
		struct msg_net_packet it = packet(997, 1000 + i % 4, 123, 2);

		at += 900 * SECOND;
		it.flow.protocol = NET_PROTOCOL_UDP;
		take(&it, at);
		packets_attributed(packets, asked[questions - 1], &timesyncd, at);
		packets_tick(packets, at + SECOND);
	}
	/* 200 quarters of an hour are two days and a bit. */
	ck_assert_uint_eq(tellings, 3);
	packets_tick(packets, at + PACKETS_DAY);
	ck_assert_uint_eq(tellings, 4);
	for (size_t i = 0; i < tellings; i++) {
		ck_assert(told[i].habit);
		sum += told[i].count;
	}
	ck_assert_uint_eq(sum, 200);
}
END_TEST

/* Its process was gone, or there is no helper: the user is the kernel's word all the same. */
START_TEST(a_habit_needs_no_process)
{
	struct msg_net_packet it = packet(997, 1000, 123, 2);

	it.flow.protocol = NET_PROTOCOL_UDP;
	take(&it, SECOND);
	packets_tick(packets, 2 * SECOND);
	ck_assert_uint_eq(tellings, 1);
	ck_assert(told[0].habit);
	/* Elsewhere than it always calls, as another user, or as root: no habit. */
	it.flow.port = 4444;
	take(&it, 3 * SECOND);
	packets_tick(packets, 4 * SECOND);
	it.flow.port = 123;
	it.uid = 1000;
	take(&it, 5 * SECOND);
	packets_tick(packets, 6 * SECOND);
	it.uid = 0;
	take(&it, 7 * SECOND);
	packets_tick(packets, 8 * SECOND);
	ck_assert_uint_eq(tellings, 4);
	for (size_t i = 1; i < tellings; i++)
		ck_assert(!told[i].habit);
}
END_TEST

/* A helper that was taken over cannot call alice's packets a service's. */
START_TEST(names_are_not_the_helpers_to_give)
{
	struct net_actor lie = { .uid = 1000,
				 .confidence = NET_CONFIDENCE_SOCKDIAG,
				 .login = "systemd-timesync" };
	struct msg_net_packet it = packet(1000, 1000, 123, 2);

	it.flow.protocol = NET_PROTOCOL_UDP;
	take(&it, SECOND);
	packets_attributed(packets, asked[questions - 1], &lie, SECOND);
	ck_assert_uint_eq(tellings, 1);
	ck_assert(!told[0].habit);
}
END_TEST

START_TEST(at_the_end_all_is_told)
{
	const struct msg_net_packet it = packet(1000, 9, 443, 2);

	take(&it, SECOND);
	packets_tick(packets, 2 * SECOND);
	for (int i = 0; i < 41; i++)
		take(&it, 3 * SECOND);
	packets_free(packets);
	ck_assert_uint_eq(sum_of(1000), 42);
	setup();
}
END_TEST

START_TEST(who_has_habits)
{
	struct net_actor actor = { .uid = 0, .unit = "NetworkManager.service" };
	struct net_flow web = { .port = 80, .protocol = NET_PROTOCOL_TCP };
	struct net_flow mail = { .port = 25, .protocol = NET_PROTOCOL_TCP };

	ck_assert_ptr_nonnull(habit_find(&actor, &web));
	/* The same service elsewhere is not doing what it always does. */
	ck_assert_ptr_null(habit_find(&actor, &mail));
	/* A name that anybody may choose. */
	actor.uid = 1000;
	ck_assert_ptr_null(habit_find(&actor, &web));
	actor = (struct net_actor){ .uid = 0, .program = "/usr/lib/apt/methods/http" };
	ck_assert_ptr_nonnull(habit_find(&actor, &web));
	snprintf(actor.program, sizeof(actor.program), "/opt/alice/http");
	ck_assert_ptr_null(habit_find(&actor, &web));
	actor = (struct net_actor){ .uid = 42, .login = "_apt" };
	ck_assert_ptr_nonnull(habit_find(&actor, &web));
	actor = (struct net_actor){ .uid = 0, .unit = "apt-daily-upgrade.service" };
	ck_assert_str_eq(habit_find(&actor, &web)->name, "unattended upgrades");
	actor = (struct net_actor){ .uid = 1000, .login = "alice", .program = "/usr/bin/curl" };
	ck_assert_ptr_null(habit_find(&actor, &web));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		first_at_once_then_counted,
		merged_packets_count_as_many,
		without_helper_the_user,
		an_answer_about_someone_else,
		nothing_else_is_merged,
		a_flood_hides_nobody,
		a_crowd_shares_one_place,
		places_come_free,
		habits_once_a_day,
		a_habit_needs_no_process,
		names_are_not_the_helpers_to_give,
		at_the_end_all_is_told,
		who_has_habits,
	};
	Suite *suite = suite_create("packets");
	TCase *tcase = tcase_create("core");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
