// SPDX-License-Identifier: GPL-2.0-or-later
/* What terminals report, and what an attacker would like the office to believe. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/contact.h"
#include "agent/office/evidence.h"
#include "agent/office/facts.h"
#include "agent/office/ingest.h"
#include "agent/office/own_log.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_event.h"
#include "tests/tools/lib/office_sim.h"
#include "tests/unit/unit.h"

#define NOW    1800000000000000
#define MINUTE INT64_C(60000000)

static struct store *store;
static struct keys keys;
static struct incident_rules rules;
static struct incident_book *book;
static struct ingest ingest;
static struct ingest_answer answer;
static struct sim sim;
static int64_t terminal;

static int64_t register_sim(const struct sim *s)
{
	struct store_terminal t = { .generation = 1, .state = STORE_TERMINAL_ACTIVE };

	snprintf(t.number, sizeof(t.number), "%s", s->number);
	snprintf(t.origin, sizeof(t.origin), "%s", s->origin);
	memcpy(t.log_key, s->key.public, 32);
	randombytes_buf(t.origin_hash, 32);
	randombytes_buf(t.tls_pin, 32);
	ck_assert_int_eq(store_terminal_add(store, &t, NULL, 0), 0);
	return t.id;
}

static void setup(void)
{
	char path[256];
	uint8_t public[32];

	snprintf(path, sizeof(path), "%s/store", unit_tmpdir());
	ck_assert_int_eq(store_open(path, STORE_CREATE, &store), 0);
	crypto_sign_keypair(public, keys.cosign_secret);
	ck_assert_int_eq(tlog_key_make(&keys.cosigner, TLOG_KEY_COSIGNATURE, "office", public), 0);
	crypto_sign_keypair(public, keys.log_secret);
	ck_assert_int_eq(tlog_key_make(&keys.log, TLOG_KEY_NOTE, "office/log", public), 0);
	ck_assert_int_eq(own_log_begin(store, &keys, NOW), 0);
	incident_rules_default(&rules);
	book = incident_book_of_rules(&rules);
	ck_assert_ptr_nonnull(book);
	sim_init(&sim, "T-1", NULL);
	terminal = register_sim(&sim);
	ingest = (struct ingest){ .store = store,
				  .keys = &keys,
				  .book = book,
				  .online = true,
				  .peer = terminal,
				  .now_us = NOW };
}

static void teardown(void)
{
	sim_done(&sim);
	store_close(store);
	incident_book_free(book);
}

static unsigned int checkpoint(struct sim *s, uint64_t old, uint64_t size)
{
	size_t length;
	char *body = sim_body_checkpoint(s, old, size, &length);

	ck_assert_int_eq(ingest_checkpoint(&ingest, body, length, &answer), 0);
	free(body);
	return answer.status;
}

static unsigned int entries(struct sim *s, uint64_t start, uint64_t end, unsigned int packages)
{
	size_t length;
	uint8_t *body = sim_body_entries(s, start, end, packages, &length);

	ck_assert_int_eq(ingest_entries(&ingest, body, length, &answer), 0);
	free(body);
	return answer.status;
}

/* From what the office has up to all of it. */
static void report(struct sim *s)
{
	struct store_head head;

	ck_assert_int_eq(store_head_get(store, terminal, &head), 0);
	ck_assert_uint_eq(checkpoint(s, head.pending_size, s->size), 200);
	ck_assert_uint_eq(entries(s, head.next, s->size, 32), 200);
}

struct found {
	const char *kind;
	unsigned int count;
	char facts[256];
};

static int look(void *data, const struct store_event *event)
{
	struct found *found = data;
	char shown[FACTS_SHOWN_SIZE];

	/* Each of its own sentences can be said in another language. */
	if (event->source == STORE_SOURCE_OFFICE && strcmp(event->facts, "x") != 0)
		ck_assert_msg(facts_shown(event->facts, shown) == shown, "%s", event->facts);
	if (strcmp(event->kind, found->kind) == 0) {
		found->count++;
		snprintf(found->facts, sizeof(found->facts), "%s", event->facts);
	}
	return 0;
}

static unsigned int events(const char *kind)
{
	struct store_event_filter all = { .limit = 100000 };
	struct found found = { .kind = kind };

	ck_assert_int_eq(store_event_each(store, &all, look, &found), 0);
	return found.count;
}

START_TEST(an_entry_gets_its_receipt)
{
	char note[2048], *held;
	struct tlog_note parsed;
	struct store_head head;
	uint64_t time = 0;
	size_t length;

	sim_append(&sim, "boot", 0, 0, "{\"type\":\"note\",\"name\":\"boot\",\"text\":\"x\"}",
		   NULL);
	sim_fill(&sim, 10);
	report(&sim);
	ck_assert_int_eq(answer.type, INGEST_TYPE_SIGNATURES);
	length = sim_checkpoint(&sim, 11, note);
	snprintf(note + length, sizeof(note) - length, "%s", answer.body);
	ck_assert_int_eq(tlog_note_parse(note, strlen(note), &parsed), 0);
	ck_assert_int_eq(tlog_note_verify(&parsed, &keys.cosigner, &time), 0);
	ck_assert_uint_eq(time, NOW / 1000000);
	/* The same checkpoint, with the receipt, is what auditors get. */
	ck_assert_int_eq(store_head_note(store, terminal, false, &held, &length), 0);
	ck_assert_str_eq(held, note);
	free(held);
	ck_assert_int_eq(store_head_get(store, terminal, &head), 0);
	ck_assert_uint_eq(head.size, 11);
	ck_assert_uint_eq(events("violation"), 1);
	ck_assert_uint_eq(events("boot"), 1);
	ck_assert_uint_eq(events("device"), 0);
}
END_TEST

/* Any way of cutting an upload into requests gives the same log, and each event once. */
START_TEST(uploads_in_pieces)
{
	struct tlog_source source = sim_source(&sim);
	struct tlog_hash mine, theirs;
	struct store_head head;
	uint8_t *data;
	size_t length;
	uint32_t width;

	for (unsigned int round = 0; round < 12; round++) {
		sim_fill(&sim, 1 + round * 97 % 700);
		ck_assert_int_eq(store_head_get(store, terminal, &head), 0);
		ck_assert_uint_eq(checkpoint(&sim, head.pending_size, sim.size), 200);
		for (;;) {
			ck_assert_int_eq(store_head_get(store, terminal, &head), 0);
			/* Now and then from the bundle's beginning, or one that has been sent. */
			if (entries(&sim, round % 3 ? head.next : head.next / 256 * 256, sim.size,
				    1 + round % 2) == 200)
				break;
			ck_assert_uint_eq(answer.status, 202);
		}
	}
	ck_assert_uint_gt(sim.size, 3000);
	ck_assert_int_eq(tlog_proof_root(&source, sim.size, &mine), 0);
	ck_assert_int_eq(mirror_root(store, terminal, sim.size, &theirs), 0);
	ck_assert(tlog_hash_same(&mine, &theirs));
	for (uint64_t i = 0; i < sim.size; i += 255) {
		ck_assert_int_eq(store_bundle_get(store, terminal, i / 256, &data, &length, &width),
				 0);
		ck_assert_ptr_nonnull(memmem(data, length, sim.lines[i], strlen(sim.lines[i])));
		free(data);
	}
}
END_TEST

START_TEST(duplicates_cost_nothing)
{
	struct store_head head;

	sim_fill(&sim, 40);
	report(&sim);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(checkpoint(&sim, 40, 40), 200);
		ck_assert_uint_eq(entries(&sim, 40, 40, 1), 200);
		ck_assert_uint_eq(entries(&sim, 0, 40, 1), 200);
		ck_assert_uint_eq(answer.added, 0);
	}
	ck_assert_int_eq(store_head_get(store, terminal, &head), 0);
	ck_assert_uint_eq(head.next, 40);
	ck_assert_uint_eq(events("violation"), 4);
}
END_TEST

START_TEST(sizes_do_not_fit)
{
	sim_fill(&sim, 300);
	ck_assert_uint_eq(checkpoint(&sim, 100, 300), 409);
	ck_assert_str_eq(answer.body, "0\n");
	ck_assert_uint_eq(entries(&sim, 0, 300, 1), 409);
	ck_assert_uint_eq(checkpoint(&sim, 0, 300), 200);
	ck_assert_uint_eq(entries(&sim, 10, 300, 1), 409);
	ck_assert_str_eq(answer.body, "300\n0\n\n");
	ck_assert_uint_eq(entries(&sim, 0, 299, 1), 409);
	ck_assert_uint_eq(entries(&sim, 0, 300, 1), 202);
	ck_assert_str_eq(answer.body, "300\n256\n\n");
	ck_assert_uint_eq(entries(&sim, 0, 300, 2), 409);
	ck_assert_uint_eq(entries(&sim, 256, 300, 1), 200);
	ck_assert_uint_eq(events("fork") + events("rollback"), 0);
}
END_TEST

START_TEST(strangers)
{
	struct sim other;
	struct store_terminal t;

	sim_init(&other, "T-2", NULL);
	sim_fill(&other, 3);
	ck_assert_uint_eq(checkpoint(&other, 0, 3), 404);
	ck_assert_uint_eq(entries(&other, 0, 3, 1), 404);
	/* Registered, but not the one that this connection belongs to. */
	register_sim(&other);
	ck_assert_uint_eq(checkpoint(&other, 0, 3), 403);
	/* The origin of one, the key of another. */
	memcpy(other.origin, sim.origin, sizeof(other.origin));
	ck_assert_int_eq(tlog_key_make(&other.key, TLOG_KEY_NOTE, sim.origin, other.key.public), 0);
	ck_assert_uint_eq(checkpoint(&other, 0, 3), 403);
	ck_assert_int_eq(store_terminal_by_id(store, terminal, &t), 0);
	t.state = STORE_TERMINAL_ENDED;
	ck_assert_int_eq(store_terminal_update(store, &t), 0);
	sim_fill(&sim, 3);
	ck_assert_uint_eq(checkpoint(&sim, 0, 3), 403);
	sim_done(&other);
}
END_TEST

/* Signatures that the office did not make must not stand beside its own. */
START_TEST(further_signatures)
{
	char note[2048], forged[TLOG_SIGNATURE_LINE_SIZE], *body, *held;
	struct tlog_note parsed;
	size_t length;

	sim_fill(&sim, 3);
	sim_checkpoint(&sim, 3, note);
	ck_assert_uint_gt(
		tlog_note_sign(forged, &keys.cosigner, keys.cosign_secret, 5, "other\n", 6), 0);
	ck_assert_int_gt(asprintf(&body, "old 0\n\n%s%s", note, forged), 0);
	ck_assert_int_eq(ingest_checkpoint(&ingest, body, strlen(body), &answer), 0);
	ck_assert_uint_eq(answer.status, 200);
	free(body);
	ck_assert_uint_eq(entries(&sim, 0, 3, 1), 200);
	ck_assert_int_eq(store_head_note(store, terminal, false, &held, &length), 0);
	ck_assert_int_eq(tlog_note_parse(held, length, &parsed), 0);
	ck_assert_uint_eq(parsed.count, 2);
	ck_assert_int_eq(tlog_note_verify(&parsed, &keys.cosigner, NULL), 0);
	free(held);
}
END_TEST

/* A cosignature has an end; what could not be signed is not taken, and nothing else is sent. */
START_TEST(a_checkpoint_has_an_end)
{
	const size_t extension = 8000;
	char line[TLOG_SIGNATURE_LINE_SIZE], note[2048], *text = calloc(1, 16384), *body;
	size_t length;

	sim_fill(&sim, 3);
	sim_checkpoint(&sim, 3, note);
	length = (size_t)(strstr(note, "\n\n") + 1 - note);
	memcpy(text, note, length);
	memset(text + length, 'x', extension);
	text[length + extension] = '\n';
	length += extension + 1;
	tlog_note_sign(line, &sim.key, sim.secret, 0, text, length);
	ck_assert_int_gt(asprintf(&body, "old 0\n\n%s\n%s", text, line), 0);
	ck_assert_int_eq(ingest_checkpoint(&ingest, body, strlen(body), &answer), 0);
	ck_assert_uint_eq(answer.status, 400);
	free(body);
	free(text);
}
END_TEST

/* Nobody's transaction breaks by it. */
START_TEST(entries_before_any_checkpoint)
{
	ck_assert_uint_eq(entries(&sim, 0, 0, 0), 409);
	ck_assert_str_eq(answer.body, "0\n0\n\n");
}
END_TEST

/* --- the attack table --- */

static void alter(struct sim *s, uint64_t index)
{
	struct sim copy;

	/* As it was, but for one entry: edited, or another in its place. */
	sim_clone(s, &copy, index);
	sim_append(&copy, "device", 0, 42, "{\"type\":\"nothing\"}", NULL);
	while (copy.size < s->size)
		sim_append(&copy, "device", 0, 42, "{\"type\":\"usb\"}", NULL);
	sim_done(s);
	*s = copy;
}

START_TEST(attack_edit)
{
	sim_fill(&sim, 20);
	report(&sim);
	alter(&sim, 7);
	ck_assert_uint_eq(checkpoint(&sim, 20, 20), 409);
	ck_assert_uint_eq(events("fork"), 1);
	/* Once more is the same evidence; continuing does not make it good. */
	ck_assert_uint_eq(checkpoint(&sim, 20, 20), 409);
	ck_assert_uint_eq(events("fork"), 1);
	sim_fill(&sim, 5);
	ck_assert_uint_eq(checkpoint(&sim, 20, 25), 422);
	ck_assert_uint_eq(events("fork"), 2);
}
END_TEST

START_TEST(attack_entries_other_than_signed)
{
	struct sim altered;

	sim_fill(&sim, 600);
	ck_assert_uint_eq(checkpoint(&sim, 0, 600), 200);
	sim_clone(&sim, &altered, 600);
	free(altered.lines[300]);
	altered.lines[300] = strdup(altered.lines[299]);
	/* The first package is sound and stays; the second is not what was signed. */
	ck_assert_uint_eq(entries(&altered, 0, 600, 3), 422);
	ck_assert_uint_eq(answer.added, 256);
	ck_assert_uint_eq(entries(&altered, 256, 600, 3), 422);
	ck_assert_uint_eq(entries(&sim, 256, 600, 3), 200);
	sim_done(&altered);
}
END_TEST

/* Insert, reorder and delete in the middle all give another tree: a proof that fails. */
START_TEST(attack_insert_reorder_delete)
{
	static const uint64_t orders[][4] = { { 0, 1, 1, 2 }, { 0, 2, 1, 3 }, { 0, 2, 3, 3 } };

	sim_fill(&sim, 4);
	report(&sim);
	for (size_t k = 0; k < sizeof(orders) / sizeof(orders[0]); k++) {
		struct sim other;
		unsigned int before = events("fork");

		sim_clone(&sim, &other, 0);
		for (size_t i = 0; i < 4; i++) {
			struct sim one;

			sim_clone(&sim, &one, orders[k][i] + 1);
			sim_append(&other, "device", 0, 42, one.lines[orders[k][i]], NULL);
			sim_done(&one);
		}
		sim_fill(&other, 2);
		ck_assert_uint_eq(checkpoint(&other, 4, 6), 422);
		ck_assert_uint_eq(events("fork"), before + 1);
		sim_done(&other);
	}
}
END_TEST

START_TEST(attack_truncate_receipted)
{
	struct sim cut;

	sim_fill(&sim, 20);
	report(&sim);
	sim_clone(&sim, &cut, 12);
	ck_assert_uint_eq(checkpoint(&cut, 12, 12), 409);
	ck_assert_str_eq(answer.body, "20\n");
	ck_assert_uint_eq(events("rollback"), 1);
	/* And goes on: shorter, then longer than what the office has. */
	sim_fill(&cut, 4);
	ck_assert_uint_eq(checkpoint(&cut, 12, 16), 409);
	sim_fill(&cut, 9);
	ck_assert_uint_eq(checkpoint(&cut, 20, 25), 422);
	ck_assert_uint_ge(events("fork"), 1);
	sim_done(&cut);
}
END_TEST

START_TEST(attack_clone)
{
	struct sim clone;

	sim_fill(&sim, 10);
	report(&sim);
	sim_clone(&sim, &clone, 10);
	sim_append(&sim, "heartbeat", 0, 42, "{\"who\":1}", NULL);
	sim_append(&clone, "heartbeat", 0, 42, "{\"who\":2}", NULL);
	report(&sim);
	/* The other machine's first word. */
	ck_assert_uint_eq(checkpoint(&clone, 10, 11), 409);
	ck_assert_uint_eq(events("fork"), 1);
	sim_done(&clone);
}
END_TEST

START_TEST(attack_backdate)
{
	sim_append(&sim, "device", 0, 42, "{}", "2026-12-01T08:00:00.000000Z");
	sim_append(&sim, "violation", 1, 42, "{}", "2026-11-01T08:00:00.000000Z");
	report(&sim);
	ck_assert_uint_eq(events("clock-back"), 1);
	/* Whatever it says, the office's own time of receipt stands beside it. */
	ck_assert_uint_eq(events("violation"), 1);
}
END_TEST

START_TEST(attack_replay)
{
	sim_fill(&sim, 20);
	report(&sim);
	sim_fill(&sim, 20);
	report(&sim);
	/* An old bundle again: not on line, nothing is alarmed and nothing changes. */
	ingest.online = false;
	ingest.peer = 0;
	ck_assert_uint_eq(checkpoint(&sim, 0, 20), 200);
	ck_assert_uint_eq(events("rollback") + events("fork"), 0);
	ck_assert_uint_eq(events("violation"), 4);
	alter(&sim, 3);
	ck_assert_uint_eq(checkpoint(&sim, 0, 20), 409);
	ck_assert_uint_eq(events("fork"), 1);
}
END_TEST

START_TEST(attack_old_policy)
{
	sim_append(&sim, "device", 0, 42, "{}", NULL);
	sim_append(&sim, "device", 0, 43, "{}", NULL);
	report(&sim);
	ck_assert_uint_eq(events("old-policy"), 0);
	sim_append(&sim, "device", 0, 42, "{}", NULL);
	report(&sim);
	ck_assert_uint_eq(events("old-policy"), 1);
}
END_TEST

static void heartbeat(unsigned int list, unsigned int media, unsigned int floor,
		      unsigned int powered)
{
	char event[200];

	snprintf(event, sizeof(event),
		 "{\"type\":\"heartbeat\",\"list\":%u,\"tables\":{\"media\":%u},\"time_floor\":%u,"
		 "\"powered_s\":%u}",
		 list, media, floor, powered);
	sim_append(&sim, "heartbeat", 0, 42, event, NULL);
	report(&sim);
}

/* What heartbeats carry never goes back, whatever the log itself looks like. */
START_TEST(attack_state_set_back)
{
	heartbeat(3, 118, 1000, 500);
	heartbeat(3, 118, 1000, 500);
	heartbeat(4, 119, 1500, 900);
	ck_assert_uint_eq(events("old-policy") + events("rollback"), 0);
	heartbeat(3, 119, 1500, 900);
	ck_assert_uint_eq(events("old-policy"), 1);
	heartbeat(3, 118, 1500, 900);
	ck_assert_uint_eq(events("old-policy"), 2);
	heartbeat(3, 118, 1400, 900);
	ck_assert_uint_eq(events("rollback"), 1);
	heartbeat(3, 118, 1400, 100);
	ck_assert_uint_eq(events("rollback"), 2);
	/* Told once: from here on it is compared with what is. */
	heartbeat(3, 118, 1400, 100);
	ck_assert_uint_eq(events("old-policy") + events("rollback"), 4);
}
END_TEST

START_TEST(restored_office_heals)
{
	char copy[300];
	struct store_head head;

	snprintf(copy, sizeof(copy), "%s/backup", unit_tmpdir());
	sim_fill(&sim, 300);
	report(&sim);
	ck_assert_int_eq(store_backup(store, copy), 0);
	sim_fill(&sim, 400);
	report(&sim);
	store_close(store);
	ck_assert_int_eq(store_open(copy, STORE_WRITE, &store), 0);
	ingest.store = store;
	sim_fill(&sim, 10);
	ck_assert_uint_eq(checkpoint(&sim, 700, 710), 409);
	ck_assert_str_eq(answer.body, "300\n");
	report(&sim);
	ck_assert_int_eq(store_head_get(store, terminal, &head), 0);
	ck_assert_uint_eq(head.size, 710);
	ck_assert_uint_eq(events("violation"), 71);
	ck_assert_uint_eq(events("fork") + events("rollback"), 0);
}
END_TEST

/* --- silence --- */

static void later(int64_t minutes)
{
	ck_assert_int_eq(contact_sweep(store, book, NOW, NOW + minutes * MINUTE), 0);
}

START_TEST(silence_is_told_in_steps)
{
	struct store_terminal t;

	sim_fill(&sim, 1);
	report(&sim);
	later(29);
	ck_assert_uint_eq(events("late"), 0);
	for (int again = 0; again < 3; again++) {
		later(31);
		later(76);
		later(301);
	}
	ck_assert_uint_eq(events("late"), 1);
	ck_assert_uint_eq(events("silent"), 1);
	ck_assert_uint_eq(events("escalated"), 1);
	ingest.now_us = NOW + 302 * MINUTE;
	sim_fill(&sim, 1);
	report(&sim);
	ck_assert_uint_eq(events("returned"), 1);
	ck_assert_int_eq(store_terminal_by_id(store, terminal, &t), 0);
	ck_assert_uint_eq(t.contact, STORE_CONTACT_ON_TIME);
}
END_TEST

START_TEST(off_is_off)
{
	sim_append(&sim, "clean-stop", 0, 42, "{}", NULL);
	report(&sim);
	later(100000);
	ck_assert_uint_eq(events("late") + events("silent") + events("escalated"), 0);
}
END_TEST

START_TEST(time_without_the_office_counts_for_nobody)
{
	sim_fill(&sim, 1);
	report(&sim);
	/* The office was away for a day, and has been back for ten minutes. */
	ck_assert_int_eq(contact_sweep(store, book, NOW + 1440 * MINUTE, NOW + 1450 * MINUTE), 0);
	ck_assert_uint_eq(events("late"), 0);
	ck_assert_int_eq(contact_alive(store, NOW), 0);
	ck_assert_int_eq(contact_downtime(store, &rules, NOW + 1440 * MINUTE), 0);
	ck_assert_int_eq(contact_downtime(store, &rules, NOW + 1441 * MINUTE), 0);
	ck_assert_uint_eq(events("office-down"), 1);
}
END_TEST

START_TEST(a_fleet_that_falls_silent)
{
	struct store_terminal t;

	for (int i = 0; i < 12; i++) {
		struct sim s;
		char number[16];

		snprintf(number, sizeof(number), "F-%d", i);
		sim_init(&s, number, NULL);
		ck_assert_int_eq(store_terminal_by_id(store, register_sim(&s), &t), 0);
		contact_heard(&t, false, i < 6 ? NOW : NOW + 40 * MINUTE);
		ck_assert_int_eq(store_terminal_update(store, &t), 0);
		sim_done(&s);
	}
	later(20);
	ck_assert_uint_eq(events("fleet-silent"), 0);
	later(41);
	later(42);
	ck_assert_uint_eq(events("fleet-silent"), 1);
	ck_assert_uint_eq(events("late"), 6);
}
END_TEST

START_TEST(shares_of_deadlines)
{
	ck_assert_int_eq(incident_due(&rules, 0, 100, 49), INCIDENT_IN_TIME);
	ck_assert_int_eq(incident_due(&rules, 0, 100, 50), INCIDENT_HALF);
	ck_assert_int_eq(incident_due(&rules, 0, 100, 75), INCIDENT_PRESSING);
	ck_assert_int_eq(incident_due(&rules, 0, 100, 100), INCIDENT_OVERDUE);
	ck_assert_int_eq(incident_due(&rules, 0, 0, 100), INCIDENT_IN_TIME);
}
END_TEST

static int see_lateness(void *data, const struct store_event *event)
{
	snprintf(data, 256, "%s", event->lateness);
	return 0;
}

START_TEST(deadlines_run)
{
	struct store_event_filter open = { .by_deadline = true };
	char lateness[256];

	sim_append(&sim, "violation", 1, 42, "{}", NULL);
	report(&sim);
#define AFTER(minutes, text)                                                                       \
	ck_assert_int_eq(incident_sweep(store, book, &keys, NOW + (minutes)*MINUTE), 0);           \
	ck_assert_int_eq(store_event_each(store, &open, see_lateness, lateness), 0);               \
	ck_assert_int_eq(strncmp(lateness, text, strlen(text)), 0)
	AFTER(29, "");
	ck_assert_str_eq(lateness, "");
	AFTER(31, "50 % of the time for taking it in hand is over: tell the person directly");
	/* The office goes away for a day with half of the hour left: that much is left after it. */
	ck_assert_int_eq(incident_away(store, NOW + 31 * MINUTE, NOW + 1471 * MINUTE), 0);
	AFTER(1484, "50 %");
	AFTER(1486, "75 % of the time for taking it in hand is over: tell the person first");
	AFTER(1499, "75 %");
	AFTER(1501, "late: taking it in hand; the delay is the office's: nobody took it");
	AFTER(1502, "late");
}
END_TEST

/* Nobody's terminal promises itself out of sight. */
START_TEST(promises_have_an_end)
{
	struct store_terminal t = { .seen_us = NOW, .heartbeat_s = 4 * 900 };

	ck_assert_uint_eq(contact_judge(&rules, &t, 0, NOW + 119 * MINUTE), STORE_CONTACT_ON_TIME);
	ck_assert_uint_eq(contact_judge(&rules, &t, 0, NOW + 121 * MINUTE), STORE_CONTACT_LATE);
	t.standalone = true;
	t.contact = STORE_CONTACT_ON_TIME;
	t.return_us = NOW + MINUTE;
	ck_assert_uint_eq(contact_judge(&rules, &t, 0, NOW), STORE_CONTACT_ON_TIME);
	ck_assert_uint_eq(contact_judge(&rules, &t, 0, NOW + 2 * MINUTE), STORE_CONTACT_SILENT);
}
END_TEST

START_TEST(evidence_has_an_end)
{
	struct evidence evidence = {
		.terminal = terminal, .kind = "fork", .facts = "x", .now_us = NOW
	};
	uint64_t kept;
	uint32_t i;

	evidence.proof = &i;
	evidence.proof_length = sizeof(i);
	for (i = 0; i < 2 * EVIDENCE_KEPT_MAX; i++)
		ck_assert_int_eq(evidence_keep(store, &rules, &evidence), 0);
	ck_assert_int_eq(store_anomaly_kept(store, terminal, "fork", &kept), 0);
	ck_assert_uint_eq(kept, EVIDENCE_KEPT_MAX);
	ck_assert_uint_eq(events("fork"), EVIDENCE_KEPT_MAX);
	ck_assert_uint_eq(events("evidence-full"), 1);
	/* One that is kept still counts, and another terminal's is still kept. */
	evidence.terminal++;
	ck_assert_int_eq(evidence_keep(store, &rules, &evidence), 0);
	ck_assert_int_eq(store_anomaly_kept(store, evidence.terminal, "fork", &kept), 0);
	ck_assert_uint_eq(kept, 1);
}
END_TEST

START_TEST(promises_are_bounded)
{
	static const struct {
		uint32_t promised, taken;
	} cases[] = { { 1, 60 }, { 60, 60 }, { 900, 900 }, { 3600, 3600 }, { 1000000, 3600 } };
	struct store_terminal t;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sim.promise = cases[i].promised;
		sim_append(&sim, "boot", 0, 42, "{}", NULL);
		report(&sim);
		ck_assert_int_eq(store_terminal_by_id(store, terminal, &t), 0);
		ck_assert_uint_eq(t.heartbeat_s, cases[i].taken);
	}
}
END_TEST

START_TEST(rules_are_data)
{
	struct incident_rules r = rules;
	char reason[160];

	ck_assert_int_eq(incident_rules_read(&r,
					     "{\"V3\":{\"inner_s\":60},\"contact\":{\"late\":3},"
					     "\"kinds\":{\"rollback\":\"V4\",\"x\":\"V1\"}}",
					     reason, sizeof(reason)),
			 0);
	ck_assert_int_eq(r.deadlines[3].inner_s, 60);
	ck_assert_int_eq(r.deadlines[3].outer_s, 86400);
	ck_assert_uint_eq(r.late, 3);
	ck_assert_uint_eq(incident_grade(&r, "rollback", 0), 4);
	ck_assert_uint_eq(incident_grade(&r, "x", 0), 1);
	ck_assert_uint_eq(incident_grade(&r, "rollback", 3), 3);
	ck_assert_int_eq(incident_rules_read(&r, "{\"V5\":{}}", reason, sizeof(reason)), -EINVAL);
	ck_assert_int_eq(
		incident_rules_read(&r, "{\"contact\":{\"late\":99}}", reason, sizeof(reason)),
		-EINVAL);
	ck_assert_uint_eq(r.late, 3);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		an_entry_gets_its_receipt,
		uploads_in_pieces,
		duplicates_cost_nothing,
		sizes_do_not_fit,
		strangers,
		further_signatures,
		a_checkpoint_has_an_end,
		entries_before_any_checkpoint,
		attack_edit,
		attack_entries_other_than_signed,
		attack_insert_reorder_delete,
		attack_truncate_receipted,
		attack_clone,
		attack_backdate,
		attack_replay,
		attack_old_policy,
		attack_state_set_back,
		restored_office_heals,
		silence_is_told_in_steps,
		off_is_off,
		time_without_the_office_counts_for_nobody,
		a_fleet_that_falls_silent,
		shares_of_deadlines,
		deadlines_run,
		promises_have_an_end,
		evidence_has_an_end,
		promises_are_bounded,
		rules_are_data,
	};
	Suite *suite = suite_create("office_ingest");
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
