// SPDX-License-Identifier: GPL-2.0-or-later
/* What an office below the terminal's level gets: digests, and nothing of what entries name. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/journal/recorder.h"
#include "agent/lib/daemon.h"
#include "agent/lib/digest.h"
#include "agent/lib/upload.h"
#include "agent/office/ingest.h"
#include "agent/office/own_log.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_terminal.h"
#include "tests/tools/lib/office_sim.h"
#include "tests/unit/journal_fixture.h"

/* Names that must stay on the terminal. */
static const char *const names[] = { "60A44C413FAE", "DataTraveler", "a.novak", "budget-2027" };

static bool names_in(const void *data, size_t length)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (memmem(data, length, names[i], strlen(names[i])))
			return true;
	return false;
}

static const char usb[] =
	"{\"type\":\"usb\",\"outcome\":{\"facts\":{\"serial\":\"60A44C413FAE\","
	"\"name\":\"DataTraveler\"},\"state\":\"blocked\"},\"actor\":\"a.novak\"}";

static struct sim sim;

static void setup(void)
{
	fault = (struct fault){ 0 };
	ck_assert_int_ge(sodium_init(), 0);
	sim_init(&sim, "T-1", NULL);
}

static void teardown(void)
{
	sim_done(&sim);
}

static size_t note_of(const char *line, char note[static DIGEST_NOTE_MAX])
{
	int text = digest_format(line, strlen(line), note);
	size_t length;

	ck_assert_int_gt(text, 0);
	length = (size_t)text;
	note[length++] = '\n';
	return length + tlog_note_sign(note + length, &sim.key, sim.secret, 0, note, (size_t)text);
}

/* --- the form --- */

START_TEST(words_and_numbers_alone)
{
	static const struct {
		const char *kind, *event, *said;
	} cases[] = {
		{ "violation", usb, "{\"type\":\"held\",\"of\":\"usb\",\"what\":\"blocked\"}" },
		{ "violation",
		  "{\"type\":\"network\",\"violation\":\"egress_blocked\",\"text\":\"a.novak\"}",
		  "{\"type\":\"held\",\"of\":\"network\",\"what\":\"egress_blocked\"}" },
		{ "policy", "{\"type\":\"policy\",\"action\":\"refused\",\"signers\":\"a.novak\"}",
		  "{\"type\":\"held\",\"of\":\"policy\",\"what\":\"refused\"}" },
		{ "alarm", "{\"type\":\"note\",\"name\":\"peer-lost\",\"subject\":\"budget-2027\"}",
		  "{\"type\":\"held\",\"of\":\"note\",\"what\":\"peer-lost\"}" },
		/* A text in the place of a word does not pass, nor does a kind that is not known. */
		{ "alarm", "{\"type\":\"note\",\"name\":\"a.novak did it\"}",
		  "{\"type\":\"held\",\"of\":\"note\",\"what\":\"\"}" },
		{ "permit",
		  "{\"type\":\"transfer\",\"action\":\"done\",\"names\":[\"budget-2027\"]}",
		  "{\"type\":\"held\",\"of\":\"transfer\",\"what\":\"done\"}" },
		{ "permit", "{\"type\":\"budget-2027.pdf\"}",
		  "{\"type\":\"held\",\"of\":\"\",\"what\":\"\"}" },
		{ "permit", "{\"type\":7}", "{\"type\":\"held\",\"of\":\"\",\"what\":\"\"}" },
		{ "permit", "{not JSON}", "{\"type\":\"held\",\"of\":\"\",\"what\":\"\"}" },
		{ "heartbeat", "{\"type\":\"heartbeat\",\"list\":3,\"tables\":{\"media\":118}}",
		  "{\"type\":\"heartbeat\",\"list\":3,\"tables\":{\"media\":118}}" },
		{ "permit", "{\"type\":\"heartbeat\",\"name\":\"budget-2027\"}",
		  "{\"type\":\"held\",\"of\":\"heartbeat\",\"what\":\"\"}" },
	};
	char note[DIGEST_NOTE_MAX];
	struct journal_head head;
	struct digest digest;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *line;
		size_t length;

		sim_append(&sim, cases[i].kind, 1, 42, cases[i].event, NULL);
		line = sim.lines[i];
		length = note_of(line, note);
		ck_assert_int_eq(digest_parse(note, length, &digest), 0);
		ck_assert(!names_in(note, length));
		/* Its head is the entry's, byte by byte; its leaf is what the log has there. */
		ck_assert_int_eq(journal_head_parse(line, strlen(line), &head), 0);
		ck_assert_mem_eq(note, line, (size_t)(head.event - line));
		ck_assert_uint_eq(digest.head.seq, i);
		ck_assert_uint_eq(digest.head.event_length, strlen(cases[i].said));
		ck_assert_mem_eq(digest.head.event, cases[i].said, strlen(cases[i].said));
		ck_assert(tlog_hash_same(&digest.leaf, &sim.levels[0].hashes[i]));
		ck_assert(!digest_unsigned(note, length, &sim.key));
	}
}
END_TEST

START_TEST(what_is_no_digest)
{
	char note[DIGEST_NOTE_MAX], bad[DIGEST_NOTE_MAX];
	struct tlog_hash leaf, plain;
	struct digest digest;
	size_t length;
	char *at;

	sim_append(&sim, "violation", 1, 42, usb, NULL);
	length = note_of(sim.lines[0], note);
	/* An entry is none, signed or not. */
	ck_assert_int_eq(digest_parse(sim.lines[0], strlen(sim.lines[0]), &digest), -EBADMSG);
	snprintf(bad, sizeof(bad), "%s\n\n%s", sim.lines[0], strstr(note, "\u2014"));
	ck_assert_int_eq(digest_parse(bad, strlen(bad), &digest), -EBADMSG);
	tlog_hash_leaf(&plain, bad, strlen(bad));
	digest_leaf(bad, strlen(bad), &leaf);
	ck_assert(tlog_hash_same(&leaf, &plain));
	/* Nor is anything shorter, or with a second line, or nothing at all. */
	for (size_t i = 0; i < length; i++)
		ck_assert_int_eq(digest_parse(note, i, &digest), -EBADMSG);
	at = strstr(note, "\n\n");
	snprintf(bad, sizeof(bad), "%.*s\nmore%.*s", (int)(at - note), note,
		 (int)(length - (size_t)(at - note)), at);
	ck_assert_int_eq(digest_parse(bad, strlen(bad), &digest), -EBADMSG);
	/* One that was altered is one still, and not signed. */
	memcpy(bad, note, length);
	*(char *)memmem(bad, length, "V1", 2) = 'W';
	ck_assert_int_eq(digest_parse(bad, length, &digest), -EBADMSG);
	memcpy(bad, note, length);
	memcpy(memmem(bad, length, "blocked", 7), "allowed", 7);
	ck_assert_int_eq(digest_parse(bad, length, &digest), 0);
	ck_assert(digest_unsigned(bad, length, &sim.key));
}
END_TEST

/* --- at the office --- */

static struct store *store;
static struct keys keys;
static struct ingest_answer answer;
static char said[512];

static unsigned int send_log(uint64_t old)
{
	static struct incident_rules rules;
	struct ingest ingest = {
		.store = store, .keys = &keys, .online = true, .now_us = 1800000000000000
	};
	struct incident_book *book;
	size_t length;
	char *checkpoint = sim_body_checkpoint(&sim, old, sim.size, &length);
	uint8_t *entries;

	incident_rules_default(&rules);
	ingest.book = book = incident_book_of_rules(&rules);
	ck_assert_int_eq(ingest_checkpoint(&ingest, checkpoint, length, &answer), 0);
	ck_assert_uint_eq(answer.status, 200);
	entries = sim_body_entries(&sim, old, sim.size, 32, &length);
	ck_assert(!names_in(entries, length));
	ck_assert_int_eq(ingest_entries(&ingest, entries, length, &answer), 0);
	incident_book_free(book);
	free(entries);
	free(checkpoint);
	return answer.status;
}

static int look(void *data, const struct store_event *event)
{
	unsigned int *count = data;

	snprintf(said, sizeof(said), "%s", event->facts);
	ck_assert_str_eq(event->kind, "violation");
	ck_assert_uint_eq(event->grade, 1);
	++*count;
	return 0;
}

/* As journald leaves it for the reporter: digests where the lines were. */
static void withhold(uint64_t from)
{
	char note[DIGEST_NOTE_MAX];

	for (uint64_t i = from; i < sim.size; i++) {
		size_t length = note_of(sim.lines[i], note);

		free(sim.lines[i]);
		sim.lines[i] = strndup(note, length);
	}
}

static void open_office(void)
{
	struct store_terminal t = { .generation = 1, .state = STORE_TERMINAL_ACTIVE };
	char path[256];
	uint8_t public[32];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	crypto_sign_keypair(public, keys.cosign_secret);
	tlog_key_make(&keys.cosigner, TLOG_KEY_COSIGNATURE, "office", public);
	crypto_sign_keypair(public, keys.log_secret);
	tlog_key_make(&keys.log, TLOG_KEY_NOTE, "office/log", public);
	ck_assert_int_eq(own_log_begin(store, &keys, 1800000000000000), 0);
	snprintf(t.number, sizeof(t.number), "%s", sim.number);
	snprintf(t.origin, sizeof(t.origin), "%s", sim.origin);
	memcpy(t.log_key, sim.key.public, 32);
	ck_assert_int_eq(store_terminal_add(store, &t, NULL, 0), 0);
}

START_TEST(the_office_takes_digests)
{
	struct store_event_filter all = { .limit = 1000 };
	unsigned int count = 0;
	uint64_t size;

	open_office();
	/* Bundles that are whole and one that grows, digests after entries and entries after digests. */
	for (int turn = 0; turn < 3; turn++) {
		size = sim.size;
		for (int i = 0; i < 300; i++)
			sim_append(&sim, i ? "device" : "violation", i == 0, 42,
				   turn == 1 ? "{\"type\":\"note\"}" : usb, NULL);
		if (turn != 1)
			withhold(size);
		ck_assert_uint_eq(send_log(size), 200);
		ck_assert_uint_eq(answer.added, 300);
	}
	ck_assert_int_eq(store_event_each(store, &all, look, &count), 0);
	ck_assert_uint_eq(count, 3);
	store_close(store);
}
END_TEST

START_TEST(the_officer_sees_the_digest)
{
	struct store_event_filter all = { .limit = 10 };
	unsigned int count = 0;
	char expected[256], hex[65];

	open_office();
	sim_append(&sim, "violation", 1, 42, usb, NULL);
	withhold(0);
	ck_assert_uint_eq(send_log(0), 200);
	ck_assert_int_eq(store_event_each(store, &all, look, &count), 0);
	sodium_bin2hex(hex, sizeof(hex), sim.levels[0].hashes[0].bytes, 32);
	snprintf(expected, sizeof(expected), "held at the terminal: usb blocked; digest %s", hex);
	ck_assert_str_eq(said, expected);
	store_close(store);
}
END_TEST

/* Whoever carries a bundle may change what it says, and not the log. */
START_TEST(the_office_refuses_what_the_log_did_not_sign)
{
	open_office();
	for (int i = 0; i < 3; i++)
		sim_append(&sim, "violation", 1, 42, usb, NULL);
	withhold(0);
	memcpy(strstr(sim.lines[1], "blocked"), "allowed", 7);
	ck_assert_uint_eq(send_log(0), 422);
	ck_assert_uint_eq(answer.added, 0);
	/* Another leaf under a good signature is no entry of the log that was signed. */
	memcpy(strstr(sim.lines[1], "allowed"), "blocked", 7);
	free(sim.lines[1]);
	sim.lines[1] = strdup(sim.lines[0]);
	store_close(store);
	open_office();
	ck_assert_uint_eq(send_log(0), 422);
	store_close(store);
}
END_TEST

/* --- at the terminal --- */

static sd_event *event;
static struct spool spool;
static struct recorder recorder;
static const char *folder;

static void start(void)
{
	ck_assert_int_eq(spool_init(&spool, &journal_io_system, folder, FIXTURE_BOOT_ID), 0);
	ck_assert_int_eq(recorder_init(&recorder, &spool, event), 0);
	ck_assert_int_eq(recorder_start(&recorder), 0);
	duties_terminal(&recorder.duties, "T-1");
}

static void stop(void)
{
	recorder_stop(&recorder);
	recorder_done(&recorder);
	spool_done(&spool);
}

static void idle(void)
{
	sd_event_source_set_enabled(recorder.duties.quiet, SD_EVENT_OFF);
	while (duties_idle(&recorder.duties))
		;
}

static void tell(uint32_t telling)
{
	struct msg_bearing bearing = { .telling = telling, .list = telling + 1 };

	duties_bearing(&recorder.duties, &bearing);
}

static void write_named(int count)
{
	struct msg_record_note note = fixture_note(RECORD_KIND_VIOLATION, "state-behind");

	strcpy(note.subject, "budget-2027");
	strcpy(note.text, "60A44C413FAE DataTraveler a.novak");
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(recorder_own(&recorder, &note), 0);
}

/* What goes over the wire from @from on: digests of every entry, signed, and no name. */
static void expect_digests(uint64_t from)
{
	struct ingest_upload upload;
	struct ingest_package package;
	struct upload_head head;
	struct digest digest;
	const uint8_t *entry;
	size_t length, size, at;
	uint8_t *body;

	ck_assert_int_eq(upload_head(folder, &head), 0);
	ck_assert(head.digests);
	ck_assert_uint_eq(head.checkpoint.size, spool_seq(&spool));
	ck_assert_int_eq(upload_entries(folder, &head, from, NULL, &body, &length), 0);
	ck_assert(!names_in(body, length));
	ck_assert_int_eq(ingest_parse_upload(body, length, &upload), 0);
	while (ingest_next_package(&upload, &package) == 1) {
		at = 0;
		for (uint64_t seq = package.start; seq < package.end; seq++) {
			ck_assert_int_eq(tlog_tile_next_entry(package.entries,
							      package.entries_length, &at, &entry,
							      &size),
					 1);
			ck_assert_int_eq(digest_parse(entry, size, &digest), 0);
			ck_assert_uint_eq(digest.head.seq, seq);
			ck_assert(!digest_unsigned(entry, size, &head.log));
		}
		from = package.end;
	}
	ck_assert_uint_eq(from, head.checkpoint.size);
	free(body);
}

static bool log_has(const char *text)
{
	size_t length;
	uint8_t *log = fixture_read(folder, JOURNAL_FILE_LOG, &length);
	bool has = memmem(log, length, text, strlen(text));

	free(log);
	return has;
}

static void begin_terminal(void)
{
	ck_assert_int_ge(sd_event_new(&event), 0);
	folder = unit_tmpdir();
	start();
}

START_TEST(a_lower_office_gets_digests)
{
	struct upload_head head;

	begin_terminal();
	write_named(300);
	tell(MSG_TELLING_AS_BEFORE);
	idle();
	ck_assert_int_eq(upload_head(folder, &head), 0);
	ck_assert(!head.digests);
	ck_assert(!fixture_exists(folder, JOURNAL_FILE_DIGESTS));
	ck_assert(!log_has("\"salt\""));
	tell(MSG_TELLING_DIGESTS);
	ck_assert_int_eq(upload_head(folder, &head), 0);
	ck_assert(head.digests);
	idle();
	for (int i = 0; i < 4; i++) {
		write_named(100);
		idle();
		expect_digests(0);
		expect_digests(257);
	}
	ck_assert(log_has("\"salt\":\""));
	fixture_check(folder);
	/* A start in which no policy has spoken yet tells no more than the life before. */
	stop();
	start();
	write_named(1);
	tell(MSG_TELLING_AS_BEFORE);
	idle();
	expect_digests(0);
	tell(MSG_TELLING_ENTRIES);
	idle();
	ck_assert_int_eq(upload_head(folder, &head), 0);
	ck_assert(!head.digests);
	tell(MSG_TELLING_DIGESTS);
	write_named(1);
	idle();
	expect_digests(0);
	stop();
	fixture_check(folder);
}
END_TEST

/* Derived, so whatever became of them they are made again; until then nothing is sent in their place. */
START_TEST(digests_that_went_bad)
{
	static const char *const damages[] = { "", "\0\0\0\0", "hello", NULL };
	char path[TLOG_TILE_PATH_SIZE];
	struct upload_head head;
	size_t length, size;
	uint8_t *good, *now, *body;

	begin_terminal();
	tell(MSG_TELLING_DIGESTS);
	write_named(400);
	idle();
	digest_path(0, path);
	good = fixture_read(folder, path, &length);
	for (size_t i = 0; damages[i]; i++) {
		fixture_put(folder, path, damages[i], i == 1 ? 4 : strlen(damages[i]));
		ck_assert_int_eq(upload_head(folder, &head), 0);
		ck_assert_int_lt(upload_entries(folder, &head, 0, NULL, &body, &size), 0);
		stop();
		start();
		idle();
		now = fixture_read(folder, path, &size);
		ck_assert_uint_eq(size, length);
		ck_assert_mem_eq(now, good, length);
		free(now);
		expect_digests(0);
	}
	free(good);
	stop();
}
END_TEST

/* A core that comes back sends again what was not acknowledged: one entry, whatever its salt. */
START_TEST(a_record_sent_again_is_one_entry)
{
	struct msg_record_note note = fixture_note(RECORD_KIND_VIOLATION, "state-behind");
	uint64_t seq;

	begin_terminal();
	for (int withheld = 0; withheld < 2; withheld++) {
		spool.withheld = withheld;
		note.record.occurred_us = 1000 + (uint64_t)withheld;
		ck_assert_int_eq(spool_append(&spool, MSG_RECORD_NOTE, &note), 0);
		seq = spool.ratchet.state.seq;
		ck_assert_int_eq(spool_commit(&spool), 0);
		spool_suspect(&spool);
		ck_assert_int_eq(spool_append(&spool, MSG_RECORD_NOTE, &note), -EEXIST);
		ck_assert_uint_eq(spool.known, seq);
		note.record.occurred_us += 10;
		ck_assert_int_eq(spool_append(&spool, MSG_RECORD_NOTE, &note), 0);
		ck_assert_int_eq(spool_commit(&spool), 0);
	}
	ck_assert(log_has("\"salt\""));
	stop();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		words_and_numbers_alone,
		what_is_no_digest,
		the_office_takes_digests,
		the_officer_sees_the_digest,
		the_office_refuses_what_the_log_did_not_sign,
		a_lower_office_gets_digests,
		digests_that_went_bad,
		a_record_sent_again_is_one_entry,
	};
	Suite *suite = suite_create("digest");
	TCase *tcase = tcase_create("core");

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
