// SPDX-License-Identifier: GPL-2.0-or-later
/* The core's side of transfers: with a journal that does what the test says, and nobody's word believed. */
#include "agent/core/transfer/transfers.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/path.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/signer.h"
#include "tests/unit/sysfs_tree.h"
#include "tests/unit/table_fixture.h"
#include "tests/unit/unit.h"

#define COOKIE 77
#define NOVAK  1000
#define KOVAC  1001

static const char policy_text[] =
	POLICY_HEAD "people {\n"
		    "    officer \"C. Kovac\" key so-1 duty security login \"kovac\"\n"
		    "    officer \"M. Horvat\" key ap-1 duty approval login \"horvat\"\n"
		    "}\n"
		    "transfer {\n"
		    "    allow out: direction out, types in [ odt ], approvals [ security 1 "
		    "approval 1 ], wait at-most 8h\n"
		    "    allow in: direction in\n"
		    "    allow foreign: direction in, medium foreign, types in [ txt ]\n"
		    "    recipients unit \"7.2.15\" level mimi "
		    "\"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\"\n"
		    "}\n";

enum key_number {
	SO_1,
	AP_1,
	SO_2, /* security too, another person */
	STRANGER,
	KEYS,
};

static struct daemon daemon_;
static struct govern govern;
static struct trust *trust;
static struct record_policy in_force = { .serial = 1 };
static struct signer signers[KEYS];
static struct transfers transfers;
static struct msg_medium medium;
static bool medium_there, full;

/* The journal. */
static struct link *journal;
static struct msg_record_transfer records[16];
static uint32_t record_count, held_count;
static uint64_t held[16];
static bool holds;
static int journal_error;
static uint32_t slips_signed;

/* What was said to airgap-transferd last, by type. */
static struct {
	uint32_t count;
	union {
		struct msg_transfer_verdict verdict;
		struct msg_transfer_approved approved;
		struct msg_transfer_recorded recorded;
		struct msg_slip_signed slip;
		struct msg_terminal_key key;
		struct msg_transfer_settings settings;
		struct msg_transfer_recipient recipient;
		struct msg_transfer_person person;
	} body;
} said[MSG_TYPE_COUNT];

static void say(void *data, enum msg_type type, const void *body)
{
	(void)data;
	said[type].count++;
	memset(&said[type].body, 0, sizeof(said[type].body));
	if (body)
		memcpy(&said[type].body, body, (size_t)msg_size(type));
}

static bool too_full(void *data)
{
	(void)data;
	return full;
}

static const struct msg_medium *find_medium(void *data, uint64_t cookie)
{
	(void)data;
	return medium_there && cookie == medium.cookie ? &medium : NULL;
}

static void on_recorded(void *data, uint64_t tag, uint64_t entry, int error)
{
	(void)data;
	ck_assert(transfers_recorded(&transfers, tag, entry, error));
}

static void on_changed(void *data)
{
	(void)data;
}

static void on_signed(void *data, const struct msg_slip_signed *answer)
{
	(void)data;
	transfers_signed(&transfers, answer);
}

static void answer(uint64_t request)
{
	struct msg_recorded recorded = { .request = request,
					 .entry = 100 + request,
					 .error = journal_error };

	link_send(journal, MSG_RECORDED, &recorded, -1, NULL);
}

static int journal_message(void *data, struct msg *msg)
{
	(void)data;
	if (msg->type == MSG_SLIP_SIGN) {
		const struct msg_slip_sign *slip = msg->body;
		struct msg_slip_signed reply = { .cookie = slip->cookie };

		slips_signed++;
		link_send(journal, MSG_SLIP_SIGNED, &reply, -1, NULL);
		return 0;
	}
	if (msg->type == MSG_RECORD_TRANSFER)
		records[record_count++ % 16] = *(const struct msg_record_transfer *)msg->body;
	if (holds)
		held[held_count++] = msg->sequence;
	else
		answer(msg->sequence);
	return 0;
}

static void journal_up(void *data, const struct msg_hello *hello)
{
	const struct msg_journal_status status = { .next = 1 };

	(void)data;
	(void)hello;
	link_send(journal, MSG_JOURNAL_STATUS, &status, -1, NULL);
}

static void journal_down(void *data, int error, const char *reason)
{
	(void)data;
	(void)error;
	(void)reason;
}

static void run(void)
{
	while (sd_event_run(daemon_.event, 20000) > 0)
		;
}

static void release(void)
{
	for (uint32_t i = 0; i < held_count; i++)
		answer(held[i]);
	held_count = 0;
	holds = false;
	run();
}

static void make_trust(void)
{
	char text[4096], keys[6][256];
	struct signer root;

	for (uint8_t i = 0; i < 2; i++) {
		signer_make(&root, (uint8_t)(20 + i), false);
		signer_public(&root, keys[4 + i]);
	}
	for (uint8_t i = 0; i < KEYS; i++) {
		signer_make(&signers[i], (uint8_t)(i + 1), false);
		signer_public(&signers[i], keys[i]);
	}
	snprintf(text, sizeof(text),
		 "airgap-trust 1\ntrust {\nnumber 1\nlevels [ neibu \"n\" mimi \"m\" ]\n"
		 "root at-least 2\npolicy security 1 approval 1\nminimum-serial 1\n}\nkeys {\n"
		 "key rt-1 duty root person \"A\" public \"%s\"\n"
		 "key rt-2 duty root person \"B\" public \"%s\"\n"
		 "key so-1 duty security person \"C. Kovac\" public \"%s\"\n"
		 "key ap-1 duty approval person \"M. Horvat\" public \"%s\"\n"
		 "key so-2 duty security person \"N. Novak\" public \"%s\"\n}\n",
		 keys[4], keys[5], keys[SO_1], keys[AP_1], keys[SO_2]);
	ck_assert_int_eq(trust_parse(text, strlen(text), NULL, &trust), 0);
}

static void open_journal(void)
{
	static const struct link_handler handler = { journal_up, journal_down, journal_message,
						     NULL };
	char path[PATH_MAX];
	struct link_config config = {
		.event = daemon_.event,
		.path = path,
		.self = MSG_ROLE_JOURNAL,
		.peer = MSG_ROLE_CORE,
		.peer_uid = getuid(),
		.group = getgid(),
		.queue_max = 64,
		.handler = &handler,
	};

	sysfs_tree_text(daemon_.root, PATH_RUN_JOURNAL "/other", "");
	ck_assert_int_eq(path_join(path, daemon_.root, PATH_SOCKET_JOURNAL), 0);
	ck_assert_int_eq(link_listen(&config, &journal), 0);
}

static void became(void *data, const struct msg_record_transfer *record, const struct policy_need *need)
{
	(void)data;
	(void)need;
	ck_assert_uint_lt(record->event, TRANSFER_EVENT_COUNT);
}

static void setup(void)
{
	static const struct recorder_handler handler = { on_recorded, on_changed };
	static const struct transfers_handler told = { say, too_full, find_medium, became };
	char passwd[256];

	ck_assert_int_ge(sodium_init(), 0);
	daemon_ = (struct daemon){ .name = "test", .root = unit_tmpdir() };
	ck_assert_int_ge(sd_event_new(&daemon_.event), 0);
	snprintf(passwd, sizeof(passwd),
		 USER_JOURNAL ":x:%u:%u::/:/bin/false\nnovak:x:1000:1000::/:/bin/sh\n"
			      "kovac:x:1001:1001::/:/bin/sh\n",
		 getuid(), getgid());
	sysfs_tree_text(daemon_.root, PATH_PASSWD, passwd);
	sysfs_tree_text(daemon_.root, PATH_STATE_DIR "/other", "");
	open_journal();
	make_trust();
	govern = (struct govern){ .root = daemon_.root,
				  .trust = trust,
				  .mode = AGENT_MODE_ENFORCING,
				  .in_force = in_force,
				  .policy = policy_of(policy_text) };
	trust_levels(trust, &govern.context.levels);
	strcpy(govern.terminal.number, "T-00417");
	ck_assert_int_eq(recorder_new(&daemon_, &in_force, &handler, NULL, &govern.recorder), 0);
	recorder_signs(govern.recorder, on_signed, NULL);
	transfers = (struct transfers){ .govern = &govern,
					.recorder = govern.recorder,
					.handler = &told };
	transfers_load(&transfers);
	medium = (struct msg_medium){ .cookie = COOKIE,
				      .kind = MEDIA_KIND_REGISTERED,
				      .right = MEDIA_RIGHT_WRITE,
				      .sequence = 12,
				      .id = { 0x9f },
				      .level = "mimi" };
	medium_there = true;
	run();
	ck_assert(recorder_ready(govern.recorder));
}

static void teardown(void)
{
	transfers_done(&transfers);
	recorder_free(govern.recorder);
	link_free(journal);
	trust_free(trust);
	policy_free(govern.policy);
	table_free(govern.tables[TABLE_KIND_TERMINALS]);
	sd_event_unref(daemon_.event);
}

static void hear(enum msg_type type, const void *body, int fd)
{
	struct msg msg = { .type = type, .body = body, .fd = fd };

	ck_assert(transfers_hear(&transfers, &msg));
	run();
}

static struct msg_transfer_ask ask_of(enum transfer_step step)
{
	struct msg_transfer_ask ask = {
		.cookie = 5,
		.step = step,
		.uid = NOVAK,
		.medium = step == TRANSFER_STEP_REQUEST ? 0 : COOKIE,
		.batch = { 0x4b },
		.names = "july.odt",
		.facts = { .direction = TRANSFER_OUT,
			   .files = 1,
			   .type_count = 1,
			   .size = 100,
			   .types = { "odt" },
			   .level = "mimi",
			   .unit = "7.2.15" },
	};

	memset(ask.manifest, 0x3f, sizeof(ask.manifest));
	return ask;
}

static const struct msg_transfer_verdict *asked(const struct msg_transfer_ask *ask)
{
	said[MSG_TRANSFER_VERDICT].count = 0;
	hear(MSG_TRANSFER_ASK, ask, -1);
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].count, 1);
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].body.verdict.cookie, ask->cookie);
	return &said[MSG_TRANSFER_VERDICT].body.verdict;
}

static bool permits(const struct msg_transfer_ask *ask)
{
	const struct msg_transfer_verdict *verdict = asked(ask);

	return verdict->verdict.verdict.result == POLICY_RESULT_PERMIT && verdict->entry > 0;
}

static const struct msg_record_transfer *recorded(enum transfer_event event)
{
	const struct msg_record_transfer *record = &records[(record_count - 1) % 16];

	ck_assert_uint_gt(record_count, 0);
	ck_assert_uint_eq(record->event, event);
	ck_assert_uint_eq(record->record.kind, RECORD_KIND_TRANSFER);
	return record;
}

static struct approval approval_of(uint8_t nonce)
{
	struct approval approval = {
		.batch = { 0x4b },
		.nonce = { nonce },
		.direction = TRANSFER_OUT,
		.until = time(NULL) + 3600,
		.unit = "7.2.15",
		.level = "mimi",
		.requester = "novak",
	};

	memset(approval.manifest, 0x3f, sizeof(approval.manifest));
	return approval;
}

static const struct msg_transfer_approved *hand_in_bytes(const void *bytes, size_t length,
							 uint32_t requester, const char *login)
{
	struct msg_transfer_approval message = { .cookie = 6,
						 .uid = KOVAC,
						 .requester_uid = requester,
						 .batch = { 0x4b },
						 .direction = TRANSFER_OUT,
						 .level = "mimi",
						 .unit = "7.2.15" };
	int fd = memfd_create("approval", 0);

	memset(message.manifest, 0x3f, sizeof(message.manifest));
	strcpy(message.requester, login);
	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	said[MSG_TRANSFER_APPROVED].count = 0;
	hear(MSG_TRANSFER_APPROVAL, &message, fd);
	close(fd);
	return &said[MSG_TRANSFER_APPROVED].body.approved;
}

static const struct msg_transfer_approved *hand_in(struct approval approval, enum key_number key)
{
	char text[APPROVAL_TEXT_MAX], file[16384];
	size_t length;

	ck_assert_int_gt(approval_print(&approval, text), 0);
	length = signer_file(&signers[key], 1, "airgap-approval@v1", text, file, sizeof(file));
	return hand_in_bytes(file, length, NOVAK, "novak");
}

static void approve_both(void)
{
	ck_assert_int_eq(hand_in(approval_of(1), SO_1)->error, 0);
	ck_assert_int_eq(hand_in(approval_of(2), AP_1)->error, 0);
}

START_TEST(requested)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_REQUEST);
	const struct msg_transfer_verdict *verdict;
	const struct msg_record_transfer *record;

	ck_assert(permits(&ask));
	verdict = &said[MSG_TRANSFER_VERDICT].body.verdict;
	ck_assert_uint_eq(verdict->verdict.approvals.duty[POLICY_DUTY_SECURITY], 1);
	ck_assert_int_ge(verdict->wait_until, time(NULL) + 8 * 3600 - 60);
	record = recorded(TRANSFER_EVENT_REQUESTED);
	ck_assert_str_eq(record->login, "novak");
	ck_assert_str_eq(record->rule, "out");
	ck_assert_str_eq(record->names, "july.odt");
	ck_assert_str_eq(record->types, "odt");
	ck_assert_str_eq(record->unit, "7.2.15");
}
END_TEST

START_TEST(refused_at_once)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_REQUEST);

	strcpy(ask.facts.types[0], "exe");
	holds = true;
	ck_assert(!permits(&ask));
	recorded(TRANSFER_EVENT_REFUSED);
	ck_assert_uint_eq(records[0].record.grade, RECORD_GRADE_V1);
}
END_TEST

START_TEST(permit_waits_for_its_entry)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_REQUEST);

	holds = true;
	said[MSG_TRANSFER_VERDICT].count = 0;
	hear(MSG_TRANSFER_ASK, &ask, -1);
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].count, 0);
	release();
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].count, 1);
	journal_error = -EIO;
	ck_assert(!permits(&ask));
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].body.verdict.verdict.verdict.cause,
			  POLICY_CAUSE_UNREADY);
}
END_TEST

/* What changed while the entry was written counts. */
START_TEST(decided_again)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_REQUEST);

	holds = true;
	said[MSG_TRANSFER_VERDICT].count = 0;
	hear(MSG_TRANSFER_ASK, &ask, -1);
	govern.mode = AGENT_MODE_LOCKDOWN;
	release();
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].body.verdict.verdict.verdict.result,
			  POLICY_RESULT_REFUSE);
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].body.verdict.entry, 0);
}
END_TEST

START_TEST(stricter_modes)
{
	static const enum agent_mode modes[] = { AGENT_MODE_STARTING, AGENT_MODE_RESTRICTED,
						 AGENT_MODE_LOCKDOWN };
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_REQUEST);

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		govern.mode = modes[i];
		ck_assert(!permits(&ask));
		transfers_settings(&transfers);
		ck_assert_uint_eq(said[MSG_TRANSFER_SETTINGS].body.settings.permitted, 0);
		ck_assert(said[MSG_TRANSFER_SETTINGS].body.settings.reason[0]);
	}
	/* Mode monitor lets nothing out that the rules refuse. */
	govern.mode = AGENT_MODE_MONITORING;
	ck_assert(permits(&ask));
	strcpy(ask.facts.types[0], "exe");
	ck_assert(!permits(&ask));
	strcpy(ask.facts.types[0], "odt");
	full = true;
	ck_assert(!permits(&ask));
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].body.verdict.verdict.verdict.cause,
			  POLICY_CAUSE_UNREADY);
}
END_TEST

/* Login, time and medium are the core's to know. */
START_TEST(not_believed)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_EXPORT);

	approve_both();
	strcpy(ask.facts.medium_level, "juemi");
	strcpy(ask.facts.login, "horvat");
	ask.facts.medium = TRANSFER_MEDIUM_FOREIGN;
	ck_assert(permits(&ask));
	strcpy(medium.level, "neibu");
	strcpy(ask.facts.medium_level, "mimi");
	ck_assert(!permits(&ask));
	ck_assert_str_eq(said[MSG_TRANSFER_VERDICT].body.verdict.verdict.verdict.rule,
			 "medium-level");
	strcpy(medium.level, "mimi");
	medium.right = MEDIA_RIGHT_READ;
	ck_assert(!permits(&ask));
	medium.right = MEDIA_RIGHT_WRITE;
	ask.uid = KOVAC; /* another requester than the approvals name */
	ck_assert(!permits(&ask));
	ask.uid = NOVAK;
	ck_assert(permits(&ask));
	medium_there = false;
	ck_assert(!permits(&ask));
}
END_TEST

/* Claimed to be registered, it is foreign, and then only what 'medium foreign' names comes in. */
START_TEST(foreign)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_IMPORT);

	ask.facts.direction = TRANSFER_IN;
	ask.facts.medium = TRANSFER_MEDIUM_REGISTERED;
	medium.kind = MEDIA_KIND_FOREIGN;
	medium.right = MEDIA_RIGHT_READ;
	medium.level[0] = '\0';
	ck_assert(!permits(&ask));
	strcpy(ask.facts.types[0], "txt");
	ck_assert(permits(&ask));
	ask.facts.direction = TRANSFER_OUT;
	medium.right = MEDIA_RIGHT_WRITE;
	ck_assert(!permits(&ask));
}
END_TEST

START_TEST(approved_and_exported)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_EXPORT);
	struct msg_slip_sign sign = { .cookie = 8, .batch = { 0x4b } };
	struct msg_record_transfer event = { .cookie = 9,
					     .event = TRANSFER_EVENT_EXPORTED,
					     .uid = NOVAK,
					     .batch = { 0x4b },
					     .direction = TRANSFER_OUT };

	hear(MSG_TRANSFER_SIGN, &sign, -1);
	ck_assert_int_eq(said[MSG_TRANSFER_SIGNED].body.slip.error, -EPERM);
	ck_assert(!permits(&ask));
	ck_assert_int_eq(hand_in(approval_of(1), SO_1)->error, 0);
	ck_assert_str_eq(said[MSG_TRANSFER_APPROVED].body.approved.person, "C. Kovac");
	ck_assert_uint_eq(said[MSG_TRANSFER_APPROVED].body.approved.nonce[0], 1);
	recorded(TRANSFER_EVENT_APPROVED);
	ck_assert(!permits(&ask));
	ck_assert_uint_eq(said[MSG_TRANSFER_VERDICT].body.verdict.given.duty[POLICY_DUTY_SECURITY],
			  1);
	ck_assert_int_eq(hand_in(approval_of(2), AP_1)->error, 0);
	ck_assert(permits(&ask));
	recorded(TRANSFER_EVENT_PERMITTED);
	ck_assert_uint_eq(records[(record_count - 1) % 16].sequence, 12);
	hear(MSG_TRANSFER_SIGN, &sign, -1);
	ck_assert_int_eq(said[MSG_TRANSFER_SIGNED].body.slip.error, 0);
	/* One permit, one signature. */
	hear(MSG_TRANSFER_SIGN, &sign, -1);
	ck_assert_int_eq(said[MSG_TRANSFER_SIGNED].body.slip.error, -EPERM);
	ck_assert_uint_eq(slips_signed, 1);
	hear(MSG_TRANSFER_EVENT, &event, -1);
	ck_assert_uint_eq(said[MSG_TRANSFER_RECORDED].body.recorded.cookie, 9);
	ck_assert_uint_gt(said[MSG_TRANSFER_RECORDED].body.recorded.entry, 0);
	/* Done is done: the approvals are spent, here and after a start. */
	ck_assert(!permits(&ask));
	transfers_load(&transfers);
	ck_assert_uint_eq(transfers.approvals.count, 2);
	ck_assert(!permits(&ask));
	ck_assert_int_eq(hand_in(approval_of(1), SO_1)->error, -EALREADY);
}
END_TEST

START_TEST(permits_end)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_EXPORT);
	struct msg_slip_sign sign = { .cookie = 8, .batch = { 0x4b } };

	approve_both();
	ck_assert(permits(&ask));
	transfers_changed(&transfers);
	hear(MSG_TRANSFER_SIGN, &sign, -1);
	ck_assert_int_eq(said[MSG_TRANSFER_SIGNED].body.slip.error, -EPERM);
	ck_assert(permits(&ask));
	medium_there = false;
	hear(MSG_TRANSFER_SIGN, &sign, -1);
	ck_assert_int_eq(said[MSG_TRANSFER_SIGNED].body.slip.error, -EPERM);
	medium_there = true;
	ck_assert(permits(&ask));
	transfers_down(&transfers);
	hear(MSG_TRANSFER_SIGN, &sign, -1);
	ck_assert_int_eq(said[MSG_TRANSFER_SIGNED].body.slip.error, -EPERM);
	ck_assert_uint_eq(slips_signed, 0);
}
END_TEST

static void expect(const struct msg_transfer_approved *answer, enum approval_reason reason)
{
	ck_assert_int_lt(answer->error, 0);
	ck_assert_uint_eq(answer->reason, reason);
	ck_assert(answer->text[0]);
	recorded(TRANSFER_EVENT_REFUSED);
}

START_TEST(approvals_refused)
{
	struct approval approval = approval_of(1);

	approval.manifest[0] ^= 1;
	expect(hand_in(approval, SO_1), APPROVAL_OTHER_MANIFEST);
	approval = approval_of(1);
	approval.batch[0] ^= 1;
	expect(hand_in(approval, SO_1), APPROVAL_OTHER_BATCH);
	approval = approval_of(1);
	strcpy(approval.unit, "7.2.16");
	expect(hand_in(approval, SO_1), APPROVAL_OTHER_UNIT);
	approval = approval_of(1);
	strcpy(approval.level, "neibu");
	expect(hand_in(approval, SO_1), APPROVAL_OTHER_LEVEL);
	approval = approval_of(1);
	approval.until = time(NULL) - 10;
	expect(hand_in(approval, SO_1), APPROVAL_EXPIRED);
	approval = approval_of(1);
	approval.until = time(NULL) + APPROVAL_TIME_MAX + 3600;
	expect(hand_in(approval, SO_1), APPROVAL_TOO_LONG);
	/* Not on the list; and nothing of it was read. */
	expect(hand_in(approval_of(1), STRANGER), APPROVAL_GOOD);
	ck_assert_int_eq(said[MSG_TRANSFER_APPROVED].body.approved.until, 0);
	ck_assert_uint_eq(transfers.approvals.count, 0);
}
END_TEST

START_TEST(approvals_badly_signed)
{
	struct approval approval = approval_of(1);
	char text[APPROVAL_TEXT_MAX], file[16384];
	size_t length;

	ck_assert_int_gt(approval_print(&approval, text), 0);
	length = signer_file(&signers[SO_1], 1, "airgap-order@v1", text, file, sizeof(file));
	expect(hand_in_bytes(file, length, NOVAK, "novak"), APPROVAL_GOOD);
	length = signer_file(&signers[SO_1], 2, "airgap-approval@v1", text, file, sizeof(file));
	expect(hand_in_bytes(file, length, NOVAK, "novak"), APPROVAL_GOOD);
	ck_assert_ptr_nonnull(
		strstr(said[MSG_TRANSFER_APPROVED].body.approved.text, "one signature"));
	expect(hand_in_bytes(text, strlen(text), NOVAK, "novak"), APPROVAL_GOOD);
	length = signer_file(&signers[SO_1], 1, "airgap-approval@v1", text, file, sizeof(file));
	for (size_t i = 0; i < strlen(text); i += 7) {
		file[i] ^= 1;
		ck_assert_int_lt(hand_in_bytes(file, length, NOVAK, "novak")->error, 0);
		file[i] ^= 1;
	}
	/* Signed well, but it is no approval. */
	length = signer_file(&signers[SO_1], 1, "airgap-approval@v1", "airgap-approval 1\n", file,
			     sizeof(file));
	expect(hand_in_bytes(file, length, NOVAK, "novak"), APPROVAL_GOOD);
	ck_assert_uint_eq(transfers.approvals.count, 0);
}
END_TEST

/* By his account in the policy, whatever key he has; and by a name that is another account's. */
START_TEST(not_the_requester)
{
	struct approval approval = approval_of(1);
	char text[APPROVAL_TEXT_MAX], file[16384];
	size_t length;

	strcpy(approval.requester, "kovac");
	ck_assert_int_gt(approval_print(&approval, text), 0);
	length = signer_file(&signers[SO_1], 1, "airgap-approval@v1", text, file, sizeof(file));
	expect(hand_in_bytes(file, length, KOVAC, "kovac"), APPROVAL_OWN);
	expect(hand_in_bytes(file, length, NOVAK, "kovac"), APPROVAL_OTHER_REQUESTER);
	length = signer_file(&signers[SO_2], 1, "airgap-approval@v1", text, file, sizeof(file));
	ck_assert_int_eq(hand_in_bytes(file, length, KOVAC, "kovac")->error, 0);
}
END_TEST

START_TEST(once_and_two_people)
{
	ck_assert_int_eq(hand_in(approval_of(1), SO_1)->error, 0);
	expect(hand_in(approval_of(1), SO_1), APPROVAL_USED);
	expect(hand_in(approval_of(1), AP_1), APPROVAL_USED);
	expect(hand_in(approval_of(2), SO_1), APPROVAL_SAME_PERSON);
	ck_assert_int_eq(hand_in(approval_of(2), SO_2)->error, 0);
	ck_assert_uint_eq(transfers.approvals.count, 2);
}
END_TEST

/* Two of one nonce at once: the entry of the first is not durable yet. */
START_TEST(used_while_it_waits)
{
	struct approval approval = approval_of(1);

	holds = true;
	hand_in(approval, SO_1);
	ck_assert_uint_eq(said[MSG_TRANSFER_APPROVED].count, 0);
	ck_assert_uint_eq(transfers.approvals.count, 0);
	expect(hand_in(approval, SO_1), APPROVAL_USED);
	release();
	ck_assert_uint_eq(transfers.approvals.count, 1);
	ck_assert_int_eq(said[MSG_TRANSFER_APPROVED].body.approved.error, 0);
}
END_TEST

/* Without the journal an approval is not used up. */
START_TEST(not_recorded_not_used)
{
	journal_error = -EIO;
	ck_assert_int_lt(hand_in(approval_of(1), SO_1)->error, 0);
	ck_assert_uint_eq(transfers.approvals.count, 0);
	journal_error = 0;
	ck_assert_int_eq(hand_in(approval_of(1), SO_1)->error, 0);
}
END_TEST

/* Whose key was taken from him has taken his word back. */
START_TEST(key_withdrawn)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_EXPORT);

	approve_both();
	ck_assert(permits(&ask));
	for (uint32_t i = 0; i < trust->key_count; i++)
		if (strcmp(trust->keys[i].id, "so-1") == 0)
			trust->keys[i].standing = TRUST_STANDING_REVOKED;
	ck_assert(!permits(&ask));
}
END_TEST

START_TEST(approval_of_one_medium)
{
	struct msg_transfer_ask ask = ask_of(TRANSFER_STEP_EXPORT);
	struct approval approval = approval_of(1);

	memcpy(approval.medium, medium.id, sizeof(approval.medium));
	ck_assert_int_eq(hand_in(approval, SO_1)->error, 0);
	ck_assert_int_eq(hand_in(approval_of(2), AP_1)->error, 0);
	medium.id[0] ^= 1;
	ck_assert(!permits(&ask));
	medium.id[0] ^= 1;
	ck_assert(permits(&ask));
}
END_TEST

/* A used one would not be known: so none is taken. */
START_TEST(damaged_list)
{
	sysfs_tree_text(daemon_.root, PATH_STATE_DIR "/approvals", "{}");
	transfers_load(&transfers);
	run();
	ck_assert_int_lt(hand_in(approval_of(1), SO_1)->error, 0);
	ck_assert_int_eq(transfers.approvals.error, -EBADMSG);
}
END_TEST

START_TEST(ended_ones_make_room)
{
	struct approval_taken taken = { .duty = POLICY_DUTY_SECURITY, .key = "k", .person = "p" };

	for (uint32_t i = 0; i < APPROVALS_MAX; i++) {
		taken.approval = approval_of((uint8_t)i);
		taken.approval.nonce[1] = 1;
		taken.approval.until = 1000 + (i == 0);
		transfers.approvals.taken[transfers.approvals.count++] = taken;
	}
	taken.approval = approval_of(1);
	ck_assert_int_eq(approvals_take(daemon_.root, &transfers.approvals, &taken, 1000), -ENOSPC);
	ck_assert_int_eq(approvals_take(daemon_.root, &transfers.approvals, &taken, 1001), 0);
	ck_assert_uint_eq(transfers.approvals.count, 2);
}
END_TEST

START_TEST(settings)
{
	transfers_settings(&transfers);
	ck_assert_uint_eq(said[MSG_TRANSFER_SETTINGS].body.settings.permitted, 1);
	ck_assert_uint_eq(said[MSG_TRANSFER_SETTINGS].body.settings.level_count, 2);
	ck_assert_str_eq(said[MSG_TRANSFER_SETTINGS].body.settings.labels[1], "m");
	ck_assert_uint_eq(said[MSG_TRANSFER_RECIPIENT].count, 1);
	ck_assert_str_eq(said[MSG_TRANSFER_RECIPIENT].body.recipient.unit, "7.2.15");
	ck_assert_uint_eq(said[MSG_TRANSFER_PERSON].count, 2);
	ck_assert_uint_eq(said[MSG_TRANSFER_PERSON].body.person.duty, POLICY_DUTY_APPROVAL);
	ck_assert_str_eq(said[MSG_TRANSFER_PERSON].body.person.login, "horvat");
	ck_assert_uint_eq(said[MSG_TRANSFER_SETTINGS_END].count, 1);
}
END_TEST

START_TEST(keys_of_terminals)
{
	struct msg_terminal_key_ask ask = { .cookie = 3, .terminal = "T-1" };
	const struct msg_terminal_key *key = &said[MSG_TERMINAL_KEY].body.key;

	hear(MSG_TERMINAL_KEY_ASK, &ask, -1);
	ck_assert_int_eq(key->error, -ENOENT);
	govern.tables[TABLE_KIND_TERMINALS] = terminals_of(
		"\"T-1\" mimi - - - - - - \"airgapd/T-1/0+0a6a4e86+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
		"AQEBAQEBAQEB\" - active\n"
		"\"T-2\" mimi - - - - - - \"airgapd/T-2\" - active\n"
		"\"T-3\" mimi - - - - - - - - lost\n");
	govern.context.terminals = govern.tables[TABLE_KIND_TERMINALS];
	hear(MSG_TERMINAL_KEY_ASK, &ask, -1);
	ck_assert_int_ne(key->error, -EKEYREVOKED);
	ck_assert_str_eq(key->level, "mimi");
	strcpy(ask.terminal, "T-2");
	hear(MSG_TERMINAL_KEY_ASK, &ask, -1);
	ck_assert_int_eq(key->error, -ENOENT);
	strcpy(ask.terminal, "T-3");
	hear(MSG_TERMINAL_KEY_ASK, &ask, -1);
	ck_assert_int_eq(key->error, -EKEYREVOKED);
	ck_assert_ptr_nonnull(strstr(key->text, "lost"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		requested,
		refused_at_once,
		permit_waits_for_its_entry,
		decided_again,
		stricter_modes,
		not_believed,
		foreign,
		approved_and_exported,
		permits_end,
		approvals_refused,
		approvals_badly_signed,
		not_the_requester,
		once_and_two_people,
		used_while_it_waits,
		not_recorded_not_used,
		key_withdrawn,
		approval_of_one_medium,
		damaged_list,
		ended_ones_make_room,
		settings,
		keys_of_terminals,
	};
	Suite *suite = suite_create("transfers");
	TCase *tcase = tcase_create("transfers");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
