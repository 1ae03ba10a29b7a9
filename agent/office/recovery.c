// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/recovery.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/lib/printable.h"
#include "agent/office/extract.h"
#include "agent/office/store/store_people.h"
#include "policy/sign/signed.h"

#define DAY_US	 (INT64_C(86400) * 1000000)
#define AHEAD_US (INT64_C(300) * 1000000)
/* A ceremony is held elsewhere, and its protocol is carried here; an object is opened at once. */
#define ENTER_LIFE_US (31 * DAY_US)
#define OPEN_LIFE_US  DAY_US

static int say(char *reason, int error, const char *text)
{
	snprintf(reason, RECOVERY_REASON_SIZE, "%s", text);
	return error;
}

int recovery_digest(int fd, char text[static RECOVERY_DIGEST_TEXT], uint64_t *size)
{
	uint8_t buffer[65536], digest[32];
	crypto_generichash_state state;
	ssize_t n;

	*size = 0;
	crypto_generichash_init(&state, NULL, 0, sizeof(digest));
	while ((n = pread(fd, buffer, sizeof(buffer), (off_t)*size)) > 0) {
		crypto_generichash_update(&state, buffer, (size_t)n);
		*size += (uint64_t)n;
	}
	if (n < 0)
		return -errno;
	crypto_generichash_final(&state, digest, sizeof(digest));
	sodium_bin2hex(text, RECOVERY_DIGEST_TEXT, digest, sizeof(digest));
	return 0;
}

static void stamp(int64_t now_us, char text[static 32])
{
	time_t seconds = (time_t)(now_us / 1000000);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

int recovery_draft(const struct recovery_order *order, const char *office, int64_t now_us,
		   char **text)
{
	char made[32], *dump;
	json_t *json;
	int n;

	stamp(now_us, made);
	json = json_pack("{s:i, s:s, s:s, s:s}", "airgap-recovery", 1, "office", office, "made",
			 made, "move", order->move == RECOVERY_ENTER ? "enter" : "open");
	if (json && order->move == RECOVERY_ENTER)
		json_object_update_new(json,
				       json_pack("{s:s, s:[s,s]}", "recipient", order->recipient,
						 "copies", order->copies[0], order->copies[1]));
	else if (json)
		json_object_update_new(json,
				       json_pack("{s:s, s:I, s:s}", "object", order->object, "size",
						 (json_int_t)order->size, "reason", order->why));
	dump = json ? json_dumps(json, JSON_INDENT(4)) : NULL;
	json_decref(json);
	/* Signed texts end with a newline. */
	n = dump ? asprintf(text, "%s\n", dump) : -1;
	free(dump);
	return n < 0 ? -ENOMEM : 0;
}

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

static bool is_digest(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static int64_t time_of(const char *text)
{
	char whole[40];

	if (strlen(text) != 20 || text[19] != 'Z')
		return 0;
	snprintf(whole, sizeof(whole), "%.19s.000000Z", text);
	return extract_time_us(whole);
}

static int read_enter(const json_t *json, struct recovery_order *order, char *reason)
{
	const json_t *copies = json_object_get(json, "copies");
	const char *recipient = text_of(json, "recipient");
	struct age_recipient key;

	if (age_recipient_parse(&key, recipient, strlen(recipient)) < 0)
		return say(reason, -EBADMSG, "it names no age recipient");
	snprintf(order->recipient, sizeof(order->recipient), "%s", recipient);
	for (size_t i = 0; i < RECOVERY_COPIES; i++) {
		const char *digest = json_string_value(json_array_get(copies, i));

		if (!digest || !is_digest(digest))
			return say(reason, -EBADMSG, "it names no two copies of the identity");
		snprintf(order->copies[i], sizeof(order->copies[i]), "%s", digest);
	}
	return 0;
}

static int read_open(const json_t *json, struct recovery_order *order, char *reason)
{
	const char *object = text_of(json, "object"), *why = text_of(json, "reason");

	if (!is_digest(object))
		return say(reason, -EBADMSG, "it names no object");
	if (!*why || strlen(why) >= sizeof(order->why) || !printable_is_text(why))
		return say(reason, -EBADMSG, "it says no reason, or too long a one");
	snprintf(order->object, sizeof(order->object), "%s", object);
	snprintf(order->why, sizeof(order->why), "%s", why);
	order->size = (uint64_t)json_integer_value(json_object_get(json, "size"));
	return 0;
}

static int read_order(const json_t *json, const char *office, int64_t now_us,
		      enum recovery_move move, struct recovery_order *order, char *reason)
{
	int64_t life_us = move == RECOVERY_ENTER ? ENTER_LIFE_US : OPEN_LIFE_US;
	int64_t made_us = time_of(text_of(json, "made"));

	if (!json || json_integer_value(json_object_get(json, "airgap-recovery")) != 1)
		return say(reason, -EBADMSG, "it is no airgap-recovery of version 1");
	if (strcmp(text_of(json, "office"), office) != 0)
		return say(reason, -EACCES, "it is for another office");
	if (strcmp(text_of(json, "move"), move == RECOVERY_ENTER ? "enter" : "open") != 0)
		return say(reason, -EACCES, "it is signed for something else");
	if (made_us < now_us - life_us || made_us > now_us + AHEAD_US)
		return say(
			reason, -EACCES,
			move == RECOVERY_ENTER
				? "it was not made within the last 31 days; hold the ceremony anew"
				: "it was not made within the last day; draft it anew");
	order->move = move;
	return move == RECOVERY_ENTER ? read_enter(json, order, reason)
				      : read_open(json, order, reason);
}

struct signer {
	const uint8_t *point;
	struct store_officer officer;
	bool found;
};

static int find_signer(void *data, const struct store_officer *officer)
{
	struct signer *signer = data;

	if (memcmp(officer->key, signer->point, sizeof(officer->key)) != 0)
		return 0;
	signer->officer = *officer;
	signer->found = true;
	return 1;
}

/* Auditors see everything and do nothing; who retired, neither. */
static int check_signers(struct store *store, const struct signed_file *parts,
			 struct recovery_order *order, char *reason)
{
	if (parts->count != RECOVERY_OFFICERS)
		return say(reason, -EACCES,
			   "two officers of this office sign it, no more, no less");
	for (size_t i = 0; i < RECOVERY_OFFICERS; i++) {
		struct signer signer = { .point = parts->blocks[i].sig.key.point };
		int r = store_officer_each(store, find_signer, &signer);

		if (r < 0)
			return say(reason, r, "the store cannot be read");
		if (!signer.found || signer.officer.retired ||
		    signer.officer.role == STORE_ROLE_AUDITOR)
			return say(reason, -EACCES,
				   "one signature is of nobody who is an officer here now");
		snprintf(order->names[i], sizeof(order->names[i]), "%s", signer.officer.name);
	}
	if (strcmp(order->names[0], order->names[1]) == 0)
		return say(reason, -EACCES, "both signatures are of the same officer");
	return 0;
}

int recovery_verify(struct store *store, const char *office, int64_t now_us, const void *file,
		    size_t length, enum recovery_move move, struct recovery_order *order,
		    char reason[static RECOVERY_REASON_SIZE])
{
	char words[SIGNED_REASON_SIZE] = "";
	struct signed_file parts;
	json_t *json = NULL;
	int r = signed_split(&parts, file, length, SIGN_NAMESPACE_RECOVERY, words);

	*order = (struct recovery_order){ 0 };
	reason[0] = 0;
	if (r == 0)
		r = signed_verify(&parts, SIGN_NAMESPACE_RECOVERY, words);
	if (r < 0) {
		snprintf(reason, RECOVERY_REASON_SIZE, "%.*s", RECOVERY_REASON_SIZE - 1, words);
		return r;
	}
	memcpy(order->digest, parts.digest, sizeof(order->digest));
	r = check_signers(store, &parts, order, reason);
	if (r < 0)
		return r;
	json = json_loadb((const char *)parts.text, parts.text_length, JSON_REJECT_DUPLICATES,
			  NULL);
	r = read_order(json, office, now_us, move, order, reason);
	json_decref(json);
	return r;
}
