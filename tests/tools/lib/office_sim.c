// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/lib/office_sim.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/journal_file.h"
#include "agent/lib/tlog/tlog_subtree.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

void sim_init(struct sim *sim, const char *number, const uint8_t *seed)
{
	uint8_t public[32], random[32];

	*sim = (struct sim){ 0 };
	randombytes_buf(random, sizeof(random));
	crypto_sign_seed_keypair(public, sim->secret, seed ? seed : random);
	memcpy(sim->first, seed ? seed : random, sizeof(sim->first));
	memcpy(sim->ratchet, sim->first, sizeof(sim->ratchet));
	snprintf(sim->number, sizeof(sim->number), "%s", number);
	snprintf(sim->origin, sizeof(sim->origin), "%s/%02x%02x%02x%02x", number, public[0],
		 public[1], public[2], public[3]);
	if (tlog_key_make(&sim->key, TLOG_KEY_NOTE, sim->origin, public) < 0)
		abort();
}

void sim_done(struct sim *sim)
{
	for (uint64_t i = 0; i < sim->size; i++)
		free(sim->lines[i]);
	free(sim->lines);
	for (int i = 0; i < SIM_LEVELS; i++)
		free(sim->levels[i].hashes);
	*sim = (struct sim){ 0 };
}

static void add_hash(struct sim *sim, unsigned int level, const struct tlog_hash *hash)
{
	struct tlog_hash above;
	size_t count;

	if (sim->levels[level].count == sim->levels[level].room) {
		sim->levels[level].room = sim->levels[level].room * 2 + 64;
		sim->levels[level].hashes = must(realloc(sim->levels[level].hashes,
							 sim->levels[level].room * sizeof(*hash)));
	}
	sim->levels[level].hashes[sim->levels[level].count++] = *hash;
	count = sim->levels[level].count;
	if (count % 2 == 0 && level + 1 < SIM_LEVELS) {
		tlog_hash_node(&above, &sim->levels[level].hashes[count - 2],
			       &sim->levels[level].hashes[count - 1]);
		add_hash(sim, level + 1, &above);
	}
}

static void add_line(struct sim *sim, const char *line)
{
	struct tlog_hash leaf;

	if (sim->size == sim->room) {
		sim->room = sim->room * 2 + 64;
		sim->lines = must(realloc(sim->lines, sim->room * sizeof(*sim->lines)));
	}
	journal_evolve(sim->ratchet);
	sim->lines[sim->size++] = must(strdup(line));
	tlog_hash_leaf(&leaf, line, strlen(line));
	add_hash(sim, 0, &leaf);
}

void sim_clone(const struct sim *sim, struct sim *clone, uint64_t size)
{
	*clone = (struct sim){ .key = sim->key };
	memcpy(clone->number, sim->number, sizeof(clone->number));
	memcpy(clone->origin, sim->origin, sizeof(clone->origin));
	memcpy(clone->secret, sim->secret, sizeof(clone->secret));
	memcpy(clone->first, sim->first, sizeof(clone->first));
	memcpy(clone->ratchet, sim->first, sizeof(clone->ratchet));
	for (uint64_t i = 0; i < size; i++)
		add_line(clone, sim->lines[i]);
}

void sim_append(struct sim *sim, const char *kind, unsigned int grade, uint64_t policy,
		const char *event, const char *time)
{
	char line[4096], grade_text[16] = "null", policy_text[128] = "null", hex[65],
			 promise[16] = "null";
	uint8_t mac[JOURNAL_MAC_SIZE];
	size_t used;

	if (grade)
		snprintf(grade_text, sizeof(grade_text), "\"V%u\"", grade);
	if (policy)
		snprintf(policy_text, sizeof(policy_text),
			 "{\"serial\":%" PRIu64 ",\"digest\":\"" ZEROS "\"}", policy);
	if (sim->promise)
		snprintf(promise, sizeof(promise), "%" PRIu32, sim->promise);
	snprintf(line, sizeof(line),
		 "{\"v\":1,\"seq\":%" PRIu64 ",\"time\":\"%s\",\"boottime_us\":%" PRIu64
		 ",\"boot_id\":\"96ae4f80-662c-4617-9427-24600a84038d\",\"epoch\":0,"
		 "\"next_by_s\":%s,\"lost\":0,\"policy\":%s,\"kind\":\"%s\",\"grade\":%s,"
		 "\"event\":%s,",
		 sim->size, time ? time : "2026-12-01T08:00:00.000000Z", sim->size * 1000, promise,
		 policy_text, kind, grade_text, event);
	used = strlen(line);
	journal_mac(mac, sim->ratchet, line, used);
	snprintf(line + used, sizeof(line) - used, JOURNAL_MAC_OPEN "%s" JOURNAL_MAC_CLOSE,
		 sodium_bin2hex(hex, sizeof(hex), mac, sizeof(mac)));
	add_line(sim, line);
}

void sim_fill(struct sim *sim, uint64_t count)
{
	static const char usb[] =
		"{\"type\":\"usb\",\"occurred_us\":81,\"outcome\":{\"facts\":{\"port\":\"1-2\","
		"\"bus\":1,\"device\":5,\"id\":\"0951:1666\",\"manufacturer\":\"Kingston\","
		"\"name\":"
		"\"DataTraveler\",\"serial\":\"60A44C413FAE\",\"connect\":\"hotplug\"},\"verdict\":"
		"{"
		"\"result\":\"block\",\"cause\":\"default\",\"rule\":null,\"because\":\"not "
		"listed\"},"
		"\"state\":\"refused\",\"error\":null},\"actor\":null}";

	for (uint64_t i = 0; i < count; i++)
		sim_append(sim, i % 10 == 9 ? "violation" : "device", i % 10 == 9, 42, usb, NULL);
}

static int read_node(void *data, unsigned int level, uint64_t index, struct tlog_hash *hash)
{
	const struct sim *sim = data;

	if (level >= SIM_LEVELS || index >= sim->levels[level].count)
		return -ERANGE;
	*hash = sim->levels[level].hashes[index];
	return 0;
}

struct tlog_source sim_source(struct sim *sim)
{
	return (struct tlog_source){ read_node, sim };
}

size_t sim_checkpoint(struct sim *sim, uint64_t size, char *note)
{
	struct tlog_checkpoint checkpoint = { .size = size };
	struct tlog_source source = sim_source(sim);
	char text[TLOG_CHECKPOINT_SIZE], line[TLOG_SIGNATURE_LINE_SIZE];
	size_t length;

	snprintf(checkpoint.origin, sizeof(checkpoint.origin), "%s", sim->origin);
	if (tlog_proof_root(&source, size, &checkpoint.root) < 0)
		abort();
	length = tlog_checkpoint_format(&checkpoint, text);
	tlog_note_sign(line, &sim->key, sim->secret, 0, text, length);
	return (size_t)snprintf(note, 1024, "%s\n%s", text, line);
}

char *sim_body_checkpoint(struct sim *sim, uint64_t old, uint64_t size, size_t *length)
{
	struct tlog_source source = sim_source(sim);
	struct tlog_proof proof = { 0 };
	char proof_text[TLOG_PROOF_TEXT_SIZE] = "", note[1024], *body;
	int n;

	/* Who asks without knowing the office's size has nothing to prove. */
	if (old > 0 && old < size && tlog_proof_consistency(&source, old, size, &proof) < 0)
		abort();
	tlog_check_format(&proof, proof_text);
	sim_checkpoint(sim, size, note);
	n = asprintf(&body, "old %" PRIu64 "\n%s\n%s", old, proof.count ? proof_text : "", note);
	if (n < 0)
		abort();
	*length = (size_t)n;
	return body;
}

static void put(uint8_t **at, uint64_t value, unsigned int bytes)
{
	while (bytes-- > 0)
		*(*at)++ = (uint8_t)(value >> 8 * bytes);
}

static void put_package(struct sim *sim, uint8_t **at, uint64_t from, uint64_t to, uint64_t end)
{
	struct tlog_source source = sim_source(sim);
	struct tlog_proof proof;

	for (uint64_t i = from; i < to; i++) {
		size_t length = strlen(sim->lines[i]);

		put(at, length, 2);
		memcpy(*at, sim->lines[i], length);
		*at += length;
	}
	if (tlog_subtree_prove(&source, from / 256 * 256, to, end, &proof) < 0)
		abort();
	put(at, proof.count, 1);
	for (uint32_t i = 0; i < proof.count; i++) {
		memcpy(*at, proof.hashes[i].bytes, TLOG_HASH_SIZE);
		*at += TLOG_HASH_SIZE;
	}
}

uint8_t *sim_body_entries(struct sim *sim, uint64_t start, uint64_t end, unsigned int packages,
			  size_t *length)
{
	size_t room = 512;
	uint8_t *body, *at;

	for (uint64_t i = start; i < end && i < start + (uint64_t)packages * 256; i++)
		room += strlen(sim->lines[i]) + 2 + (i % 256 == 0 ? 4096 : 0);
	body = at = must(malloc(room + 4096));
	put(&at, strlen(sim->origin), 2);
	memcpy(at, sim->origin, strlen(sim->origin));
	at += strlen(sim->origin);
	put(&at, start, 8);
	put(&at, end, 8);
	put(&at, 0, 2);
	for (unsigned int i = 0; i < packages && start < end; i++) {
		uint64_t to = (start / 256 + 1) * 256;

		to = to < end ? to : end;
		put_package(sim, &at, start, to, end);
		start = to;
	}
	*length = (size_t)(at - body);
	return body;
}

char *sim_body_enrol(struct sim *sim, const uint8_t *pin, const char *code, const char *recipient)
{
	char note[1024], key[TLOG_KEY_TEXT_SIZE], hex[65], *escaped, *body;
	size_t used = 0;

	sim_checkpoint(sim, 0, note);
	tlog_key_format(&sim->key, key);
	escaped = must(malloc(2 * strlen(note) + 1));
	for (const char *at = note; *at; at++) {
		if (*at == '\n')
			escaped[used++] = '\\';
		escaped[used++] = *at == '\n' ? 'n' : *at;
	}
	escaped[used] = 0;
	if (asprintf(&body,
		     "{\"v\":1,\"number\":\"%s\",\"unit\":\"7.2.14\",\"level\":\"mimi\","
		     "\"custodian\":\"A. Novak\",\"room\":\"214\",\"log\":\"%s\",\"tls\":\"%s\","
		     "\"trust\":\"" ZEROS "\",\"checkpoint\":\"%s\",\"code\":\"%s\"%s%s%s}",
		     sim->number, key, sodium_bin2hex(hex, sizeof(hex), pin, 32), escaped, code,
		     recipient ? ",\"standalone\":true,\"recipient\":\"" : "",
		     recipient ? recipient : "", recipient ? "\"" : "") < 0)
		abort();
	free(escaped);
	return body;
}
