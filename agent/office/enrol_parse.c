// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/age/age_key.h"
#include "agent/lib/enrolment.h"
#include "agent/lib/printable.h"
#include "agent/office/enrol.h"
#include "agent/office/store/store_terminal.h"

#define CHECKPOINT_MAX 4096

static int wrong(char *reason, size_t size, const char *member)
{
	snprintf(reason, size, "member '%s' is missing or not as airgap-wire(7) wants it", member);
	return -EBADMSG;
}

/* A text that may be shown; "" is good only where @may_lack. */
static bool take_text(const json_t *json, const char *name, bool may_lack, char *out, size_t size)
{
	const json_t *member = json_object_get(json, name);
	const char *text = json_string_value(member);

	out[0] = 0;
	if (!text)
		return may_lack && (!member || json_is_null(member));
	if (json_string_length(member) >= size || strlen(text) != json_string_length(member) ||
	    !printable_is_text(text) || (!may_lack && !text[0]))
		return false;
	strcpy(out, text);
	return true;
}

static bool take_hex(const json_t *json, const char *name, uint8_t out[static 32])
{
	const json_t *member = json_object_get(json, name);
	const char *text = json_string_value(member);
	size_t used = 0;

	return text && json_string_length(member) == 64 &&
	       sodium_hex2bin(out, 32, text, 64, NULL, &used, NULL) == 0 && used == 32;
}

static bool take_key(const json_t *json, struct enrol *enrol)
{
	char text[TLOG_KEY_TEXT_SIZE];

	if (!take_text(json, "log", false, text, sizeof(text)) ||
	    tlog_key_parse(text, &enrol->log) < 0 || enrol->log.type != TLOG_KEY_NOTE ||
	    strlen(enrol->log.name) >= sizeof(enrol->terminal.origin))
		return false;
	strcpy(enrol->terminal.origin, enrol->log.name);
	memcpy(enrol->terminal.log_key, enrol->log.public, sizeof(enrol->terminal.log_key));
	crypto_hash_sha256(enrol->terminal.origin_hash, (const uint8_t *)enrol->terminal.origin,
			   strlen(enrol->terminal.origin));
	return true;
}

/* Signed with the key: whoever asks holds it. */
static bool check_possession(const json_t *json, const struct enrol *enrol)
{
	const json_t *member = json_object_get(json, "checkpoint");
	const char *note = json_string_value(member);
	struct tlog_checkpoint checkpoint;

	return note && json_string_length(member) <= CHECKPOINT_MAX &&
	       tlog_checkpoint_open(note, json_string_length(member), &enrol->log, &checkpoint,
				    NULL) == 0;
}

static bool take_sealed(const json_t *json, struct enrol *enrol)
{
	const json_t *member = json_object_get(json, "initial_key");
	const char *text = json_string_value(member);

	if (!member || json_is_null(member))
		return true;
	return text && sodium_base642bin(enrol->sealed, sizeof(enrol->sealed), text,
					 json_string_length(member), NULL, &enrol->sealed_length,
					 NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
}

static bool take_recipient(const json_t *json, struct enrol *enrol)
{
	struct age_recipient recipient;
	char *text = enrol->terminal.recipient;

	if (!take_text(json, "recipient", true, text, sizeof(enrol->terminal.recipient)))
		return false;
	return !text[0] || age_recipient_parse(&recipient, text, strlen(text)) == 0;
}

static void make_fingerprint(struct enrol *enrol)
{
	const struct store_terminal *t = &enrol->terminal;
	const struct enrolment facts = {
		.number = t->number,
		.unit = t->unit,
		.level = t->level,
		.custodian = t->custodian,
		.room = t->room,
		.log = &enrol->log,
		.pin = t->tls_pin,
		.trust = enrol->trust,
		.recipient = t->recipient,
		.sealed = enrol->sealed,
		.sealed_length = enrol->sealed_length,
		.standalone = t->standalone,
	};

	enrolment_fingerprint(&facts, enrol->fingerprint);
}

static int read_object(const json_t *json, struct enrol *enrol, char *reason, size_t size)
{
	struct store_terminal *t = &enrol->terminal;
	const json_t *version = json_object_get(json, "v");

	if (!json_is_integer(version) || json_integer_value(version) != 1)
		return wrong(reason, size, "v");
	if (!take_text(json, "number", false, t->number, sizeof(t->number)))
		return wrong(reason, size, "number");
	if (!take_text(json, "unit", true, t->unit, sizeof(t->unit)))
		return wrong(reason, size, "unit");
	if (!take_text(json, "level", true, t->level, sizeof(t->level)))
		return wrong(reason, size, "level");
	if (!take_text(json, "custodian", true, t->custodian, sizeof(t->custodian)))
		return wrong(reason, size, "custodian");
	if (!take_text(json, "room", true, t->room, sizeof(t->room)))
		return wrong(reason, size, "room");
	if (!take_text(json, "code", true, enrol->code, sizeof(enrol->code)))
		return wrong(reason, size, "code");
	if (!take_key(json, enrol))
		return wrong(reason, size, "log");
	if (!take_hex(json, "tls", t->tls_pin))
		return wrong(reason, size, "tls");
	if (!take_hex(json, "trust", enrol->trust))
		return wrong(reason, size, "trust");
	if (!take_recipient(json, enrol))
		return wrong(reason, size, "recipient");
	if (!take_sealed(json, enrol))
		return wrong(reason, size, "initial_key");
	if (!check_possession(json, enrol))
		return wrong(reason, size, "checkpoint");
	t->standalone = json_is_true(json_object_get(json, "standalone"));
	return 0;
}

int enrol_parse(const char *body, size_t length, struct enrol *enrol, char *reason, size_t size)
{
	json_t *json = NULL;
	int r;

	*enrol = (struct enrol){ 0 };
	/* A flat object: more nesting is refused before the library follows it. */
	if (length <= ENROL_BODY_MAX && memchr(body, '[', length) == NULL &&
	    (length < 2 || memchr(body + 1, '{', length - 1) == NULL))
		json = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(json)) {
		snprintf(reason, size, "the request is no flat JSON object");
		r = -EBADMSG;
	} else {
		r = read_object(json, enrol, reason, size);
	}
	json_decref(json);
	if (r == 0)
		make_fingerprint(enrol);
	return r;
}
