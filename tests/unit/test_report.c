// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the office is, what is sent to it, what it answers, how long is waited. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/office_note.h"
#include "agent/lib/upload.h"
#include "agent/office/ingest.h"
#include "agent/report/answer.h"
#include "agent/report/carried_parse.h"
#include "agent/report/retry.h"
#include "agent/report/target.h"
#include "tests/tools/lib/office_sim.h"
#include "tests/unit/unit.h"

#define TRUST "a330395cc0a53ad1207736546afff4735940937564bbf75ce1edad40780d9139"
#define NOW   1800000000

static struct tlog_key office, stranger;
static uint8_t office_secret[64], stranger_secret[64];
static struct sim sim;
static char folder[256];

static void write_file(const char *name, const char *text, size_t length)
{
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, length, file), length);
	ck_assert_int_eq(fclose(file), 0);
}

/* The journal's folder as journald leaves it. */
static void publish(uint64_t size)
{
	char key[TLOG_KEY_TEXT_SIZE], note[1024], *log = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&log, &length);

	for (uint64_t i = 0; i < sim.size; i++)
		fprintf(stream, "%s\n", sim.lines[i]);
	fclose(stream);
	write_file("log", log, length);
	free(log);
	tlog_key_format(&sim.key, key);
	write_file("verifier-key", key, strlen(key));
	length = sim_checkpoint(&sim, size, note);
	write_file("checkpoint", note, length);
}

static void setup(void)
{
	uint8_t public[32];

	snprintf(folder, sizeof(folder), "%s", unit_tmpdir());
	crypto_sign_keypair(public, office_secret);
	ck_assert_int_eq(tlog_key_make(&office, TLOG_KEY_COSIGNATURE, "office.test", public), 0);
	crypto_sign_keypair(public, stranger_secret);
	ck_assert_int_eq(tlog_key_make(&stranger, TLOG_KEY_COSIGNATURE, "office.test", public), 0);
	sim_init(&sim, "T-1", NULL);
}

static void teardown(void)
{
	sim_done(&sim);
}

/* --- target --- */

static int target_of(const char *change, const char *to, char *reason)
{
	char key[TLOG_KEY_TEXT_SIZE], text[2048];
	struct target target;

	tlog_key_format(&office, key);
	snprintf(text, sizeof(text), "airgap-office 1\naddress %s\nkey %s\nnumber %s\ntrust %s\n%s",
		 strcmp(change, "address") == 0 ? to : "10.20.0.5:8443",
		 strcmp(change, "key") == 0 ? to : key, strcmp(change, "number") == 0 ? to : "T-1",
		 strcmp(change, "trust") == 0 ? to : TRUST, strcmp(change, "more") == 0 ? to : "");
	return target_parse(text, strlen(text), &target, reason, 160);
}

START_TEST(target_lines)
{
	static const struct {
		const char *change, *to;
	} bad[] = {
		{ "address", "office.example:8443" },
		{ "address", "10.20.0.5" },
		{ "address", "10.20.0.5:0" },
		{ "address", "10.20.0.5:70000" },
		{ "address", "10.20.0.5:80/x" },
		{ "address", "user@10.20.0.5:80" },
		{ "address", "fd00::5:8443" },
		{ "address", "[fd00::5:8443" },
		{ "key", "office.test" },
		{ "number", "" },
		{ "number", "T\x01" },
		{ "trust", "00" },
		{ "more", "level" },
		{ "more", "number T-2\n" },
		{ "more", "proxy 10.0.0.1\n" },
		{ "more", "unit x" },
	};
	char reason[160];

	ck_assert_int_eq(target_of("", "", reason), 0);
	ck_assert_int_eq(target_of("address", "[fd00::5]:8443", reason), 0);
	ck_assert_int_eq(target_of("more", "unit 7.2\nlevel mimi\ncode A-B\n", reason), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reason[0] = 0;
		ck_assert_int_eq(target_of(bad[i].change, bad[i].to, reason), -EBADMSG);
		ck_assert(reason[0]);
	}
}
END_TEST

START_TEST(target_key_must_cosign)
{
	char text[TLOG_KEY_TEXT_SIZE], reason[160];

	/* The log's key is a key, but none that makes receipts. */
	tlog_key_format(&sim.key, text);
	ck_assert_int_eq(target_of("key", text, reason), -EBADMSG);
}
END_TEST

START_TEST(signed_beats_the_file)
{
	char key[TLOG_KEY_TEXT_SIZE], log[TLOG_KEY_TEXT_SIZE], reason[160] = "";
	struct target target = { .address = "10.20.0.5:8443", .key = office };
	bool changed = true;

	tlog_key_format(&stranger, key);
	tlog_key_format(&sim.key, log);
	/* A policy that names no office leaves root's. */
	ck_assert_int_eq(target_policy(&target, "", "", &changed, reason, sizeof(reason)), 0);
	ck_assert(!changed);
	ck_assert_int_eq(target_policy(&target, "10.0.0.9:8443", key, &changed, reason, 160), 0);
	ck_assert(changed);
	ck_assert_str_eq(target.address, "10.0.0.9:8443");
	ck_assert(target_same_key(&target.key, &stranger));
	ck_assert_int_eq(target_policy(&target, "10.0.0.9:8443", key, &changed, reason, 160), 0);
	ck_assert(!changed);
	/* What the policy says wrongly does not bring root's file back. */
	ck_assert_int_eq(target_policy(&target, "office.lan:1", key, &changed, reason, 160),
			 -EBADMSG);
	ck_assert_ptr_nonnull(strstr(reason, "office.lan"));
	ck_assert_int_eq(target_policy(&target, "10.0.0.9:1", log, &changed, reason, 160),
			 -EBADMSG);
	/* Without network a terminal keeps none; the key counts all the same. */
	target = (struct target){ .key = office };
	ck_assert_int_eq(target_policy(&target, "10.0.0.9:8443", key, &changed, reason, 160), 0);
	ck_assert_str_eq(target.address, "");
	ck_assert(target_same_key(&target.key, &stranger));
}
END_TEST

static size_t identity(char *note, const char *text, const struct tlog_key *key,
		       const uint8_t *secret)
{
	char line[TLOG_SIGNATURE_LINE_SIZE];
	struct tlog_key plain;

	ck_assert_int_eq(tlog_key_make(&plain, TLOG_KEY_NOTE, key->name, key->public), 0);
	tlog_note_sign(line, &plain, secret, 0, text, strlen(text));
	return (size_t)sprintf(note, "%s\n%s", text, line);
}

START_TEST(identity_names_the_certificate)
{
	static const char good[] =
		"airgap-office identity v1\n"
		"tls sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nlog x\n";
	static const char two[] =
		"airgap-office identity v1\n"
		"tls sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA;sha2=\nlog x\n";
	struct office_identity of;
	char note[2048];
	size_t length = identity(note, good, &office, office_secret);

	ck_assert_int_eq(office_note_identity(note, length, &office, &of), 0);
	ck_assert_str_eq(of.recipient, "");
	ck_assert_str_eq(of.pin, "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
	note[60] ^= 1;
	ck_assert_int_eq(office_note_identity(note, length, &office, &of), -EKEYREJECTED);
	length = identity(note, good, &stranger, stranger_secret);
	ck_assert_int_lt(office_note_identity(note, length, &office, &of), 0);
	length = identity(note, "airgap-office identity v2\n", &office, office_secret);
	ck_assert_int_eq(office_note_identity(note, length, &office, &of), -EBADMSG);
	/* libcurl takes several pins with a semicolon: one is all that the office has. */
	length = identity(note, two, &office, office_secret);
	ck_assert_int_eq(office_note_identity(note, length, &office, &of), -EBADMSG);
}
END_TEST

/* --- retry --- */

START_TEST(retry_doubles_to_ten_minutes)
{
	struct retry retry = { 0 };
	uint64_t most = 0;

	ck_assert_uint_eq(retry_limit_us(0), 2000000);
	ck_assert_uint_eq(retry_limit_us(3), 16000000);
	ck_assert_uint_eq(retry_limit_us(9), 600000000);
	ck_assert_uint_eq(retry_limit_us(UINT32_MAX), 600000000);
	for (uint32_t i = 0; i < 2000; i++) {
		uint64_t wait = retry_next_us(&retry, 0);

		ck_assert_uint_lt(wait, retry_limit_us(i));
		most = wait > most ? wait : most;
	}
	ck_assert_uint_eq(retry.failures, 2000);
	/* Not always short, either. */
	ck_assert_uint_gt(most, 300000000);
	retry.failures = 0;
	ck_assert_uint_ge(retry_next_us(&retry, 30), 30000000);
	ck_assert_uint_lt(retry_next_us(&retry, UINT64_MAX), 3600000000 + 600000000);
}
END_TEST

/* --- upload: what the office's own parsers make of it --- */

START_TEST(checkpoint_body)
{
	struct ingest_request request;
	struct upload_head head;
	char *body;
	size_t length;

	sim_fill(&sim, 700);
	publish(700);
	ck_assert_int_eq(upload_head(folder, &head), 0);
	ck_assert_uint_eq(head.checkpoint.size, 700);
	for (uint64_t old = 0; old <= 700; old += 175) {
		size_t expected;
		char *same = sim_body_checkpoint(&sim, old, 700, &expected);

		ck_assert_int_eq(upload_checkpoint(folder, &head, old, &body, &length), 0);
		ck_assert_uint_eq(length, expected);
		ck_assert_mem_eq(body, same, length);
		ck_assert_int_eq(ingest_parse_checkpoint(body, length, &request), 0);
		ck_assert_uint_eq(request.old, old);
		free(body);
		free(same);
	}
	ck_assert_int_eq(upload_checkpoint(folder, &head, 701, &body, &length), -EINVAL);
}
END_TEST

START_TEST(entries_body)
{
	static const uint64_t starts[] = { 0, 1, 255, 256, 300, 699, 700 };
	struct upload_head head;
	uint8_t *body;
	size_t length;

	sim_fill(&sim, 700);
	publish(700);
	ck_assert_int_eq(upload_head(folder, &head), 0);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t expected;
		uint8_t *same = sim_body_entries(&sim, starts[i], 700, 32, &expected);

		ck_assert_int_eq(upload_entries(folder, &head, starts[i], NULL, &body, &length), 0);
		ck_assert_uint_eq(length, expected);
		ck_assert_mem_eq(body, same, length);
		free(body);
		free(same);
	}
	ck_assert_int_eq(upload_entries(folder, &head, 701, NULL, &body, &length), -EINVAL);
}
END_TEST

/* Of a long absence one request takes whole bundles, and says nothing of the rest. */
START_TEST(entries_body_is_bounded)
{
	struct ingest_upload upload;
	struct ingest_package package;
	struct upload_head head;
	uint8_t *body;
	size_t length;
	unsigned int packages = 0;

	sim_fill(&sim, 12000);
	publish(12000);
	ck_assert_int_eq(upload_head(folder, &head), 0);
	ck_assert_int_eq(upload_entries(folder, &head, 0, NULL, &body, &length), 0);
	ck_assert_uint_le(length, UPLOAD_BODY_MAX);
	ck_assert_int_eq(ingest_parse_upload(body, length, &upload), 0);
	ck_assert_uint_eq(upload.end, 12000);
	while (ingest_next_package(&upload, &package) == 1)
		packages++;
	ck_assert_uint_eq(upload.length, 0);
	ck_assert_uint_ge(packages, 1);
	ck_assert_uint_le(packages, UPLOAD_PACKAGES_MAX);
	ck_assert_uint_lt(upload.start, 12000);
	free(body);
}
END_TEST

START_TEST(a_checkpoint_that_is_not_ours)
{
	struct upload_head head;
	char note[1024];
	struct sim other;

	ck_assert_int_eq(upload_head(folder, &head), -ENOENT);
	sim_fill(&sim, 3);
	publish(3);
	sim_init(&other, "T-1", NULL);
	write_file("checkpoint", note, sim_checkpoint(&other, 0, note));
	ck_assert_int_lt(upload_head(folder, &head), 0);
	sim_done(&other);
}
END_TEST

START_TEST(anchors_alone_are_no_news)
{
	static const char event[] = "{\"type\":\"note\",\"name\":\"receipt-anchor\"}";

	sim_fill(&sim, 3);
	publish(3);
	ck_assert(upload_is_news(folder, 0, 3));
	ck_assert(!upload_is_news(folder, 3, 3));
	sim_append(&sim, "receipt-anchor", 0, 42, event, NULL);
	publish(4);
	ck_assert(!upload_is_news(folder, 3, 4));
	ck_assert(upload_is_news(folder, 2, 4));
	sim_append(&sim, "heartbeat", 0, 42, "{\"type\":\"note\",\"name\":\"heartbeat\"}", NULL);
	publish(5);
	ck_assert(upload_is_news(folder, 3, 5));
	/* What cannot be read is news: better a report too many. */
	ck_assert(upload_is_news(folder, 5, 9));
}
END_TEST

/* --- answers --- */

START_TEST(numbers)
{
	static const char *const bad[] = { "",	     "\n",   "7",
					   "07\n",   "-1\n", "7 \n",
					   "7\n7\n", "x\n",  "99999999999999999999\n" };
	uint64_t a, b;

	ck_assert_int_eq(answer_size("0\n", 2, &a), 0);
	ck_assert_uint_eq(a, 0);
	ck_assert_int_eq(answer_size("712\n", 4, &a), 0);
	ck_assert_uint_eq(a, 712);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(answer_size(bad[i], strlen(bad[i]), &a), -EBADMSG);
	ck_assert_int_eq(answer_mirror_info("300\n256\n\n", 9, &a, &b), 0);
	ck_assert_uint_eq(a, 300);
	ck_assert_uint_eq(b, 256);
	ck_assert_int_eq(answer_mirror_info("300\n301\n\n", 9, &a, &b), -EBADMSG);
	ck_assert_int_eq(answer_mirror_info("300\n256\n", 8, &a, &b), -EBADMSG);
	ck_assert_int_eq(answer_mirror_info("300\n256\nX\n", 10, &a, &b), -EBADMSG);
}
END_TEST

START_TEST(receipts)
{
	char line[TLOG_SIGNATURE_LINE_SIZE], note[UPLOAD_NOTE_MAX], text[TLOG_CHECKPOINT_SIZE];
	struct upload_head head;
	size_t length, text_length;
	uint64_t time = 0, size = 0;

	sim_fill(&sim, 20);
	publish(20);
	ck_assert_int_eq(upload_head(folder, &head), 0);
	text_length = tlog_checkpoint_format(&head.checkpoint, text);
	tlog_note_sign(line, &office, office_secret, NOW, text, text_length);
	ck_assert_int_eq(answer_receipt(&head, &office, line, strlen(line), note, &length, &time),
			 0);
	ck_assert_uint_eq(time, NOW);
	ck_assert_uint_eq(length, strlen(note));
	/* What is kept is what the next start reads. */
	write_file("receipt", note, length);
	ck_assert_int_eq(upload_confirmed(folder, &head.log, &office, &size, &time), 0);
	ck_assert_uint_eq(size, 20);
	ck_assert_int_eq(upload_confirmed(folder, &head.log, &stranger, &size, &time), 0);
	ck_assert_uint_eq(size, 0);

	tlog_note_sign(line, &stranger, stranger_secret, NOW, text, text_length);
	ck_assert_int_lt(answer_receipt(&head, &office, line, strlen(line), note, &length, &time),
			 0);
	/* The office's signature on another checkpoint */
	head.checkpoint.size = 19;
	text_length = tlog_checkpoint_format(&head.checkpoint, text);
	tlog_note_sign(line, &office, office_secret, NOW, text, text_length);
	ck_assert_int_lt(answer_receipt(&head, &office, line, strlen(line), note, &length, &time),
			 0);
	ck_assert_int_eq(answer_receipt(&head, &office, "", 0, note, &length, &time), -EBADMSG);
	ck_assert_int_lt(answer_receipt(&head, &office, "thanks\n", 7, note, &length, &time), 0);
}
END_TEST

START_TEST(inbox)
{
	static const char good[] =
		"{\"v\":1,\"documents\":[{\"id\":5,\"kind\":\"policy\",\"name\":\"\",\"number\":43,"
		"\"digest\":\"" TRUST "\",\"length\":8123}]}";
	static const char *const bad[] = {
		"",
		"[]",
		"{\"v\":2,\"documents\":[]}",
		"{\"v\":1,\"documents\":{}}",
		"{\"v\":1,\"documents\":[{\"id\":5}]}",
		"{\"v\":1,\"documents\":[{\"id\":-5,\"kind\":\"policy\",\"digest\":\"" TRUST
		"\",\"length\":1}]}",
		"{\"v\":1,\"documents\":[{\"id\":5,\"kind\":\"program\",\"digest\":\"" TRUST
		"\",\"length\":1}]}",
		"{\"v\":1,\"documents\":[{\"id\":5,\"kind\":\"policy\",\"digest\":\"" TRUST
		"\",\"length\":99999999999}]}",
		"{\"v\":1,\"documents\":[[[[[[[[]]]]]]]]}",
	};
	static const char enrolled[] = "{\"v\":1,\"id\":\"00112233445566778899aabbccddeeff\"}";
	static const char climbing[] = "{\"v\":1,\"id\":\"../../identity\"}";
	struct answer_inbox list;
	char id[ANSWER_ID_SIZE];

	ck_assert_int_eq(answer_inbox(good, strlen(good), &list), 0);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_uint_eq(list.documents[0].id, 5);
	ck_assert_uint_eq(list.documents[0].length, 8123);
	ck_assert_str_eq(list.documents[0].kind, "policy");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(answer_inbox(bad[i], strlen(bad[i]), &list), -EBADMSG);
	ck_assert_int_eq(answer_enrol(enrolled, strlen(enrolled), id), 0);
	ck_assert_str_eq(id, "00112233445566778899aabbccddeeff");
	ck_assert_int_eq(answer_enrol(climbing, strlen(climbing), id), -EBADMSG);
}
END_TEST

/* An answer that is carried: sections, and documents with their files. */
START_TEST(carried_answers)
{
	static const char list[] =
		"{\"v\":1,\"documents\":[{\"id\":5,\"kind\":\"policy\",\"name\":\"\",\"number\":43,"
		"\"digest\":\"" TRUST "\",\"length\":6,\"file\":\"c2lnbmVk\"}]}";
	static const char *const bad[] = {
		"",
		"airgap-answer 1 0",
		"airgap-answer 1 1\nx",
		"airgap-bundle 1 0\n",
		"airgap-answer 1 0\nother 1\nx",
		"airgap-answer 1 0\ncheckpoint 9\nx",
		"airgap-answer 1 0\ncheckpoint 1\nxcheckpoint 1\nx",
		"airgap-answer 1 0\ninbox 2\n{}",
		"airgap-answer 1 0\ncheckpoint 0\n",
		"airgap-answer 1 0\ncheckpoint 01\nx",
	};
	struct carried_parts parts;
	char *text = NULL;
	uint8_t *file;
	size_t used = 0, length;

	ck_assert_int_eq(section_put(&text, &used, "airgap-answer 1", "", 0), 0);
	ck_assert_int_eq(section_put(&text, &used, "checkpoint", "note", 4), 0);
	ck_assert_int_eq(section_put(&text, &used, "inbox", list, strlen(list)), 0);
	ck_assert_int_eq(carried_parse((uint8_t *)text, used, &parts), 0);
	ck_assert_uint_eq(parts.checkpoint.length, 4);
	ck_assert_uint_eq(parts.note.length, 0);
	ck_assert_uint_eq(parts.inbox.count, 1);
	ck_assert_int_eq(answer_file(parts.documents, 0, &file, &length), 0);
	ck_assert_uint_eq(length, 6);
	ck_assert_mem_eq(file, "signed", 6);
	free(file);
	ck_assert_int_eq(answer_file(parts.documents, 1, &file, &length), -EBADMSG);
	json_decref(parts.documents);
	/* Cut anywhere, it is none, but between sections, where less is said. */
	for (size_t cut = 0; cut < used; cut++) {
		int r = carried_parse((uint8_t *)text, cut, &parts);

		ck_assert(r == -EBADMSG || parts.inbox.count == 0);
		json_decref(parts.documents);
	}
	free(text);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(carried_parse((const uint8_t *)bad[i], strlen(bad[i]), &parts),
				 -EBADMSG);
		json_decref(parts.documents);
	}
}
END_TEST

/* A tile that went bad must not look like a rewritten log at the office. */
START_TEST(bad_tiles_are_not_believed)
{
	struct upload_head head;
	char *body, *same, path[300];
	size_t length, expected;
	uint8_t zero[TLOG_TILE_SIZE] = { 0 };

	sim_fill(&sim, 700);
	publish(700);
	snprintf(path, sizeof(path), "mkdir -p %s/tile/0", folder);
	ck_assert_int_eq(system(path), 0);
	write_file("tile/0/000", (const char *)zero, sizeof(zero));
	ck_assert_int_eq(upload_head(folder, &head), 0);
	same = sim_body_checkpoint(&sim, 300, 700, &expected);
	ck_assert_int_eq(upload_checkpoint(folder, &head, 300, &body, &length), 0);
	ck_assert_uint_eq(length, expected);
	ck_assert_mem_eq(body, same, length);
	free(body);
	free(same);
}
END_TEST

START_TEST(words_are_harmless)
{
	char words[16];

	answer_words("no\033[2Jmore\nnext", 15, words, sizeof(words));
	ck_assert_str_eq(words, "no?[2Jmore");
	answer_words("a sentence that is far too long", 31, words, sizeof(words));
	ck_assert_uint_eq(strlen(words), 15);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tcase = tcase_create("report");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, target_lines);
	tcase_add_test(tcase, target_key_must_cosign);
	tcase_add_test(tcase, signed_beats_the_file);
	tcase_add_test(tcase, identity_names_the_certificate);
	tcase_add_test(tcase, retry_doubles_to_ten_minutes);
	tcase_add_test(tcase, checkpoint_body);
	tcase_add_test(tcase, entries_body);
	tcase_add_test(tcase, entries_body_is_bounded);
	tcase_add_test(tcase, a_checkpoint_that_is_not_ours);
	tcase_add_test(tcase, anchors_alone_are_no_news);
	tcase_add_test(tcase, numbers);
	tcase_add_test(tcase, receipts);
	tcase_add_test(tcase, inbox);
	tcase_add_test(tcase, carried_answers);
	tcase_add_test(tcase, bad_tiles_are_not_believed);
	tcase_add_test(tcase, words_are_harmless);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
