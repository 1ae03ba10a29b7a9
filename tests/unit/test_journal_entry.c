// SPDX-License-Identifier: GPL-2.0-or-later
/* Entries byte by byte. The golden lines and their macs were made with Python's json and hashlib. */
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/journal/entry.h"
#include "tests/unit/unit.h"

static const char golden_usb[] =
	"{\"v\":1,\"seq\":7,\"time\":\"2026-12-01T08:00:00.000123Z\",\"boottime_us\":81,\"boo"
	"t_id\":\"96ae4f80-662c-4617-9427-24600a84038d\",\"epoch\":2,\"next_by_s\":null,\"los"
	"t\":5,\"policy\":{\"serial\":42,\"digest\":\"abababababababababababababababababababa"
	"babababababababababababab\"},\"kind\":\"violation\",\"grade\":\"V1\",\"event\":{\"ty"
	"pe\":\"usb\",\"occurred_us\":80,\"outcome\":{\"facts\":{\"port\":\"1-2\",\"bus\":1,"
	"\"device\":5,\"id\":\"0951:1666\",\"release\":\"0110\",\"class\":\"00:00:00\",\"manu"
	"facturer\":\"Kingston\",\"name\":\"Data\\u201CTraveler\\u201D\",\"serial\":\"A\\\\xf"
	"f1\",\"connect\":\"hotplug\",\"flaw\":null,\"configurations\":1,\"interfaces\":[{\"c"
	"onfig\":1,\"number\":0,\"alternate\":0,\"class\":\"08:06:50\"}],\"hash\":\"010101010"
	"1010101010101010101010101010101010101010101010101010101\",\"parent_hash\":\"02020202"
	"02020202020202020202020202020202020202020202020202020202\"},\"verdict\":{\"result\":"
	"\"refuse\",\"cause\":\"forbid\",\"rule\":\"strangers\",\"because\":\"not in table me"
	"dia\",\"line\":27,\"column\":5,\"interfaces\":[]},\"state\":\"blocked\",\"error\":nu"
	"ll,\"plug\":3,\"seen_us\":78,\"settled_us\":79},\"actor\":null},\"mac\":\"e8b8e5cf35"
	"f2a3b37ea796c16699c69e96d154d81c9cd9655282e808f267cbe0\"}\n";

static const char golden_policy[] =
	"{\"v\":1,\"seq\":7,\"time\":\"2026-12-01T08:00:00.000123Z\",\"boottime_us\":81,\"boo"
	"t_id\":\"96ae4f80-662c-4617-9427-24600a84038d\",\"epoch\":2,\"next_by_s\":null,\"los"
	"t\":5,\"policy\":null,\"kind\":\"policy\",\"grade\":null,\"event\":{\"type\":\"polic"
	"y\",\"occurred_us\":80,\"action\":\"refused\",\"error\":\"EBADMSG\",\"serial\":43,\""
	"digest\":\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\",\"id\""
	":\"7.2/mimi/standard\",\"signers\":\"so-7a security\",\"reason\":\"no signature of d"
	"uty approval\"},\"mac\":\"04564961760d26c82bdb8f1d58fd6846b3c73ffd09fec482cdf6b173f4"
	"b9b4d0\"}\n";

static const char golden_note[] =
	"{\"v\":1,\"seq\":7,\"time\":\"2026-12-01T08:00:00.000123Z\",\"boottime_us\":81,\"boo"
	"t_id\":\"96ae4f80-662c-4617-9427-24600a84038d\",\"epoch\":2,\"next_by_s\":null,\"los"
	"t\":5,\"policy\":null,\"kind\":\"loss\",\"grade\":null,\"event\":{\"type\":\"note\","
	"\"occurred_us\":80,\"name\":\"event-overrun\",\"subject\":\"usb\",\"count\":9,\"text"
	"\":\"the kernel dropped events\\u0007\"},\"mac\":\"4cc1f4c8f646bec51666005641f7640ca"
	"75265d404895dc3aa8fc4df34ed3b11\"}\n";

static uint8_t key[JOURNAL_KEY_SIZE];
static char line[JOURNAL_LINE_MAX];

static const struct entry_stamp stamp = {
	.seq = 7,
	.epoch = 2,
	.lost = 5,
	.time = { .tv_sec = 1796112000, .tv_nsec = 123999 },
	.boottime_us = 81,
	.boot_id = "96ae4f80-662c-4617-9427-24600a84038d",
};

static void setup(void)
{
	for (uint8_t i = 0; i < sizeof(key); i++)
		key[i] = i;
}

static void expect(enum msg_type type, const void *body, const char *golden)
{
	int length = entry_format(line, &stamp, type, body, key);

	ck_assert_int_gt(length, 0);
	line[length] = 0;
	ck_assert_str_eq(line, golden);
	ck_assert_int_eq(length, (int)strlen(golden));
}

START_TEST(usb_golden)
{
	struct msg_record_usb usb = {
		.record = { .kind = RECORD_KIND_VIOLATION, .grade = RECORD_GRADE_V1,
			    .occurred_us = 80, .policy_serial = 42 },
		.outcome = {
			.decided.facts = {
				.vendor = 0x0951, .product = 0x1666, .release = 0x0110,
				.connect = USB_CONNECT_HOTPLUG, .configurations = 1, .bus = 1,
				.device = 5, .interface_count = 1,
				.interfaces = { { .config = 1, .class = 8, .subclass = 6,
						  .protocol = 0x50 } },
				.port = "1-2", .serial = "A\xff""1", .manufacturer = "Kingston",
				.name = "Data\u201cTraveler\u201d",
			},
			.decided.verdict = { .cause = POLICY_CAUSE_FORBID, .line = 27, .column = 5,
					     .rule = "strangers",
					     .because = "not in table media" },
			.plug = 3, .seen_us = 78, .settled_us = 79,
		},
	};

	memset(usb.record.policy_digest, 0xab, sizeof(usb.record.policy_digest));
	memset(usb.outcome.decided.facts.hash, 1, USB_HASH_SIZE);
	memset(usb.outcome.decided.facts.parent_hash, 2, USB_HASH_SIZE);
	expect(MSG_RECORD_USB, &usb, golden_usb);
}
END_TEST

START_TEST(policy_golden)
{
	struct msg_record_policy policy = {
		.record = { .kind = RECORD_KIND_POLICY, .occurred_us = 80 },
		.event = POLICY_EVENT_REFUSED,
		.error = -EBADMSG,
		.candidate_serial = 43,
		.id = "7.2/mimi/standard",
		.signers = "so-7a security",
		.reason = "no signature of duty approval",
	};

	memset(policy.candidate_digest, 0xcd, sizeof(policy.candidate_digest));
	expect(MSG_RECORD_POLICY, &policy, golden_policy);
}
END_TEST

START_TEST(note_golden)
{
	struct msg_record_note note = {
		.record = { .kind = RECORD_KIND_LOSS, .occurred_us = 80 },
		.count = 9,
		.event = "event-overrun",
		.subject = "usb",
		.text = "the kernel dropped events\a",
	};

	expect(MSG_RECORD_NOTE, &note, golden_note);
}
END_TEST

/* Whatever stands in a record, the line is an entry, ASCII, and JSON; its length is returned. */
static int expect_entry(enum msg_type type, const void *body)
{
	int length = entry_format(line, &stamp, type, body, key);
	struct journal_head head;
	json_error_t error;
	json_t *json;
	int odd = 0;

	ck_assert_int_gt(length, 0);
	ck_assert_int_le(length, JOURNAL_LINE_MAX);
	ck_assert_int_eq(line[length - 1], '\n');
	for (int i = 0; i < length - 1; i++)
		odd += (unsigned char)line[i] < 0x20 || (unsigned char)line[i] > 0x7f;
	ck_assert_int_eq(odd, 0);
	ck_assert_int_eq(journal_head_parse(line, (size_t)length - 1, &head), 0);
	json = json_loadb(line, (size_t)length - 1, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(json != NULL, "%s: %.*s", error.text, length, line);
	ck_assert_uint_eq(json_object_size(json), 13);
	json_decref(json);
	return length;
}

/* Every message that passes msg_check(), filled with noise, some of it all ones. */
static void noise(enum msg_type type, void *body, size_t size)
{
	struct msg_header header = { .type = type, .length = (uint32_t)size, .sequence = 1 };
	uint8_t packet[sizeof(header) + MSG_BODY_MAX];
	const char *reason;

	memcpy(packet, &header, sizeof(header));
	memcpy(packet + sizeof(header), body, size);
	ck_assert_msg(msg_check(packet, sizeof(header) + size, MSG_ROLE_CORE, false, 1, &reason) ==
			      0,
		      "%s", reason);
	expect_entry(type, body);
}

#define END_TEXT(array) ((array)[sizeof(array) - 1] = 0)

START_TEST(noise_is_recorded)
{
	static struct msg_record_usb usb;
	static struct msg_record_policy policy;
	static struct msg_record_note note;
	struct usb_facts *facts = &usb.outcome.decided.facts;
	struct policy_verdict *verdict = &usb.outcome.decided.verdict;

	for (int i = 0; i < 500; i++) {
		randombytes_buf(&usb, sizeof(usb));
		randombytes_buf(&policy, sizeof(policy));
		randombytes_buf(&note, sizeof(note));
		if (i == 0)
			memset(&usb, 0xff, sizeof(usb));
		usb.record.kind = policy.record.kind = note.record.kind =
			(uint32_t)i % RECORD_KIND_COUNT;
		usb.record.grade = policy.record.grade = note.record.grade =
			(uint32_t)i % RECORD_GRADE_COUNT;
		facts->connect = (uint8_t)(i % USB_CONNECT_COUNT);
		facts->flaw = (uint8_t)(i % USB_FLAW_COUNT_OF);
		facts->interface_count = (uint32_t)i % (USB_INTERFACES_MAX + 1);
		verdict->result = i & 1;
		verdict->cause = (uint32_t)i % POLICY_CAUSE_COUNT;
		usb.outcome.state = (uint32_t)i % USB_STATE_COUNT;
		policy.event = (uint32_t)i % POLICY_EVENT_COUNT;
		END_TEXT(facts->port), END_TEXT(facts->serial), END_TEXT(facts->manufacturer);
		END_TEXT(facts->name), END_TEXT(verdict->rule), END_TEXT(verdict->because);
		END_TEXT(policy.id), END_TEXT(policy.signers), END_TEXT(policy.reason);
		END_TEXT(note.event), END_TEXT(note.subject), END_TEXT(note.text);
		noise(MSG_RECORD_USB, &usb, sizeof(usb));
		noise(MSG_RECORD_POLICY, &policy, sizeof(policy));
		noise(MSG_RECORD_NOTE, &note, sizeof(note));
	}
}
END_TEST

#define FILL(array, byte) (memset(array, byte, sizeof(array) - 1), END_TEXT(array))

/* The longest of all records fits: control characters take six bytes, each interface most of 64. */
START_TEST(longest_fits)
{
	static struct msg_record_usb usb;
	static struct msg_record_note note;
	static struct msg_record_policy policy;
	struct usb_facts *facts = &usb.outcome.decided.facts;
	struct policy_verdict *verdict = &usb.outcome.decided.verdict;
	int usb_length, note_length, policy_length;

	memset(&usb, 0xff, sizeof(usb));
	usb.record.kind = RECORD_KIND_CLEAN_STOP;
	usb.record.grade = RECORD_GRADE_V1;
	facts->connect = USB_CONNECT_HARDWIRED;
	facts->flaw = USB_FLAW_UNREADABLE;
	facts->interface_count = USB_INTERFACES_MAX;
	verdict->result = POLICY_RESULT_PERMIT;
	verdict->cause = POLICY_CAUSE_LOCKDOWN;
	usb.outcome.state = USB_STATE_AUTHORISED;
	FILL(facts->port, 1), FILL(facts->serial, 1), FILL(facts->manufacturer, 1);
	FILL(facts->name, 1), FILL(verdict->rule, 1), FILL(verdict->because, 1);
	usb_length = expect_entry(MSG_RECORD_USB, &usb);
	FILL(note.event, 1), FILL(note.subject, 1), FILL(note.text, 1);
	note_length = expect_entry(MSG_RECORD_NOTE, &note);
	FILL(policy.id, 1), FILL(policy.signers, 1), FILL(policy.reason, 1);
	policy_length = expect_entry(MSG_RECORD_POLICY, &policy);
	printf("# longest entries: usb %d, note %d, policy %d of %d bytes\n", usb_length,
	       note_length, policy_length, JOURNAL_LINE_MAX);
	/* As agent/lib/journal_file.h says. */
	ck_assert_int_lt(usb_length, 24 * 1024);
}
END_TEST

/* The golden line of a violation is not written byte by byte: its parts are, in test_net_json.c. */
START_TEST(network_entries)
{
	struct msg_record_link link = {
		.record = { .kind = RECORD_KIND_PERMIT, .occurred_us = 80 },
		.outcome.decided.link = { .index = 2, .nsid = -1, .name = "eth\xff" },
		.outcome.state = NET_STATE_OPEN,
	};
	struct msg_record_net net = {
		.record = { .kind = RECORD_KIND_VIOLATION,
			    .grade = RECORD_GRADE_V2,
			    .occurred_us = 81 },
		.violation = { .kind = NET_VIOLATION_ROUTE_ILLEGAL, .count = 3 },
	};

	ck_assert_int_gt(entry_format(line, &stamp, MSG_RECORD_LINK, &link, key), 0);
	ck_assert_ptr_nonnull(strstr(line, "\"kind\":\"permit\",\"grade\":null,\"event\":{"
					   "\"type\":\"link\",\"occurred_us\":80,\"outcome\":{"
					   "\"link\":{\"index\":2,\"namespace\":null,"
					   "\"name\":\"eth\\\\xff\""));
	ck_assert_ptr_nonnull(strstr(line, "\"state\":\"open\""));
	ck_assert_int_gt(entry_format(line, &stamp, MSG_RECORD_NET, &net, key), 0);
	ck_assert_ptr_nonnull(strstr(line, "\"kind\":\"violation\",\"grade\":\"V2\",\"event\":{"
					   "\"type\":\"network\",\"occurred_us\":81,"
					   "\"violation\":\"route_illegal\","
					   "\"evidence\":\"none\",\"remedy\":\"none\","
					   "\"error\":null,\"maintenance\":false,\"count\":3,"));
}
END_TEST

START_TEST(longest_violation_fits)
{
	static struct msg_record_net net;
	struct net_violation *violation = &net.violation;

	memset(&net, 0xff, sizeof(net));
	net.record.kind = RECORD_KIND_VIOLATION;
	net.record.grade = RECORD_GRADE_V2;
	violation->link.mac_length = violation->link.permanent_length = NET_LLADDR_MAX;
	violation->address.local.family = violation->address.peer.family = NET_FAMILY_IPV6;
	violation->route.to.family = violation->route.gateway.family = NET_FAMILY_IPV6;
	violation->route.source.family = NET_FAMILY_IPV6;
	violation->flow.to.family = violation->flow.from.family = NET_FAMILY_IPV6;
	FILL(violation->link.name, 1), FILL(violation->link.info_kind, 1);
	FILL(violation->link.driver, 1), FILL(violation->link.path, 1);
	FILL(violation->actor.login, 1), FILL(violation->actor.program, 1);
	FILL(violation->actor.unit, 1), FILL(violation->verdict.rule, 1);
	FILL(violation->verdict.because, 1), FILL(violation->text, 1);
	printf("# longest violation: %d of %d bytes\n", expect_entry(MSG_RECORD_NET, &net),
	       JOURNAL_LINE_MAX);
}
END_TEST

/* What the office needs to bring both sides of a transfer together; zeroes are null. */
START_TEST(transfer_entry)
{
	struct msg_record_transfer transfer = {
		.record = { .kind = RECORD_KIND_TRANSFER, .occurred_us = 82 },
		.event = TRANSFER_EVENT_EXPORTED,
		.uid = 1000,
		.files = 2,
		.size = 5000,
		.sequence = 12,
		.batch = { 0xab, 0xcd },
		.slip = { 0x12 },
		.medium = { 0x9f },
		.direction = TRANSFER_OUT,
		.medium_kind = TRANSFER_MEDIUM_REGISTERED,
		.level = "mimi",
		.unit = "7.2.15",
		.login = "novak",
		.rule = "out-docs",
		.types = "odt, pdf",
		.names = "minutes/july.odt\na\1.pdf",
	};

	ck_assert_int_gt(entry_format(line, &stamp, MSG_RECORD_TRANSFER, &transfer, key), 0);
	ck_assert_ptr_nonnull(strstr(
		line,
		"\"kind\":\"transfer\",\"grade\":null,\"event\":{\"type\":\"transfer\","
		"\"occurred_us\":82,\"action\":\"exported\","
		"\"batch\":\"abcd0000000000000000000000000000\",\"manifest\":null,"
		"\"slip\":\"1200000000000000000000000000000000000000000000000000000000000000\","
		"\"direction\":\"out\",\"level\":\"mimi\",\"unit\":\"7.2.15\",\"peer\":\"\","
		"\"peer_position\":0,\"files\":2,\"types\":\"odt, pdf\","
		"\"names\":\"minutes/july.odt\\na\\u0001.pdf\","
		"\"medium_kind\":\"registered\","
		"\"medium\":\"9f000000000000000000000000000000\",\"sequence\":12,\"size\":5000,"
		"\"uid\":1000,\"login\":\"novak\",\"rule\":\"out-docs\",\"error\":null,"
		"\"text\":\"\"}"));
}
END_TEST

START_TEST(longest_transfer_fits)
{
	static struct msg_record_transfer transfer;

	memset(&transfer, 0xff, sizeof(transfer));
	transfer.record.kind = RECORD_KIND_TRANSFER;
	transfer.record.grade = RECORD_GRADE_V2;
	FILL(transfer.level, 1), FILL(transfer.unit, 1), FILL(transfer.peer, 1);
	FILL(transfer.login, 1), FILL(transfer.rule, 1), FILL(transfer.types, 1);
	FILL(transfer.names, 1), FILL(transfer.text, 1);
	printf("# longest transfer: %d of %d bytes\n", expect_entry(MSG_RECORD_TRANSFER, &transfer),
	       JOURNAL_LINE_MAX);
}
END_TEST

/* What the recorder takes is what can be formatted, and nothing else. */
START_TEST(records_are_known)
{
	static const enum msg_type records[] = { MSG_RECORD_USB,      MSG_RECORD_POLICY,
						 MSG_RECORD_NOTE,     MSG_RECORD_LINK,
						 MSG_RECORD_NET,      MSG_BEARING,
						 MSG_RECORD_TRANSFER, MSG_RECORD_MEDIUM };
	size_t known = 0;

	for (uint32_t type = 0; type < MSG_TYPE_COUNT; type++)
		known += entry_is_record((enum msg_type)type);
	ck_assert_uint_eq(known, sizeof(records) / sizeof(records[0]));
	for (size_t i = 0; i < known; i++)
		ck_assert(entry_is_record(records[i]));
}
END_TEST

START_TEST(odd_clocks)
{
	struct entry_stamp odd = stamp;
	struct msg_record_note note = { 0 };

	odd.time = (struct timespec){ .tv_sec = INT64_MAX, .tv_nsec = 999999999 };
	ck_assert_int_gt(entry_format(line, &odd, MSG_RECORD_NOTE, &note, key), 0);
	ck_assert_ptr_nonnull(strstr(line, "\"time\":\"9999-12-31T23:59:59.999999Z\""));
	odd.time.tv_sec = -1;
	ck_assert_int_gt(entry_format(line, &odd, MSG_RECORD_NOTE, &note, key), 0);
	ck_assert_ptr_nonnull(strstr(line, "\"time\":\"1970-01-01T00:00:00.999999Z\""));
	ck_assert_int_eq(entry_format(line, &stamp, MSG_HELLO, &note, key), -EINVAL);
	ck_assert(!entry_is_record(MSG_HELLO));
	ck_assert(entry_is_record(MSG_RECORD_USB) && entry_is_record(MSG_RECORD_POLICY) &&
		  entry_is_record(MSG_RECORD_NOTE) && entry_is_record(MSG_RECORD_LINK) &&
		  entry_is_record(MSG_RECORD_NET));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { usb_golden,	  policy_golden,	  note_golden,
				       noise_is_recorded, longest_fits,		  odd_clocks,
				       network_entries,	  longest_violation_fits, records_are_known,
				       transfer_entry,	  longest_transfer_fits };
	Suite *suite = suite_create("journal_entry");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
