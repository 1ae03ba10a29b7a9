// SPDX-License-Identifier: GPL-2.0-or-later
/* Bundles without a network: any order, repeated, damaged; and the answer. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_stream.h"
#include "agent/office/bundle.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_event.h"
#include "agent/office/store/store_document.h"
#include "tests/tools/lib/office_sim.h"
#include "tests/unit/unit.h"

static struct store *store;
static struct keys keys;
static struct incident_rules rules;
static struct incident_book *book;
static struct ingest ingest;
static struct ingest_answer answer;
static struct sim sim;
static struct store_terminal terminal;

static void setup(void)
{
	char path[256];
	uint8_t public[32];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	crypto_sign_keypair(public, keys.cosign_secret);
	ck_assert_int_eq(tlog_key_make(&keys.cosigner, TLOG_KEY_COSIGNATURE, "office", public), 0);
	incident_rules_default(&rules);
	book = incident_book_of_rules(&rules);
	ck_assert_ptr_nonnull(book);
	sim_init(&sim, "T-1", NULL);
	terminal = (struct store_terminal){
		.number = "T-1", .generation = 1, .state = STORE_TERMINAL_ACTIVE, .standalone = true
	};
	snprintf(terminal.origin, sizeof(terminal.origin), "%s", sim.origin);
	memcpy(terminal.log_key, sim.key.public, 32);
	ck_assert_int_eq(store_terminal_add(store, &terminal, NULL, 0), 0);
	ingest = (struct ingest){
		.store = store, .keys = &keys, .book = book, .now_us = 1800000000000000
	};
}

static void teardown(void)
{
	sim_done(&sim);
	store_close(store);
	incident_book_free(book);
}

static void put(uint8_t **data, size_t *size, const char *name, const void *body, size_t length)
{
	char head[64];
	int n = snprintf(head, sizeof(head), "%s %zu\n", name, length);

	*data = realloc(*data, *size + (size_t)n + length);
	ck_assert_ptr_nonnull(*data);
	memcpy(*data + *size, head, (size_t)n);
	memcpy(*data + *size + n, body, length);
	*size += (size_t)n + length;
}

/* What the terminal would write, knowing of receipts up to @from. */
static uint8_t *make(struct sim *s, uint64_t from, uint64_t to, size_t *size)
{
	uint8_t *data = NULL, *body;
	size_t length;
	char *first;

	*size = 0;
	put(&data, size, "airgap-bundle 1", "", 0);
	first = sim_body_checkpoint(s, from, to, &length);
	put(&data, size, "checkpoint", first, length);
	free(first);
	for (uint64_t at = from; at < to; at = (at / 256 + 2) * 256) {
		body = sim_body_entries(s, at, to, 2, &length);
		put(&data, size, "entries", body, length);
		free(body);
	}
	return data;
}

static unsigned int take(struct sim *s, uint64_t from, uint64_t to)
{
	struct bundle bundle;
	size_t size;
	uint8_t *data = make(s, from, to, &size);

	ck_assert_int_eq(bundle_parse(data, size, &bundle), 0);
	ck_assert_int_eq(bundle_take(&ingest, &bundle, &answer), 0);
	bundle_done(&bundle);
	free(data);
	return answer.status;
}

static void expect(uint64_t size, uint64_t violations)
{
	uint64_t counts[STORE_EVENT_STATE_COUNT];
	struct store_head head;

	ck_assert_int_eq(store_head_get(store, terminal.id, &head), 0);
	ck_assert_uint_eq(head.size, size);
	ck_assert_int_eq(store_event_count(store, counts), 0);
	ck_assert_uint_eq(counts[STORE_EVENT_TO_VERIFY], violations);
}

START_TEST(any_order_and_again)
{
	sim_fill(&sim, 2000);
	/* Three bundles, none of which knows of a receipt; the second comes first. */
	ck_assert_uint_eq(take(&sim, 0, 900), 200);
	expect(900, 90);
	ck_assert_uint_eq(take(&sim, 0, 400), 200);
	ck_assert(answer.old);
	expect(900, 90);
	ck_assert_uint_eq(take(&sim, 0, 2000), 200);
	expect(2000, 200);
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(take(&sim, 0, 2000), 200);
	ck_assert_uint_eq(take(&sim, 900, 2000), 200);
	expect(2000, 200);
}
END_TEST

/* The @data'th pause ends the import, as when it is killed there. */
static int stop_at(void *data)
{
	int *left = data;

	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(store_begin(store), 0);
	return --*left == 0 ? -EINTR : 0;
}

START_TEST(taken_in_pieces)
{
	struct store_head head;
	struct bundle bundle;
	size_t size;
	uint8_t *data;

	sim_fill(&sim, 2000);
	data = make(&sim, 0, 2000, &size);
	ck_assert_int_eq(bundle_parse(data, size, &bundle), 0);
	ingest.pause = stop_at;
	/* Killed at its first pause, at its second, and so on: each time something stays, once. */
	for (int stop = 1; stop < 4; stop++) {
		int left = stop;

		ingest.pause_data = &left;
		ck_assert_int_eq(store_begin(store), 0);
		ck_assert_int_eq(bundle_take(&ingest, &bundle, &answer), -EINTR);
		store_rollback(store);
		ck_assert_int_eq(store_head_get(store, terminal.id, &head), 0);
		ck_assert_uint_gt(head.next, 0);
		ck_assert_uint_eq(head.size, 0);
	}
	ingest.pause = NULL;
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(bundle_take(&ingest, &bundle, &answer), 0);
	ck_assert_int_eq(store_commit(store), 0);
	expect(2000, 200);
	bundle_done(&bundle);
	free(data);
}
END_TEST

START_TEST(one_that_leaves_a_gap)
{
	sim_fill(&sim, 900);
	ck_assert_uint_eq(take(&sim, 0, 300), 200);
	/* Begins after what the office has: nothing is wrong, something is missing. */
	ck_assert_uint_eq(take(&sim, 600, 900), 409);
	expect(300, 30);
	ck_assert_uint_eq(take(&sim, 300, 900), 200);
	expect(900, 90);
}
END_TEST

static int newest(void *data, const struct store_anomaly *anomaly)
{
	struct store_anomaly *kept = data;

	*kept = *anomaly;
	ck_assert_str_eq(anomaly->kind, "fork");
	ck_assert_uint_gt(anomaly->evidence_length, 0);
	return 1;
}

/* So many different pieces of evidence are kept, and nothing else changed. */
static void convicted(uint64_t evidence, uint64_t size, uint64_t violations)
{
	struct store_anomaly kept;
	uint64_t count;

	ck_assert_int_eq(store_anomaly_kept(store, terminal.id, "fork", &count), 0);
	ck_assert_uint_eq(count, evidence);
	ck_assert_int_eq(store_anomaly_kept(store, terminal.id, "rollback", &count), 0);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(store_anomaly_each(store, terminal.id, newest, &kept), evidence > 0);
	expect(size, violations + evidence);
}

/* The first @from entries, and then others. */
static void diverge(struct sim *other, uint64_t from, uint64_t count)
{
	sim_clone(&sim, other, from);
	sim_append(other, "device", 0, 0, "{\"other\":1}", NULL);
	sim_fill(other, count - 1);
}

START_TEST(one_that_was_rewritten)
{
	struct sim other;

	sim_fill(&sim, 300);
	ck_assert_uint_eq(take(&sim, 0, 300), 200);
	diverge(&other, 250, 250);
	ck_assert_uint_eq(take(&other, 300, 500), 422);
	ck_assert(answer.accused[0]);
	ck_assert_uint_eq(answer.added, 0);
	convicted(1, 300, 30);
	/* The very one again, and one that says the same from the beginning: the same evidence. */
	ck_assert_uint_eq(take(&other, 300, 500), 422);
	ck_assert_uint_eq(take(&other, 0, 500), 409);
	ck_assert(answer.accused[0]);
	convicted(1, 300, 30);
	/* What it signed before and after that is of the same cause, in whatever order it comes. */
	ck_assert_uint_eq(take(&other, 0, 300), 409);
	convicted(2, 300, 30);
	sim_fill(&other, 100);
	ck_assert_uint_eq(take(&other, 0, 600), 409);
	ck_assert_uint_eq(take(&other, 0, 270), 409);
	ck_assert_uint_eq(take(&other, 128, 301), 409);
	ck_assert(answer.accused[0]);
	convicted(2, 300, 30);
	sim_done(&other);
	/* A further clone is another cause. */
	diverge(&other, 200, 250);
	ck_assert_uint_eq(take(&other, 0, 400), 409);
	convicted(3, 300, 30);
	sim_done(&other);
}
END_TEST

/* Its disk was set back to @back entries, of which it knows the receipt, and it went on. */
static void set_back_and_on(uint64_t back, uint64_t count)
{
	struct sim other;

	diverge(&other, back, count);
	for (int i = 0; i < 2; i++) {
		ck_assert_uint_eq(take(&other, back, back + count), 409);
		ck_assert(answer.accused[0]);
		convicted(1, 900, 90);
	}
	/* The next day's file of the same machine. */
	sim_fill(&other, 50);
	ck_assert_uint_eq(take(&other, back, back + count + 50), 409);
	convicted(1, 900, 90);
	/* The true one is nobody's victim: what it brings is taken as before. */
	ck_assert_uint_eq(take(&sim, 900, 1000), 200);
	ck_assert(!answer.accused[0]);
	convicted(1, 1000, 100);
	sim_done(&other);
}

START_TEST(one_that_was_set_back)
{
	sim_fill(&sim, 1000);
	ck_assert_uint_eq(take(&sim, 0, 900), 200);
	/* Shorter than what the office has, and longer; where a bundle of 256 ends, and not. */
	set_back_and_on((uint64_t[]){ 400, 400, 512, 256, 0 }[_i],
			(uint64_t[]){ 100, 700, 500, 900, 1200 }[_i]);
}
END_TEST

/* Rewritten below a receipt that is a power of two: the proof does not show from what it starts. */
START_TEST(one_rewritten_below_a_complete_tree)
{
	struct sim other;

	sim_fill(&sim, 256);
	ck_assert_uint_eq(take(&sim, 0, 256), 200);
	diverge(&other, 100, 300);
	ck_assert_uint_eq(take(&other, 256, 400), 422);
	convicted(1, 256, 25);
	sim_done(&other);
}
END_TEST

START_TEST(an_older_one_accuses_nobody)
{
	sim_fill(&sim, 1000);
	ck_assert_uint_eq(take(&sim, 0, 1000), 200);
	for (uint64_t size = 1; size <= 1000; size += 111) {
		ck_assert_uint_eq(take(&sim, size / 2, size), 200);
		ck_assert(!answer.accused[0]);
	}
	convicted(0, 1000, 100);
}
END_TEST

/* Takes what @bend made of a bundle of @s: [256 or 300, 500). */
static unsigned int take_bent(struct sim *s, uint64_t from,
			      void (*bend)(uint8_t *data, size_t size))
{
	struct bundle bundle;
	size_t size;
	uint8_t *data = make(s, from, 500, &size);

	bend(data, size);
	ck_assert_int_eq(bundle_parse(data, size, &bundle), 0);
	ck_assert_int_eq(bundle_take(&ingest, &bundle, &answer), 0);
	ck_assert(!answer.accused[0]);
	bundle_done(&bundle);
	free(data);
	return answer.status;
}

static void bend_signature(uint8_t *data, size_t size)
{
	uint8_t *at = memmem(data, size, "\n\u2014 ", 5);

	ck_assert_ptr_nonnull(at);
	at = memchr(at + 1, '\n', (size_t)(data + size - at - 1));
	at[-8] = at[-8] == 'A' ? 'B' : 'A';
}

static void bend_proof(uint8_t *data, size_t size)
{
	uint8_t *at = memmem(data, size, "\nold ", 5);

	ck_assert_ptr_nonnull(at);
	at = memchr(at + 1, '\n', 20);
	at[3] = at[3] == 'A' ? 'B' : 'A';
}

static void bend_all(uint8_t *data, size_t size)
{
	bend_proof(data, size);
	data[size - 400] ^= 1;
}

static void bend_entry(uint8_t *data, size_t size)
{
	data[size - 400] ^= 1;
}

/* Anyone may have had it in hands: what the signature does not cover convicts nobody. */
START_TEST(a_bent_one_accuses_nobody)
{
	uint64_t from = _i ? 256 : 300;
	struct sim other;

	sim_fill(&sim, 500);
	ck_assert_uint_eq(take(&sim, 0, from), 200);
	diverge(&other, 250, 250);
	ck_assert_uint_eq(take_bent(&sim, from, bend_signature), 403);
	ck_assert_uint_eq(take_bent(&other, from, bend_signature), 403);
	ck_assert_uint_eq(take_bent(&other, from, bend_all), 422);
	ck_assert_uint_eq(take_bent(&sim, from, bend_all), 422);
	ck_assert_uint_eq(take_bent(&sim, from / 2 + 1, bend_all), 409);
	convicted(0, from, from / 10);
	/* Its entries show that the log only grew, whatever the proof says; the other way round too. */
	ck_assert_uint_eq(take_bent(&sim, from, _i ? bend_entry : bend_proof), _i ? 422 : 200);
	ck_assert_uint_eq(take(&sim, from, 500), 200);
	convicted(0, 500, 50);
	sim_done(&other);
}
END_TEST

START_TEST(damaged_files)
{
	size_t size, parsed = 0;
	struct bundle bundle;
	uint8_t *data;

	sim_fill(&sim, 3);
	data = make(&sim, 0, 3, &size);
	for (size_t cut = 0; cut < size; cut++) {
		parsed += bundle_parse(data, cut, &bundle) == 0;
		bundle_done(&bundle);
	}
	/* Only where a section ends: after the checkpoint. */
	ck_assert_uint_eq(parsed, 1);
	data[8] = 'X';
	ck_assert_int_eq(bundle_parse(data, size, &bundle), -EBADMSG);
	bundle_done(&bundle);
	free(data);
}
END_TEST

START_TEST(answers)
{
	struct store_document document = {
		.kind = STORE_DOCUMENT_POLICY, .number = 43, .data = "signed", .length = 6
	};
	struct age_keyring *ring = age_keyring_new();
	uint8_t *data, *plain;
	size_t size, length, at = 0;
	struct section section;

	ck_assert_ptr_nonnull(ring);
	ck_assert_int_eq(age_keyring_generate(ring), 0);
	sim_fill(&sim, 3);
	ck_assert_uint_eq(take(&sim, 0, 3), 200);
	ck_assert_int_eq(store_document_add(store, &document), 0);
	ck_assert_int_eq(store_delivery_want(store, terminal.id, &document, 1), 0);
	age_recipient_format(&ring->identities[0].recipient, terminal.recipient);
	ck_assert_int_eq(bundle_answer(store, &keys, &terminal, &data, &size), 0);
	ck_assert_int_eq(age_decrypt_buffer(data, size, ring, &plain, &length), 0);
	ck_assert_int_eq(section_next(plain, length, &at, &section), 1);
	ck_assert_str_eq(section.name, "airgap-answer 1");
	ck_assert_int_eq(section_next(plain, length, &at, &section), 1);
	ck_assert_str_eq(section.name, "checkpoint");
	ck_assert_ptr_nonnull(memmem(section.data, section.length, "office ", 7));
	ck_assert_int_eq(section_next(plain, length, &at, &section), 1);
	ck_assert_str_eq(section.name, "inbox");
	ck_assert_ptr_nonnull(memmem(section.data, section.length, "c2lnbmVk", 8));
	ck_assert_int_eq(section_next(plain, length, &at, &section), 0);
	free(plain);
	free(data);
	age_keyring_free(ring);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { any_order_and_again,
				       taken_in_pieces,
				       one_that_leaves_a_gap,
				       one_that_was_rewritten,
				       one_rewritten_below_a_complete_tree,
				       an_older_one_accuses_nobody,
				       damaged_files,
				       answers };
	Suite *suite = suite_create("office_bundle");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test(tcase, one_that_was_set_back, 0, 5);
	tcase_add_loop_test(tcase, a_bent_one_accuses_nobody, 0, 2);
	tcase_set_timeout(tcase, 120);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
