// SPDX-License-Identifier: GPL-2.0-or-later
/* Violations: grades, and that a loop neither fills the disk nor loses a count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/core/grade.h"
#include "agent/core/network/undo_standing.h"
#include "agent/core/network/violations.h"
#include "agent/lib/path.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/unit.h"

static struct govern govern;
static struct network network = { .govern = &govern };
static struct daemon daemon_;
static struct record_policy in_force;
static uint64_t told, told_count, notices;

static void on_violation(void *data, const struct net_violation *violation)
{
	(void)data;
	told++;
	told_count += violation->count;
}

static void on_notice(void *data, struct msg_notice *notice)
{
	(void)data;
	(void)notice;
	notices++;
}

static void on_recorded(void *data, uint64_t tag, uint64_t entry, int error)
{
	(void)data;
	(void)tag;
	(void)entry;
	(void)error;
}

static void on_journal(void *data)
{
	(void)data;
}

static void setup(void)
{
	static const struct network_handler handler = { .violation = on_violation,
							.notice = on_notice };
	static const struct recorder_handler recorder = { on_recorded, on_journal };
	char path[PATH_MAX];
	FILE *file;

	daemon_ = (struct daemon){ .name = "test", .root = unit_tmpdir() };
	ck_assert_int_ge(sd_event_new(&daemon_.event), 0);
	ck_assert_int_eq(path_join(path, daemon_.root, "/etc"), 0);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	ck_assert_int_eq(path_join(path, daemon_.root, PATH_PASSWD), 0);
	file = fopen(path, "w");
	fputs(USER_JOURNAL ":x:0:0::/:/bin/false\n", file);
	fclose(file);
	ck_assert_int_eq(recorder_new(&daemon_, &in_force, &recorder, NULL, &network.recorder), 0);
	network.event = daemon_.event;
	network.handler = &handler;
	ck_assert_int_eq(violations_new(&network), 0);
	told = told_count = notices = 0;
}

static void teardown(void)
{
	violations_free(&network);
	recorder_free(network.recorder);
	sd_event_unref(daemon_.event);
}

static void find(uint32_t kind, uint32_t index)
{
	struct net_violation violation = { .kind = kind,
					   .remedy = NET_REMEDY_ADDRESS_REMOVED,
					   .link = { .index = index, .nsid = -1 },
					   .actor.uid = UINT32_MAX };

	violations_found(&network, &violation);
}

static void count_shown(void *data, const struct net_violation *violation)
{
	(void)violation;
	++*(uint64_t *)data;
}

START_TEST(a_loop_is_counted)
{
	uint64_t shown = 0;

	for (int i = 0; i < 10000; i++)
		find(NET_VIOLATION_ADDR_ILLEGAL, 2);
	ck_assert_uint_eq(told, VIOLATIONS_EACH);
	/* Another link, another kind: not in its shadow. */
	find(NET_VIOLATION_ADDR_ILLEGAL, 3);
	find(NET_VIOLATION_ROUTE_ILLEGAL, 2);
	ck_assert_uint_eq(told, VIOLATIONS_EACH + 2);
	ck_assert_uint_eq(violations_total(&network), 10002);
	violations_each(&network, count_shown, &shown);
	ck_assert_uint_eq(shown, VIOLATIONS_EACH + 2);
	violations_free(&network);
	ck_assert_uint_eq(told_count, 10002);
	ck_assert_int_eq(violations_new(&network), 0);
}
END_TEST

/* More kinds times links at once than there are places: nothing is forgotten for want of one. */
START_TEST(more_than_there_are_places)
{
	for (uint32_t round = 0; round < 20; round++)
		for (uint32_t index = 1; index <= 1000; index++)
			find(NET_VIOLATION_IFACE_UNKNOWN, index);
	violations_free(&network);
	ck_assert_uint_eq(told_count, 20000);
	ck_assert_int_eq(violations_new(&network), 0);
}
END_TEST

START_TEST(what_hindered_nobody_is_not_told)
{
	struct net_violation watched = { .kind = NET_VIOLATION_ADDR_ILLEGAL };

	violations_found(&network, &watched);
	ck_assert_uint_eq(told, 1);
	ck_assert_uint_eq(notices, 0);
	find(NET_VIOLATION_ADDR_ILLEGAL, 2);
	ck_assert_uint_eq(notices, 1);
	watched.remedy = NET_REMEDY_LEFT;
	violations_found(&network, &watched);
	ck_assert_uint_eq(told, 3);
	ck_assert_uint_eq(notices, 1);
	/* Of a flood there is no destination to name; the first ones were. */
	find(NET_VIOLATION_EGRESS_BLOCKED, 2);
	ck_assert_uint_eq(told, 4);
	ck_assert_uint_eq(notices, 1);
}
END_TEST

static bool is_public(uint8_t a, uint8_t b)
{
	struct net_prefix prefix = { { a, b, 1, 1 }, NET_FAMILY_IPV4, 32, { 0 } };

	return grade_is_public(&prefix);
}

START_TEST(public_addresses)
{
	struct net_prefix six = { { 0x20, 0x01, 0x0d }, NET_FAMILY_IPV6, 128, { 0 } };
	struct net_prefix none = { 0 };

	ck_assert(is_public(8, 8) && is_public(172, 32) && is_public(172, 15) &&
		  is_public(100, 63) && is_public(100, 128) && is_public(223, 1) &&
		  is_public(169, 253));
	ck_assert(!is_public(10, 1) && !is_public(172, 16) && !is_public(172, 31) &&
		  !is_public(192, 168) && !is_public(100, 64) && !is_public(100, 127) &&
		  !is_public(127, 0) && !is_public(224, 0) && !is_public(255, 255) &&
		  !is_public(169, 254) && !is_public(0, 0));
	ck_assert(grade_is_public(&six));
	six.bytes[0] = 0xfd;
	ck_assert(!grade_is_public(&six));
	six.bytes[0] = 0xfe;
	six.bytes[1] = 0x80;
	ck_assert(!grade_is_public(&six));
	ck_assert(!grade_is_public(&none));
}
END_TEST

START_TEST(grades)
{
	struct net_violation it = { .kind = NET_VIOLATION_EGRESS_BLOCKED,
				    .flow.to = { { 8, 8, 8, 8 }, NET_FAMILY_IPV4, 32, { 0 } } };

	ck_assert_uint_eq(grade_net(NULL, &it, false), RECORD_GRADE_V2);
	ck_assert_uint_eq(grade_net(NULL, &it, true), RECORD_GRADE_V1);
	it.flow.to.bytes[0] = 10;
	ck_assert_uint_eq(grade_net(NULL, &it, false), RECORD_GRADE_V1);
	it.kind = NET_VIOLATION_ROUTE_ILLEGAL;
	ck_assert_uint_eq(grade_net(NULL, &it, false), RECORD_GRADE_V1);
	it.evidence = NET_EVIDENCE_STRONG;
	ck_assert_uint_eq(grade_net(NULL, &it, false), RECORD_GRADE_V2);
	it.kind = NET_VIOLATION_RULESET_TAMPERED;
	it.remedy = NET_REMEDY_RULESET_RESTORED;
	ck_assert_uint_eq(grade_net(NULL, &it, false), RECORD_GRADE_V2);
	it.remedy = NET_REMEDY_NONE;
	ck_assert_uint_eq(grade_net(NULL, &it, false), RECORD_GRADE_V1);
	it.kind = NET_VIOLATION_NETNS_SEEN;
	ck_assert_uint_eq(grade_net(NULL, &it, false), RECORD_GRADE_NONE);
}
END_TEST

START_TEST(a_policy_grades)
{
	struct policy *policy = policy_usb("incidents {\ngrade net.public V3\ngrade net.habit V2\n"
					   "grade net.route_illegal V4\ngrade usb.flawed V4\n}\n",
					   "");
	struct net_violation it = { .kind = NET_VIOLATION_EGRESS_BLOCKED,
				    .flow.to = { { 8, 8, 8, 8 }, NET_FAMILY_IPV4, 32, { 0 } } };
	struct usb_outcome usb = { .decided.verdict.cause = POLICY_CAUSE_FLAW };

	ck_assert_uint_eq(grade_net(policy, &it, false), RECORD_GRADE_V3);
	ck_assert_uint_eq(grade_net(policy, &it, true), RECORD_GRADE_V2);
	it.flow.to.bytes[0] = 10;
	ck_assert_uint_eq(grade_net(policy, &it, false), RECORD_GRADE_V1);
	it.kind = NET_VIOLATION_ROUTE_ILLEGAL;
	ck_assert_uint_eq(grade_net(policy, &it, false), RECORD_GRADE_V4);
	ck_assert_uint_eq(grade_usb(policy, RECORD_KIND_VIOLATION, &usb), RECORD_GRADE_V4);
	ck_assert_uint_eq(grade_usb(NULL, RECORD_KIND_VIOLATION, &usb), RECORD_GRADE_V2);
	usb.decided.verdict.cause = POLICY_CAUSE_UNREADY;
	ck_assert_uint_eq(grade_usb(policy, RECORD_KIND_VIOLATION, &usb), RECORD_GRADE_NONE);
	policy_free(policy);
}
END_TEST

START_TEST(what_stands_is_no_news)
{
	struct msg_net_sight_of sight = { .sight = MSG_NET_SIGHT_DNS, .nsid = -1 };
	static struct undo undo;

	ck_assert(undo_is_news(&undo, &sight));
	ck_assert(!undo_is_news(&undo, &sight));
	sight.number = 1;
	ck_assert(undo_is_news(&undo, &sight));
	/* Stated again in a full reading it stays, else it would be news when it comes back. */
	undo_sweep_begin(&undo);
	ck_assert(!undo_is_news(&undo, &sight));
	undo_sweep_end(&undo);
	ck_assert(!undo_is_news(&undo, &sight));
	sight.number = 0;
	ck_assert(undo_is_news(&undo, &sight));
	for (sight.number = 2; sight.number < 2 * STANDING_MAX; sight.number++)
		ck_assert(undo_is_news(&undo, &sight));
	ck_assert_uint_eq(undo.count, STANDING_MAX);
}
END_TEST

START_TEST(what_is_gone_is_news_again)
{
	struct msg_net_sight_of one = { .sight = MSG_NET_SIGHT_DNS, .number = 1 }, two = one;
	static struct undo undo;

	two.number = 2;
	undo_no_longer(&undo, &one);
	ck_assert(undo_is_news(&undo, &one));
	ck_assert(undo_is_news(&undo, &two));
	undo_no_longer(&undo, &one);
	ck_assert(!undo_is_news(&undo, &two));
	ck_assert(undo_is_news(&undo, &one));
	ck_assert_uint_eq(undo.count, 2);
	ck_assert_uint_eq(undo_fold("ab", 2), undo_fold("ab", 2));
	ck_assert_uint_ne(undo_fold("ab", 2), undo_fold("ac", 2));
}
END_TEST

/* One full reading, from its beginning: a reading that was under way does not count. */
START_TEST(what_stood_before_is_swept_once)
{
	static struct undo undo;

	undo_sweep_begin(&undo);
	undo.anew = true;
	ck_assert(!undo.sweeping);
	undo_sweep_end(&undo);
	undo_sweep_begin(&undo);
	ck_assert(undo.sweeping);
	undo_sweep_end(&undo);
	ck_assert(!undo.sweeping);
	undo_sweep_begin(&undo);
	ck_assert(!undo.sweeping);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_loop_is_counted,
		more_than_there_are_places,
		what_hindered_nobody_is_not_told,
		public_addresses,
		grades,
		a_policy_grades,
		what_stands_is_no_news,
		what_is_gone_is_news_again,
		what_stood_before_is_swept_once,
	};
	Suite *suite = suite_create("violations");
	TCase *tcase = tcase_create("core");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
