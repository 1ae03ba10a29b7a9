// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One terminal's life with an office that really runs, over TLS: registration, reports, receipts,
 * inbox, reading back, and what an attacker would try. One line a check.
 *
 * usage: office-wire PROGRAM ROOT PORT		PROGRAM: airgap-office, which serves ROOT at PORT
 */
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/lib/age/age_stream.h"
#include "agent/lib/journal_file.h"
#include "agent/office/certificate.h"
#include "tests/tools/lib/office_client.h"
#include "tests/tools/lib/office_sim.h"

static const char *program, *root;
static uint16_t port;
static unsigned int bad;

static bool check(bool good, const char *name)
{
	printf("%s office wire: %s\n", good ? "ok" : "not ok", name);
	fflush(stdout);
	bad += !good;
	return good;
}

/* The last line of what the program prints. */
static int office(char out[static 256], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int office(char out[static 256], const char *format, ...)
{
	char command[2048], line[256];
	va_list args;
	size_t used = (size_t)snprintf(command, sizeof(command), "%s --root %s ", program, root);
	FILE *pipe;

	va_start(args, format);
	vsnprintf(command + used, sizeof(command) - used, format, args);
	va_end(args);
	strncat(command, " 2>&1", sizeof(command) - strlen(command) - 1);
	out[0] = 0;
	pipe = popen(command, "r");
	while (pipe && fgets(line, sizeof(line), pipe))
		snprintf(out, 256, "%s", line);
	out[strcspn(out, "\n")] = 0;
	return pipe ? pclose(pipe) : -1;
}

struct me {
	struct sim sim;
	char *pem;
	uint8_t pin[32];
	struct client *client;
	struct tlog_key office;
};

static int ask(struct me *me, const char *method, const char *path, const void *body, size_t length,
	       char **out, size_t *size)
{
	int status = client_ask(me->client, method, path, body, length, out, size);

	/* A connection may have ended; the next one is as good. */
	if (status < 0) {
		client_free(me->client);
		me->client = client_new(port, me->pem);
		status = me->client ? client_ask(me->client, method, path, body, length, out, size)
				    : -1;
	}
	return status;
}

static int send_checkpoint(struct me *me, struct sim *sim, uint64_t old, uint64_t size, char **out)
{
	size_t length;
	char *body = sim_body_checkpoint(sim, old, size, &length);
	int status = ask(me, "POST", "/v1/add-checkpoint", body, length, out, NULL);

	free(body);
	return status;
}

static int send_entries(struct me *me, struct sim *sim, uint64_t start, uint64_t end,
			unsigned int packages, char **out)
{
	size_t length;
	uint8_t *body = sim_body_entries(sim, start, end, packages, &length);
	int status = ask(me, "POST", "/v1/add-entries", body, length, out, NULL);

	free(body);
	return status;
}

/* --- registration --- */

static void check_identity(const char *identity)
{
	struct tlog_note note;

	if (!check(identity && tlog_note_parse(identity, strlen(identity), &note) == 0 &&
			   strstr(identity, "tls sha256//"),
		   "the identity note is a signed note"))
		exit(1);
}

static bool enrol_once(struct me *me, const char *code, char id[static 33],
		       char fingerprint[static 64], int *status)
{
	char *body = sim_body_enrol(&me->sim, me->pin, code, NULL), *out = NULL;
	json_t *json;

	*status = ask(me, "POST", "/v1/enrol", body, strlen(body), &out, NULL);
	json = out ? json_loads(out, 0, NULL) : NULL;
	if (*status == 202 && json) {
		snprintf(id, 33, "%s", json_string_value(json_object_get(json, "id")));
		snprintf(fingerprint, 64, "%s",
			 json_string_value(json_object_get(json, "fingerprint")));
	}
	json_decref(json);
	free(out);
	free(body);
	return *status == 202;
}

static void wrong_codes(struct me *me)
{
	char id[33], fingerprint[64];
	int status;

	enrol_once(me, "AAAA-BBBB-CCCC", id, fingerprint, &status);
	check(status == 403, "a code that the office did not give is refused");
	check(ask(me, "POST", "/v1/enrol", "{}", 2, NULL, NULL) == 400,
	      "a request without members is refused");
}

static void enrol(struct me *me, const char *reason)
{
	char code[256], out[256], id[33] = "", fingerprint[64] = "", path[64], *answer = NULL;
	json_t *json;
	int status;

	check(office(code, "register code %s", me->sim.number) == 0 && strlen(code) == 14,
	      "an officer gets a one-time code");
	check(enrol_once(me, code, id, fingerprint, &status), "a request with the code is taken");
	snprintf(path, sizeof(path), "/v1/enrol/%s", id);
	check(ask(me, "GET", path, NULL, 0, NULL, NULL) == 202, "it waits for an officer");
	check(office(code, "register code %s", me->sim.number) == 0 &&
		      enrol_once(me, code, id, fingerprint, &status),
	      "whoever did not hear the answer asks again");
	check(ask(me, "GET", path, NULL, 0, NULL, NULL) == 404, "and the former request is gone");
	snprintf(path, sizeof(path), "/v1/enrol/%s", id);
	check(send_checkpoint(me, &me->sim, 0, 0, NULL) == 403,
	      "nothing is taken from it meanwhile");
	check(office(out, "register approve %s '0000 1111'", id) != 0,
	      "another fingerprint is not approved");
	if (reason)
		check(office(out, "register approve %s '%s'", id, fingerprint) != 0,
		      "a second installation needs a reason");
	check(office(out, "register approve %s '%s' '%s'", id, fingerprint,
		     reason ? reason : "first") == 0,
	      "the compared fingerprint is approved");
	check(office(out, "register approve %s '%s'", id, fingerprint) != 0, "once");
	check(ask(me, "GET", path, NULL, 0, &answer, NULL) == 201, "the terminal learns of it");
	json = answer ? json_loads(answer, 0, NULL) : NULL;
	if (!check(json && tlog_key_parse(json_string_value(json_object_get(json, "office")),
					  &me->office) == 0,
		   "and of the office's key"))
		exit(1);
	check_identity(json_string_value(json_object_get(json, "identity")));
	json_decref(json);
	free(answer);
}

static void start(struct me *me, const char *number)
{
	sim_init(&me->sim, number, NULL);
	if (certificate_make("terminal", &me->pem) < 0 || certificate_pin(me->pem, me->pin) < 0)
		exit(1);
	me->client = client_new(port, me->pem);
	if (!me->client)
		exit(1);
}

static void finish(struct me *me)
{
	client_free(me->client);
	sim_done(&me->sim);
	free(me->pem);
}

/* --- reports --- */

static bool receipt_holds(struct me *me, struct sim *sim, uint64_t size, const char *line)
{
	char note[2048];
	size_t length = sim_checkpoint(sim, size, note);
	struct tlog_note parsed;
	uint64_t when = 0;

	if (!line || strlen(line) + length >= sizeof(note))
		return false;
	strcpy(note + length, line);
	return tlog_note_parse(note, strlen(note), &parsed) == 0 &&
	       tlog_note_verify(&parsed, &me->office, &when) == 0 &&
	       when + 300 > (uint64_t)time(NULL) && when < (uint64_t)time(NULL) + 300;
}

static void report(struct me *me)
{
	char *line = NULL, *other;

	sim_fill(&me->sim, 700);
	check(send_checkpoint(me, &me->sim, 0, 700, NULL) == 200, "a checkpoint is taken");
	check(send_entries(me, &me->sim, 0, 700, 2, &line) == 202 &&
		      strcmp(line, "700\n512\n\n") == 0,
	      "part of the entries is taken, and the next one named");
	free(line);
	check(send_entries(me, &me->sim, 512, 700, 2, &line) == 200, "and the rest");
	check(receipt_holds(me, &me->sim, 700, line), "the receipt is the office's, with its time");
	/* Forge one: the same line for another size. */
	check(!receipt_holds(me, &me->sim, 699, line),
	      "attack: a receipt moved to another size fails");
	other = line ? strdup(line) : NULL;
	if (other)
		other[strlen(other) - 12] ^= 1;
	check(!receipt_holds(me, &me->sim, 700, other), "attack: an altered receipt fails");
	free(other);
	free(line);
	check(send_checkpoint(me, &me->sim, 700, 700, NULL) == 200, "the same again is good");
}

static void read_back(struct me *me)
{
	uint8_t hash[32];
	char hex[65], path[256], *body = NULL;
	size_t size = 0;

	crypto_hash_sha256(hash, (const uint8_t *)me->sim.origin, strlen(me->sim.origin));
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	snprintf(path, sizeof(path), "/v1/%s/checkpoint", hex);
	check(ask(me, "GET", path, NULL, 0, &body, NULL) == 200 && strstr(body, me->sim.origin),
	      "its checkpoint can be read");
	free(body);
	snprintf(path, sizeof(path), "/v1/%s/tile/0/000", hex);
	check(ask(me, "GET", path, NULL, 0, &body, &size) == 200 && size == 8192 &&
		      memcmp(body, me->sim.levels[0].hashes, 8192) == 0,
	      "its tiles are the hashes of its entries");
	free(body);
	snprintf(path, sizeof(path), "/v1/%s/tile/entries/002.p/188", hex);
	check(ask(me, "GET", path, NULL, 0, &body, &size) == 200 &&
		      memmem(body, size, me->sim.lines[699], strlen(me->sim.lines[699])),
	      "its entries are there, also of a bundle that is not full");
	free(body);
	snprintf(path, sizeof(path), "/v1/%s/tile/entries/002.p/189", hex);
	check(ask(me, "GET", path, NULL, 0, NULL, NULL) == 404, "and no more than there are");
	hex[0] = hex[0] == '0' ? '1' : '0';
	snprintf(path, sizeof(path), "/v1/%s/checkpoint", hex);
	check(ask(me, "GET", path, NULL, 0, NULL, NULL) == 404, "an unknown log is not there");
	check(ask(me, "GET", "/v1/inbox", NULL, 0, &body, NULL) == 200 &&
		      strcmp(body, "{\"v\":1,\"documents\":[]}") == 0,
	      "the inbox is empty");
	free(body);
}

static void strangers(struct me *me)
{
	struct me other = { 0 };
	uint8_t hash[32];
	char hex[65], path[256];
	struct client *plain = client_new(port, NULL);

	check(plain && client_ask(plain, "GET", "/v1/inbox", NULL, 0, NULL, NULL) == 403,
	      "without a certificate there is no inbox");
	check(plain && client_ask(plain, "GET", "/v1/identity", NULL, 0, NULL, NULL) == 200,
	      "but the identity note");
	check(plain && client_ask(plain, "DELETE", "/v1/inbox", NULL, 0, NULL, NULL) == 405,
	      "other methods are refused");
	client_free(plain);
	start(&other, "T-9");
	sim_fill(&other.sim, 3);
	check(send_checkpoint(&other, &me->sim, 700, 700, NULL) == 403,
	      "attack: another certificate cannot speak for a terminal");
	crypto_hash_sha256(hash, (const uint8_t *)me->sim.origin, strlen(me->sim.origin));
	snprintf(path, sizeof(path), "/v1/%s/checkpoint",
		 sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash)));
	check(ask(&other, "GET", path, NULL, 0, NULL, NULL) == 403, "nor read its log");
	check(send_checkpoint(me, &other.sim, 0, 3, NULL) == 404,
	      "attack: a log that is not registered is not taken");
	finish(&other);
}

static void attacks(struct me *me)
{
	struct sim rolled, clone;
	char *body = NULL, out[256];

	sim_clone(&me->sim, &rolled, 600);
	check(send_checkpoint(me, &rolled, 600, 600, &body) == 409 && strcmp(body, "700\n") == 0,
	      "attack: a disk set back is answered with the office's size");
	free(body);
	sim_clone(&me->sim, &clone, 700);
	sim_append(&clone, "heartbeat", 0, 42, "{\"clone\":1}", NULL);
	sim_append(&me->sim, "heartbeat", 0, 42, "{\"clone\":0}", NULL);
	check(send_checkpoint(me, &me->sim, 700, 701, NULL) == 200 &&
		      send_entries(me, &me->sim, 700, 701, 1, NULL) == 200,
	      "the terminal goes on");
	check(send_checkpoint(me, &clone, 700, 701, NULL) == 409,
	      "attack: a clone's first word is refused");
	sim_fill(&rolled, 200);
	check(send_checkpoint(me, &rolled, 701, 800, NULL) == 422,
	      "attack: truncated and continued, the proof fails");
	check(office(out, "verify %s", me->sim.number) == 0 && strstr(out, "701 entries, sound"),
	      "what the office holds is what was signed");
	sim_done(&rolled);
	sim_done(&clone);
}

static void generations(struct me *me)
{
	struct me second = { 0 };

	start(&second, me->sim.number);
	enrol(&second, "disk replaced");
	sim_fill(&second.sim, 1);
	check(send_checkpoint(&second, &second.sim, 0, 1, NULL) == 200,
	      "the new installation's log is taken");
	sim_fill(&me->sim, 1);
	check(send_checkpoint(me, &me->sim, 701, 702, NULL) == 403, "the former one's has ended");
	finish(&second);
}

/* --- without a network --- */

static void section(FILE *file, const char *name, const void *data, size_t length)
{
	fprintf(file, "%s %zu\n", name, length);
	fwrite(data, 1, length, file);
}

static bool write_file(const char *path, const void *data, size_t length)
{
	FILE *file = fopen(path, "w");
	bool good = file && fwrite(data, 1, length, file) == length;

	return file && fclose(file) == 0 && good;
}

/* The recipient stands in the identity note. */
static bool office_recipient(struct age_recipient *recipient)
{
	struct client *plain = client_new(port, NULL);
	char *note = NULL, *at;
	bool good;

	client_ask(plain, "GET", "/v1/identity", NULL, 0, &note, NULL);
	at = note ? strstr(note, "recipient ") : NULL;
	good = at && age_recipient_parse(recipient, at + 10, strcspn(at + 10, "\n")) == 0;
	free(note);
	client_free(plain);
	return good;
}

static bool make_bundle(struct sim *sim, uint64_t from, const char *path)
{
	struct age_recipient recipient;
	size_t size = 0, length, sealed_length = 0;
	char *plain = NULL, *body;
	uint8_t *entries, *sealed = NULL;
	FILE *file = open_memstream(&plain, &size);
	bool good = file && office_recipient(&recipient);

	if (!good)
		return false;
	section(file, "airgap-bundle 1", "", 0);
	body = sim_body_checkpoint(sim, from, sim->size, &length);
	section(file, "checkpoint", body, length);
	free(body);
	entries = sim_body_entries(sim, from, sim->size, 32, &length);
	section(file, "entries", entries, length);
	free(entries);
	fclose(file);
	good = age_encrypt_buffer(plain, size, &recipient, 1, &sealed, &sealed_length) == 0 &&
	       write_file(path, sealed, sealed_length);
	free(plain);
	free(sealed);
	return good;
}

static bool answer_opens(const char *path, struct age_keyring *ring)
{
	static uint8_t data[65536];
	FILE *file = fopen(path, "r");
	size_t size = file ? fread(data, 1, sizeof(data), file) : 0, length = 0;
	uint8_t *plain = NULL;
	bool good = file && age_decrypt_buffer(data, size, ring, &plain, &length) == 0 &&
		    memmem(plain, length, "airgap-answer 1 0\n", 18) == plain &&
		    memmem(plain, length, "office.test ", 12);

	if (file)
		fclose(file);
	free(plain);
	return good;
}

/* The request once more, with K_0 sealed to the office. */
static char *with_first_key(char *body, const uint8_t key[static 32])
{
	char text[JOURNAL_INITIAL_KEY_SIZE], base64[1024], *out = NULL;
	struct age_recipient recipient;
	uint8_t *sealed = NULL;
	size_t length = 0;

	if (!office_recipient(&recipient) ||
	    age_encrypt_buffer(text, journal_initial_key_format(text, 0, key), &recipient, 1,
			       &sealed, &length) < 0)
		exit(1);
	sodium_bin2base64(base64, sizeof(base64), sealed, length, sodium_base64_VARIANT_ORIGINAL);
	body[strlen(body) - 1] = 0;
	if (asprintf(&out, "%s,\"initial_key\":\"%s\"}", body, base64) < 0)
		exit(1);
	free(sealed);
	free(body);
	return out;
}

static void offline(void)
{
	char request[512], bundle[512], answer[512], out[256], recipient[AGE_RECIPIENT_TEXT];
	struct age_keyring *ring = age_keyring_new();
	struct me me = { 0 };
	char *body, id[33] = "", fingerprint[64] = "";

	if (!ring || age_keyring_generate(ring) < 0)
		exit(1);
	age_recipient_format(&ring->identities[0].recipient, recipient);
	snprintf(request, sizeof(request), "%s/request", root);
	snprintf(bundle, sizeof(bundle), "%s/bundle", root);
	snprintf(answer, sizeof(answer), "%s/var/lib/airgap-office/answer", root);
	start(&me, "T-2");
	body = with_first_key(sim_body_enrol(&me.sim, me.pin, "", recipient), me.sim.first);
	check(write_file(request, body, strlen(body)) &&
		      office(out, "register import %s", request) == 0,
	      "a request is taken from a medium");
	free(body);
	snprintf(fingerprint, sizeof(fingerprint), "%.50s", out + strspn(out, " "));
	check(office(out, "register list | grep -o '^[0-9a-f]*  T-2'") == 0, "and waits");
	snprintf(id, sizeof(id), "%.32s", out);
	check(office(out, "register approve %s '%s'", id, fingerprint) == 0, "for approval");
	sim_fill(&me.sim, 300);
	check(make_bundle(&me.sim, 0, bundle) && office(out, "import %s %s", bundle, answer) == 0,
	      "a bundle is taken");
	check(answer_opens(answer, ring), "the answer is for the terminal, with its receipt");
	check(office(out, "import %s", bundle) == 0 && strstr(out, "0 new entries"),
	      "attack: a bundle replayed changes nothing");
	/* The last one is signed with a key that is not the log's turn. */
	sim_fill(&me.sim, 49);
	check(make_bundle(&me.sim, 0, bundle) && office(out, "import %s", bundle) == 0 &&
		      office(out, "verify T-2") == 0 &&
		      strstr(out, "349 entries, sound, their macs too"),
	      "the key sealed at registration confirms every entry");
	me.sim.ratchet[0] ^= 1;
	sim_fill(&me.sim, 1);
	check(make_bundle(&me.sim, 0, bundle) && office(out, "import %s", bundle) == 0 &&
		      strstr(out, "1 new entries"),
	      "a bundle made without knowing of the receipt adds what is new");
	check(office(out, "verify T-2") != 0 &&
		      strstr(out, "after 350 sound entries: an entry was altered"),
	      "attack: an entry made without the ratchet's key is found");
	check(office(out, "import %s", request) != 0, "what is no bundle is refused");
	age_keyring_free(ring);
	finish(&me);
}

int main(int argc, char *argv[])
{
	struct me me = { 0 };

	if (argc != 4 || sodium_init() < 0) {
		fprintf(stderr, "usage: office-wire PROGRAM ROOT PORT\n");
		return 2;
	}
	program = argv[1];
	root = argv[2];
	port = (uint16_t)strtoul(argv[3], NULL, 10);
	start(&me, "T-1");
	wrong_codes(&me);
	enrol(&me, NULL);
	report(&me);
	read_back(&me);
	strangers(&me);
	attacks(&me);
	generations(&me);
	offline();
	finish(&me);
	return bad > 0;
}
