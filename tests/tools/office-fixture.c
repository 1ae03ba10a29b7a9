// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fills an office that is not running, through the very parts that take reports, so that its pages
 * have something to show.
 *
 * usage: office-fixture ROOT story [LIST TABLE]	seven terminals, with a bit of everything; the
 *							list of signers and the table of terminals
 *	  office-fixture ROOT many TERMINALS EVENTS	events of USB devices, in equal shares
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/lib/file.h"
#include "agent/office/evidence.h"
#include "agent/office/ingest.h"
#include "agent/office/office.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_document.h"
#include "tests/tools/lib/office_sim.h"

#define MINUTE INT64_C(60000000)

static struct store *store;
static struct keys keys;
static struct incident_book *book;
static char stamp[64]; /* of entries being made */

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "office-fixture: %s: %s\n", what, store ? store_reason(store) : "");
	exit(1);
}

static int64_t add_terminal(const struct sim *sim, const char *unit, const char *custodian,
			    const char *room, const char *level)
{
	struct store_terminal t = { .generation = 1, .state = STORE_TERMINAL_ACTIVE };

	snprintf(t.number, sizeof(t.number), "%s", sim->number);
	snprintf(t.origin, sizeof(t.origin), "%s", sim->origin);
	snprintf(t.unit, sizeof(t.unit), "%s", unit);
	snprintf(t.custodian, sizeof(t.custodian), "%s", custodian);
	snprintf(t.room, sizeof(t.room), "%s", room);
	snprintf(t.level, sizeof(t.level), "%s", level);
	memcpy(t.log_key, sim->key.public, 32);
	crypto_hash_sha256(t.origin_hash, (const uint8_t *)t.origin, strlen(t.origin));
	randombytes_buf(t.tls_pin, 32);
	t.registered_us = office_now_us() - 30 * 24 * 60 * MINUTE;
	must(store_terminal_add(store, &t, NULL, 0) == 0, "a terminal");
	return t.id;
}

static void at(int64_t time_us)
{
	time_t seconds = (time_t)(time_us / 1000000);
	struct tm utc;

	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S.000000Z", gmtime_r(&seconds, &utc));
}

/* All that the log has, as it would come over the wire at @now_us. */
static void report(struct sim *sim, int64_t terminal, int64_t now_us)
{
	struct ingest ingest = { .store = store,
				 .keys = &keys,
				 .book = book,
				 .online = true,
				 .peer = terminal,
				 .now_us = now_us };
	struct ingest_answer answer = { 0 };
	struct store_head head;
	size_t length;
	void *body;

	must(store_head_get(store, terminal, &head) == 0, "a head");
	body = sim_body_checkpoint(sim, head.pending_size, sim->size, &length);
	must(ingest_checkpoint(&ingest, body, length, &answer) == 0 && answer.status == 200,
	     "a checkpoint");
	free(body);
	do {
		must(store_head_get(store, terminal, &head) == 0, "a head");
		body = sim_body_entries(sim, head.next, sim->size, 32, &length);
		must(ingest_entries(&ingest, body, length, &answer) == 0 &&
			     (answer.status == 200 || answer.status == 202),
		     "entries");
		free(body);
	} while (answer.status == 202);
}

static void usb(struct sim *sim, const char *name, const char *serial, const char *port)
{
	char event[1024];

	snprintf(
		event, sizeof(event),
		"{\"type\":\"usb\",\"occurred_us\":81,\"outcome\":{\"facts\":{\"port\":\"%s\","
		"\"bus\":1,\"device\":5,\"id\":\"1234:5678\",\"manufacturer\":\"\",\"name\":\"%s\","
		"\"serial\":\"%s\",\"connect\":\"hotplug\"},\"verdict\":{\"result\":\"block\","
		"\"cause\":\"default\",\"rule\":null,\"because\":\"not registered\"},"
		"\"state\":\"blocked\",\"error\":null},\"actor\":null}",
		port, name, serial);
	sim_append(sim, "violation", 1, 42, event, stamp);
}

static void egress(struct sim *sim, unsigned int grade, const char *to)
{
	char event[1024];

	snprintf(event, sizeof(event),
		 "{\"type\":\"network\",\"occurred_us\":90,\"violation\":\"egress_blocked\","
		 "\"evidence\":\"strong\",\"remedy\":\"dropped\",\"error\":null,\"count\":4,"
		 "\"link\":{\"name\":\"eno1\"},\"address\":null,\"route\":null,\"flow\":{"
		 "\"protocol\":"
		 "\"tcp\",\"to\":\"%s\",\"port\":443},\"actor\":{\"login\":\"zhang\",\"program\":"
		 "\"curl\"},\"verdict\":{\"rule\":null,\"because\":\"not listed\"},\"text\":\"\"}",
		 to);
	sim_append(sim, "violation", grade, 42, event, stamp);
}

static void note(struct sim *sim, const char *kind, unsigned int grade, const char *name,
		 const char *text)
{
	char event[1024];

	snprintf(
		event, sizeof(event),
		"{\"type\":\"note\",\"occurred_us\":5,\"name\":\"%s\",\"subject\":\"\",\"count\":0,"
		"\"text\":\"%s\"}",
		name, text);
	sim_append(sim, kind, grade, 42, event, stamp);
}

/* One side of a transfer; @batch, @slip, @medium: a digit, of which the whole is made. */
struct side {
	const char *action, *direction, *unit, *login, *peer;
	char batch, slip;
	unsigned int position, files;
	const char *names;
};

static void repeat(char *out, char digit, size_t count)
{
	memset(out, digit, count);
	out[count] = 0;
}

static void transfer(struct sim *sim, const struct side *side)
{
	char event[2048], batch[33], slip[65], manifest[65];

	repeat(batch, side->batch, 32);
	repeat(slip, side->slip ? side->slip : '0', 64);
	repeat(manifest, 'e', 64);
	snprintf(event, sizeof(event),
		 "{\"type\":\"transfer\",\"occurred_us\":9,\"action\":\"%s\",\"batch\":\"%s\","
		 "\"manifest\":\"%s\",\"slip\":\"%s\",\"direction\":\"%s\",\"level\":\"mimi\","
		 "\"unit\":\"%s\",\"peer\":\"%s\",\"peer_position\":%u,\"files\":%u,\"types\":"
		 "\"pdf, odt\",\"names\":\"%s\",\"medium_kind\":\"registered\",\"medium\":"
		 "\"9f3c5e00112233445566778899aabbcc\",\"sequence\":3,\"size\":%u,\"uid\":1000,"
		 "\"login\":\"%s\",\"rule\":\"out-docs\",\"error\":null,\"text\":\"\"}",
		 side->action, batch, manifest, slip, side->direction, side->unit, side->peer,
		 side->position, side->files, side->names, side->files * 482110u, side->login);
	sim_append(sim, "transfer", 0, 42, event, stamp);
}

static void medium(struct sim *sim, const char *action, unsigned int sequence, char counter)
{
	char event[1024], digest[65];

	repeat(digest, counter, 64);
	snprintf(event, sizeof(event),
		 "{\"type\":\"media\",\"occurred_us\":9,\"action\":\"%s\",\"error\":null,"
		 "\"medium\":{\"id\":\"9f3c5e00112233445566778899aabbcc\",\"kind\":\"registered\","
		 "\"sequence\":%u,\"level\":\"mimi\",\"unit\":\"7.2.14\",\"custodian\":"
		 "\"A. Novak\",\"text\":\"\"},\"counter\":\"%s\"}",
		 action, sequence, digest);
	sim_append(sim, "media", 0, 42, event, stamp);
}

/* From terminal 0 to 3: one that is well, one that waits, one that was never exported; and a clone. */
static void transfers(struct sim *sims, int64_t now_us)
{
	static const char names[] = "minutes/july.odt\\n\345\205\263\344\272\216.pdf";
	struct side out = { .action = "requested",
			    .direction = "out",
			    .unit = "7.2.15",
			    .login = "novak",
			    .peer = "",
			    .batch = 'a',
			    .files = 2,
			    .names = names };
	struct side in = { .action = "imported",
			   .direction = "in",
			   .unit = "7.2.14",
			   .login = "zajc",
			   .peer = "T-00417",
			   .batch = 'a',
			   .slip = '5',
			   .position = 3,
			   .files = 2,
			   .names = names };
	struct side request = { .action = "requested",
				.direction = "out",
				.unit = "7.2.15",
				.login = "zhang",
				.peer = "",
				.batch = 'b',
				.files = 1,
				.names = "<b>plan</b>.pdf" };
	struct side ghost = in;

	at(now_us - 300 * MINUTE);
	transfer(&sims[0], &out);
	out.action = "permitted";
	medium(&sims[0], "admitted", 3, '1');
	transfer(&sims[0], &out);
	out.action = "exported";
	out.slip = '5';
	transfer(&sims[0], &out);
	at(now_us - 280 * MINUTE);
	transfer(&sims[3], &in);
	ghost.batch = 'c';
	transfer(&sims[3], &ghost);
	medium(&sims[3], "admitted", 3, '2');
	at(now_us - 30 * MINUTE);
	transfer(&sims[1], &request);
}

static void contact(int64_t terminal, uint32_t state, int64_t seen_us)
{
	struct store_terminal t;

	must(store_terminal_by_id(store, terminal, &t) == 0, "a terminal");
	t.contact = state;
	t.contact_us = t.seen_us = seen_us;
	must(store_terminal_update(store, &t) == 0, "a state");
}

static void publish(uint64_t number, const int64_t *terminals, unsigned int count, int64_t now_us)
{
	struct store_document d = { .kind = STORE_DOCUMENT_POLICY,
				    .number = number,
				    .data = "airgap-policy 1\n",
				    .length = 16,
				    .added_us = now_us };

	randombytes_buf(d.digest, sizeof(d.digest));
	must(store_document_add(store, &d) == 0, "a document");
	for (unsigned int i = 0; i < count; i++)
		must(store_delivery_want(store, terminals[i], &d, now_us) == 0, "a delivery");
}

static void publish_file(const char *path, uint32_t kind, const char *name, int64_t now_us)
{
	struct store_document d = { .kind = kind, .number = 3, .added_us = now_us };
	uint8_t *text = NULL;

	must(file_read(path, 1 << 20, &text, &d.length) == 0, path);
	snprintf(d.name, sizeof(d.name), "%s", name);
	d.data = text;
	randombytes_buf(d.digest, sizeof(d.digest));
	must(store_document_add(store, &d) == 0, path);
	free(text);
}

static void found(int64_t terminal, const char *kind, const char *facts, int64_t now_us)
{
	struct evidence e = {
		.terminal = terminal, .kind = kind, .facts = facts, .now_us = now_us
	};

	must(evidence_event(store, incident_book_own(book), &e, NULL) == 0, "an event");
}

#define STORY 7

static void story(int64_t now_us)
{
	static const char *const people[STORY][4] = {
		{ "T-00417", "7.2.14", "A. Novak", "214" },
		{ "T-00418", "7.2.14", "张伟", "216" },
		{ "T-00419", "7.2.14", "王芳", "218" },
		{ "T-00501", "7.2.15", "B. Zajc", "305" },
		{ "T-00502", "7.2.15", "李娜", "306" },
		{ "T-00503", "7.2.15", "M. Horvat", "307" },
		{ "T-00601", "7.2.16", "L. Kranjc", "B12" },
	};
	struct sim sims[STORY];
	int64_t ids[STORY];

	for (unsigned int i = 0; i < STORY; i++) {
		sim_init(&sims[i], people[i][0], NULL);
		at(now_us - 11 * 60 * MINUTE);
		ids[i] = add_terminal(&sims[i], people[i][1], people[i][2], people[i][3],
				      i == 6 ? "jimi" : "mimi");
		note(&sims[i], "boot", 0, "boot", "");
		note(&sims[i], "heartbeat", 0, "heartbeat", "");
	}
	publish(42, ids, STORY, now_us - 3 * 24 * 60 * MINUTE);
	transfers(sims, now_us);
	at(now_us - (21) * MINUTE);
	usb(&sims[0], "<script>alert(1)</script>", "X9", "1-2");
	report(&sims[0], ids[0], now_us - 20 * MINUTE);
	at(now_us - (48) * MINUTE);
	usb(&sims[1], "Galaxy S21", "R5CR30", "1-1.4");
	report(&sims[1], ids[1], now_us - 47 * MINUTE);
	at(now_us - (92) * MINUTE);
	egress(&sims[2], 2, "203.0.113.7");
	report(&sims[2], ids[2], now_us - 90 * MINUTE);
	at(now_us - (7 * 60 + 1) * MINUTE);
	egress(&sims[3], 3, "198.51.100.20");
	report(&sims[3], ids[3], now_us - 7 * 60 * MINUTE);
	at(now_us - (5) * MINUTE);
	note(&sims[4], "alarm", 2, "peer-dropped",
	     "airgap-monitord sent a message of another length");
	report(&sims[4], ids[4], now_us - 5 * MINUTE);
	found(ids[4], "rollback", "the disk was set back from 120 to 96 entries",
	      now_us - 4 * MINUTE);
	report(&sims[5], ids[5], now_us - 200 * MINUTE);
	contact(ids[5], STORE_CONTACT_SILENT, now_us - 200 * MINUTE);
	found(ids[5], "silent", "nothing has been heard for 200 minutes", now_us - 125 * MINUTE);
	at(now_us - (600) * MINUTE);
	note(&sims[6], "clean-stop", 0, "clean-stop", "");
	report(&sims[6], ids[6], now_us - 600 * MINUTE);
	publish(43, ids, 3, now_us - 60 * MINUTE);
	for (unsigned int i = 0; i < STORY; i++)
		sim_done(&sims[i]);
}

static void many(unsigned int terminals, unsigned long events, int64_t now_us)
{
	for (unsigned int i = 0; i < terminals; i++) {
		char name[32], unit[32];
		struct sim sim;
		int64_t id;

		snprintf(name, sizeof(name), "M-%05u", i);
		snprintf(unit, sizeof(unit), "7.2.%u", i % 40);
		sim_init(&sim, name, NULL);
		at(now_us - (int64_t)(i + 1) * MINUTE / 60);
		id = add_terminal(&sim, unit, "A. Novak", "214", "mimi");
		for (unsigned long n = 0; n < events / terminals; n++)
			usb(&sim, "DataTraveler", "60A44C413FAE", "1-2");
		report(&sim, id, now_us - (int64_t)i * MINUTE / 60);
		sim_done(&sim);
	}
}

int main(int argc, char *argv[])
{
	struct office_call call = { .root = argc > 1 ? argv[1] : "" };
	char path[PATH_MAX], *name = NULL;
	int64_t now_us = office_now_us();

	if (argc < 3 || sodium_init() < 0)
		return 2;
	must(office_path(path, call.root, "store") == 0, "the path");
	must(store_open(path, STORE_WRITE, &store) == 0, "the store");
	must(store_setting_get(store, "name", &name) == 0, "its name");
	must(keys_load(&keys, call.root, name) == 0, "its keys");
	must(incident_book_new(&book, store) == 0, "its rules");
	must(store_begin(store) == 0, "a transaction");
	if (strcmp(argv[2], "story") == 0)
		story(now_us);
	else if (argc == 5 && strcmp(argv[2], "many") == 0)
		many((unsigned int)strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10), now_us);
	if (argc == 5 && strcmp(argv[2], "story") == 0) {
		publish_file(argv[3], STORE_DOCUMENT_LIST, "", now_us);
		publish_file(argv[4], STORE_DOCUMENT_TABLE, "terminals", now_us);
	}
	must(store_commit(store) == 0, "the commit");
	store_close(store);
	keys_done(&keys);
	incident_book_free(book);
	free(name);
	return 0;
}
