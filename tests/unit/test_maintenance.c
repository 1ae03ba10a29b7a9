// SPDX-License-Identifier: GPL-2.0-or-later
/* Maintenance by order: begins when that is written down, counts powered-on time, ends in every way. */
#include "agent/core/govern/maintenance.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/core/govern/hours.h"
#include "agent/core/govern/orders.h"
#include "agent/lib/path.h"
#include "tests/unit/signer.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/unit.h"

#define HOUR 3600

static struct govern govern;
static struct daemon daemon_;
static struct record_policy in_force;
static struct trust *trust;
static struct signer signers[2];
static char file[16384];

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

static void make_trust(void)
{
	char text[4096], keys[4][256];
	struct signer root;

	signer_make(&root, 10, false);
	signer_public(&root, keys[0]);
	signer_make(&root, 11, false);
	signer_public(&root, keys[1]);
	for (uint8_t i = 0; i < 2; i++) {
		signer_make(&signers[i], (uint8_t)(i + 1), false);
		signer_public(&signers[i], keys[2 + i]);
	}
	snprintf(text, sizeof(text),
		 "airgap-trust 1\ntrust {\nnumber 1\nlevels [ mimi \"m\" ]\nroot at-least 2\n"
		 "policy security 1 approval 1\nminimum-serial 1\n}\nkeys {\n"
		 "key rt-1 duty root person \"A\" public \"%s\"\n"
		 "key rt-2 duty root person \"B\" public \"%s\"\n"
		 "key so-1 duty security person \"C\" public \"%s\"\n"
		 "key ap-1 duty approval person \"D\" public \"%s\"\n}\n",
		 keys[0], keys[1], keys[2], keys[3]);
	ck_assert_int_eq(trust_parse(text, strlen(text), NULL, &trust), 0);
}

static void setup(void)
{
	static const struct recorder_handler handler = { on_recorded, on_journal };

	ck_assert_int_ge(sodium_init(), 0);
	daemon_ = (struct daemon){ .name = "test", .root = unit_tmpdir() };
	sysfs_tree_text(daemon_.root, PATH_STATE_DIR "/other", "");
	sysfs_tree_text(daemon_.root, PATH_POLICY_DIR "/other", "");
	sysfs_tree_text(daemon_.root, PATH_PASSWD, USER_JOURNAL ":x:0:0::/:/bin/false\n");
	ck_assert_int_ge(sd_event_new(&daemon_.event), 0);
	make_trust();
	govern = (struct govern){ .root = daemon_.root,
				  .trust = trust,
				  .mode = AGENT_MODE_ENFORCING,
				  .state = { .policy_serial = 1, .powered_s = 1000 },
				  .charged_us = clock_boottime_us() };
	strcpy(govern.terminal.number, "T-1");
	ck_assert_int_eq(recorder_new(&daemon_, &in_force, &handler, NULL, &govern.recorder), 0);
}

static void teardown(void)
{
	recorder_free(govern.recorder);
	trust_free(trust);
	sd_event_unref(daemon_.event);
}

/* So much powered-on time goes by. */
static void pass(uint64_t seconds)
{
	govern.charged_us -= seconds * 1000000;
}

static void format_day(char out[static 16], int days)
{
	time_t at = time(NULL) + days * 86400;
	struct tm tm;

	strftime(out, 16, "%Y-%m-%d", gmtime_r(&at, &tm));
}

static size_t write_order(const char *id, const char *what, size_t signatures)
{
	char text[1024], first[16], last[16];

	format_day(first, 0);
	format_day(last, 30);
	snprintf(text, sizeof(text),
		 "airgap-order 1\norder {\nid \"%s\"\nterminal \"T-1\"\nvalid %s .. %s\n%s\n"
		 "reason \"why\"\n}\n",
		 id, first, last, what);
	return signer_file(signers, signatures, "airgap-order@v1", text, file, sizeof(file));
}

static struct order order_of(const char *id, const char *what)
{
	struct order order;
	size_t length = write_order(id, what, 2);

	ck_assert_int_eq(order_parse(file, length, NULL, &order), 0);
	return order;
}

/* As orders.c does with an order whose entry can be written. */
static uint64_t accept(const struct order *order)
{
	govern.state.maintenance.until_s = govern.state.powered_s + order->duration_s;
	strcpy(govern.state.maintenance.order, order->id);
	memcpy(govern.state.maintenance.digest, order->digest, sizeof(order->digest));
	return maintenance_await(&govern, order);
}

static void begin(const char *id, const char *what)
{
	struct order order = order_of(id, what);

	ck_assert(maintenance_recorded(&govern, accept(&order), 0));
}

static void keep_order_file(const struct order *order, const char *text)
{
	char hex[17], path[128];

	sodium_bin2hex(hex, sizeof(hex), order->digest, 8);
	snprintf(path, sizeof(path), "%s/order-%s", PATH_POLICY_DIR, hex);
	sysfs_tree_put(daemon_.root, path, text, strlen(text));
}

/* What a new start finds in the state. */
static void start_again(void)
{
	struct state state = govern.state;

	memset(&govern.maintenance, 0, sizeof(govern.maintenance));
	govern.state = state;
	govern.mode = AGENT_MODE_STARTING;
	maintenance_load(&govern);
}

static bool state_has(const char *id)
{
	struct state state;

	ck_assert_int_eq(state_load(daemon_.root, &state), 0);
	return strcmp(state.maintenance.order, id) == 0 &&
	       strcmp(govern.state.maintenance.order, id) == 0;
}

START_TEST(nothing_begins_that_is_not_written_down)
{
	size_t length = write_order("a", "maintenance for 1h", 2);
	struct order order = order_of("b", "maintenance for 1h");
	char text[MSG_TEXT_SIZE];

	ck_assert_int_eq(orders_install(&govern, (const uint8_t *)file, length, text, sizeof(text)),
			 -EAGAIN);
	ck_assert_ptr_nonnull(strstr(text, "journal"));
	ck_assert(!state_order_used(&govern.state, "a"));
	ck_assert_str_eq(govern.state.maintenance.order, "");
	accept(&order);
	ck_assert(!maintenance_runs(&govern));
}
END_TEST

START_TEST(it_begins_with_its_entry)
{
	struct order order = order_of("a", "maintenance for 1h");
	struct agent_status status = { 0 };
	uint64_t tag = accept(&order);

	/* Answers about devices and links are not about it. */
	ck_assert(!maintenance_recorded(&govern, 1, 0));
	ck_assert(!maintenance_recorded(&govern, (UINT64_C(1) << 63) | 1, 0));
	ck_assert(!maintenance_recorded(&govern, 0, 0));
	ck_assert(maintenance_recorded(&govern, tag - 1, 0));
	ck_assert(!maintenance_runs(&govern));
	maintenance_status(&govern, &status);
	ck_assert_uint_eq(status.maintenance_until_us, 0);
	ck_assert(maintenance_recorded(&govern, tag, 0));
	ck_assert(maintenance_runs(&govern));
	ck_assert_uint_le(maintenance_left(&govern), HOUR);
	ck_assert_uint_ge(maintenance_left(&govern), HOUR - 60);
	maintenance_status(&govern, &status);
	ck_assert_uint_gt(status.maintenance_until_us, clock_boottime_us());
	ck_assert_str_eq(status.maintenance_order, "a");
	ck_assert_str_eq(status.maintenance_reason, "why");
	/* Told twice, it does not begin twice. */
	maintenance_end(&govern, "the test");
	ck_assert(maintenance_recorded(&govern, tag, 0));
	ck_assert(!maintenance_runs(&govern));
}
END_TEST

START_TEST(its_time_is_powered_on_time)
{
	begin("a", "maintenance for 1h");
	pass(HOUR - 100);
	maintenance_check(&govern);
	ck_assert(maintenance_runs(&govern));
	ck_assert_uint_le(maintenance_left(&govern), 100);
	hours_charge(&govern);
	ck_assert(maintenance_runs(&govern));
	ck_assert_uint_le(hours_powered(&govern), 1000 + HOUR);
	/* Over at once, whenever that is noticed. */
	pass(100);
	ck_assert(!maintenance_runs(&govern));
	maintenance_check(&govern);
	ck_assert(state_has(""));
	ck_assert_str_eq(govern.maintenance.ended, "its time is over");
}
END_TEST

START_TEST(its_last_day_ends_it)
{
	begin("a", "maintenance for 8h");
	govern.maintenance.order.until = hours_now(&govern) + 9;
	ck_assert_uint_le(maintenance_left(&govern), 10);
	ck_assert(maintenance_runs(&govern));
	govern.state.time_floor = govern.maintenance.order.until + 1;
	ck_assert(!maintenance_runs(&govern));
}
END_TEST

START_TEST(another_takes_its_place_without_a_gap)
{
	struct order longer = order_of("b", "maintenance for 8h");
	uint64_t tag;

	begin("a", "maintenance for 1h");
	tag = accept(&longer);
	ck_assert(maintenance_runs(&govern));
	ck_assert_uint_le(maintenance_left(&govern), HOUR);
	ck_assert(maintenance_recorded(&govern, tag, 0));
	ck_assert_str_eq(govern.maintenance.order.id, "b");
	ck_assert_uint_gt(maintenance_left(&govern), 7 * HOUR);
}
END_TEST

START_TEST(one_that_cannot_be_recorded_does_not_begin)
{
	struct order order = order_of("b", "maintenance for 8h");

	begin("a", "maintenance for 1h");
	ck_assert(maintenance_recorded(&govern, accept(&order), -ENOSPC));
	ck_assert_str_eq(govern.maintenance.order.id, "a");
	ck_assert_uint_le(maintenance_left(&govern), HOUR);
	ck_assert(state_has("a"));
	maintenance_end(&govern, "the test");
	ck_assert(maintenance_recorded(&govern, accept(&order), -ENOSPC));
	ck_assert(!maintenance_runs(&govern));
	ck_assert(state_has(""));
}
END_TEST

START_TEST(lockdown_ends_it)
{
	struct order order = order_of("b", "maintenance for 1h");
	struct state state = govern.state;
	char text[MSG_TEXT_SIZE];

	begin("a", "maintenance for 1h");
	govern.mode = AGENT_MODE_LOCKDOWN;
	ck_assert(!maintenance_runs(&govern));
	maintenance_check(&govern);
	ck_assert(state_has(""));
	ck_assert_int_eq(maintenance_accept(&govern, &order, &state, text, sizeof(text)), -EPERM);
	ck_assert_str_eq(state.maintenance.order, "");
	govern.mode = AGENT_MODE_ENFORCING;
	ck_assert(!maintenance_runs(&govern));
}
END_TEST

START_TEST(an_order_ends_it)
{
	size_t length = write_order("end", "end maintenance", 2);
	char text[MSG_TEXT_SIZE];

	ck_assert_int_eq(orders_install(&govern, (const uint8_t *)file, length, text, sizeof(text)),
			 -ENOENT);
	ck_assert(!state_order_used(&govern.state, "end"));
	begin("a", "maintenance for 1h");
	length = write_order("end", "end maintenance", 2);
	ck_assert_int_eq(orders_install(&govern, (const uint8_t *)file, length, text, sizeof(text)),
			 0);
	ck_assert(!maintenance_runs(&govern));
	ck_assert(state_has(""));
	ck_assert(state_order_used(&govern.state, "end"));
	ck_assert_str_eq(govern.maintenance.ended, "order \"end\" ended it");
}
END_TEST

START_TEST(it_goes_on_after_a_restart)
{
	struct order order = order_of("a", "maintenance for 1h");

	keep_order_file(&order, file);
	ck_assert(maintenance_recorded(&govern, accept(&order), 0));
	start_again();
	ck_assert(maintenance_runs(&govern));
	ck_assert_str_eq(govern.maintenance.order.reason, "why");
	ck_assert_uint_gt(maintenance_left(&govern), HOUR - 60);
	/* A death costs ten minutes. */
	govern.state.running = true;
	hours_begin(&govern);
	start_again();
	ck_assert_uint_le(maintenance_left(&govern), HOUR - 600);
	ck_assert_uint_gt(maintenance_left(&govern), HOUR - 660);
	for (int i = 0; i < 5; i++)
		hours_begin(&govern);
	start_again();
	ck_assert(!maintenance_runs(&govern));
	maintenance_check(&govern);
	ck_assert(state_has(""));
}
END_TEST

/* The state can be written by root; the signatures cannot. */
START_TEST(the_state_alone_opens_nothing)
{
	struct order order = order_of("a", "maintenance for 1h"), other;

	accept(&order);
	start_again();
	ck_assert(!maintenance_runs(&govern));
	ck_assert(state_has(""));
	/* One signature of two. */
	write_order("a", "maintenance for 1h", 1);
	keep_order_file(&order, file);
	accept(&order);
	start_again();
	ck_assert(!maintenance_runs(&govern));
	/* Longer than the order says. */
	write_order("a", "maintenance for 1h", 2);
	keep_order_file(&order, file);
	accept(&order);
	govern.state.maintenance.until_s += 60;
	start_again();
	ck_assert(!maintenance_runs(&govern));
	/* An order for something else. */
	other = order_of("a", "enforce");
	keep_order_file(&other, file);
	accept(&other);
	start_again();
	ck_assert(!maintenance_runs(&govern));
	/* Another order's file under its name. */
	other = order_of("b", "maintenance for 1h");
	keep_order_file(&order, file);
	accept(&order);
	start_again();
	ck_assert(!maintenance_runs(&govern));
	/* None of these was refused for want of something else. */
	order_of("a", "maintenance for 1h");
	keep_order_file(&order, file);
	accept(&order);
	start_again();
	ck_assert(maintenance_runs(&govern));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		nothing_begins_that_is_not_written_down,
		it_begins_with_its_entry,
		its_time_is_powered_on_time,
		its_last_day_ends_it,
		another_takes_its_place_without_a_gap,
		one_that_cannot_be_recorded_does_not_begin,
		lockdown_ends_it,
		an_order_ends_it,
		it_goes_on_after_a_restart,
		the_state_alone_opens_nothing,
	};
	Suite *suite = suite_create("maintenance");
	TCase *tcase = tcase_create("govern");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
