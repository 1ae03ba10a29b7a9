// SPDX-License-Identifier: GPL-2.0-or-later
/* Bundles without a network: any order, repeated, damaged; and the answer. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/age/age_stream.h"
#include "agent/office/bundle.h"
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

START_TEST(one_that_was_rewritten)
{
	struct sim other;

	sim_fill(&sim, 300);
	ck_assert_uint_eq(take(&sim, 0, 300), 200);
	sim_clone(&sim, &other, 250);
	sim_append(&other, "device", 0, 0, "{\"other\":1}", NULL);
	sim_fill(&other, 249);
	ck_assert_uint_eq(take(&other, 300, 500), 422);
	ck_assert_uint_eq(take(&other, 0, 300), 409);
	/* Longer, from the beginning: its entries do not lead from the office's. */
	ck_assert_uint_eq(take(&other, 0, 500), 409);
	expect(300, 30 + 2);
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
	const TTest *const tests[] = { any_order_and_again,   taken_in_pieces,
				       one_that_leaves_a_gap, one_that_was_rewritten,
				       damaged_files,	      answers };
	Suite *suite = suite_create("office_bundle");
	TCase *tcase = tcase_create("core");

	if (sodium_init() < 0)
		return 1;
	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_set_timeout(tcase, 120);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
