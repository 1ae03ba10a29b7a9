// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/enrol.h"
#include "agent/office/store/store_terminal.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* What the person typed: case and separators do not count. */
static void hash_code(uint8_t hash[static 32], const char *code)
{
	char clean[65];
	size_t used = 0;

	for (; *code && used < sizeof(clean) - 1; code++)
		if (isalnum((unsigned char)*code))
			clean[used++] = (char)toupper((unsigned char)*code);
	crypto_hash_sha256(hash, (const uint8_t *)clean, used);
}

int enrol_code(struct store *store, const char *number, int64_t expires_us,
	       char code[static ENROL_CODE_SIZE])
{
	/* No letters or digits that look like others; 60 bits, of one use and short life. */
	static const char alphabet[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
	uint8_t hash[32];
	size_t used = 0;

	for (size_t i = 0; i < 12; i++) {
		if (i > 0 && i % 4 == 0)
			code[used++] = '-';
		code[used++] = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
	}
	code[used] = 0;
	hash_code(hash, code);
	return store_code_add(store, hash, number, expires_us);
}

static int use_code(struct store *store, const struct enrol *enrol, int64_t now_us)
{
	uint8_t hash[32];
	int r;

	hash_code(hash, enrol->code);
	r = store_code_use(store, hash, enrol->terminal.number, now_us);
	return r == -ENOENT ? -EKEYREJECTED : r;
}

int enrol_request(struct store *store, struct enrol *enrol, bool need_code, int64_t now_us,
		  char id[static 33])
{
	struct store_enrolment row = { .created_us = now_us, .expires_us = now_us + ENROL_LIFE_US };
	struct store_terminal former, *t = &enrol->terminal;
	uint8_t random[16];
	int r = need_code ? use_code(store, enrol, now_us) : 0;

	if (r < 0)
		return r;
	r = store_terminal_by_pin(store, t->tls_pin, &former);
	if (r == 0)
		return -EEXIST;
	if (r != -ENOENT)
		return r;
	/* Who asked in vain, or did not hear the answer, has no other log to ask with. */
	r = store_terminal_forget(store, t->origin, t->log_key, now_us);
	if (r < 0)
		return r;
	r = store_terminal_latest(store, t->number, &former);
	if (r < 0 && r != -ENOENT)
		return r;
	t->generation = r == 0 ? former.generation + 1 : 1;
	t->state = STORE_TERMINAL_PENDING;
	r = store_terminal_add(store, t, enrol->sealed_length ? enrol->sealed : NULL,
			       enrol->sealed_length);
	if (r < 0)
		return r;
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(row.id, sizeof(row.id), random, sizeof(random));
	row.terminal = t->id;
	snprintf(row.fingerprint, sizeof(row.fingerprint), "%s", enrol->fingerprint);
	memcpy(id, row.id, sizeof(row.id));
	return store_enrolment_add(store, &row);
}

static bool same_fingerprint(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == ' ')
			a++;
		while (*b == ' ')
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}

/* The generations before it: their logs stay, ended where they are. */
struct ending {
	const struct store_terminal *fresh;
	struct store_terminal former[16];
	size_t count;
};

static int collect_former(void *data, const struct store_terminal *terminal)
{
	struct ending *ending = data;

	if (terminal->id != ending->fresh->id && terminal->state == STORE_TERMINAL_ACTIVE &&
	    strcmp(terminal->number, ending->fresh->number) == 0 && ending->count < 16)
		ending->former[ending->count++] = *terminal;
	return 0;
}

static int end_former(struct store *store, struct ending *ending)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ending->count; i++) {
		ending->former[i].state = STORE_TERMINAL_ENDED;
		r = store_terminal_update(store, &ending->former[i]);
	}
	return r;
}

int enrol_approve(struct store *store, const char *id, const char *fingerprint, const char *reason,
		  int64_t now_us, struct store_terminal *terminal)
{
	struct ending ending = { .fresh = terminal };
	struct store_terminal other;
	struct store_enrolment row;
	int r = store_enrolment_get(store, id, &row);

	if (r == 0)
		r = store_terminal_by_id(store, row.terminal, terminal);
	if (r < 0)
		return r;
	if (terminal->state != STORE_TERMINAL_PENDING)
		return -EALREADY;
	if (row.expires_us < now_us)
		return -ETIME;
	if (!same_fingerprint(row.fingerprint, fingerprint))
		return -EKEYREJECTED;
	/* Two requests may have waited with one certificate: a connection belongs to one terminal. */
	r = store_terminal_by_pin(store, terminal->tls_pin, &other);
	if (r != -ENOENT)
		return r == 0 ? -EEXIST : r;
	r = store_terminal_each(store, collect_former, &ending);
	if (r < 0)
		return r;
	if (terminal->generation > 1 && (!reason || !reason[0]))
		return -EINVAL;
	r = end_former(store, &ending);
	terminal->state = STORE_TERMINAL_ACTIVE;
	terminal->registered_us = now_us;
	return r < 0 ? r : store_terminal_update(store, terminal);
}

int enrol_refuse(struct store *store, const char *id, struct store_terminal *terminal)
{
	struct store_enrolment row;
	int r = store_enrolment_get(store, id, &row);

	if (r == 0)
		r = store_terminal_by_id(store, row.terminal, terminal);
	if (r < 0)
		return r;
	if (terminal->state != STORE_TERMINAL_PENDING)
		return -EALREADY;
	terminal->state = STORE_TERMINAL_REFUSED;
	return store_terminal_update(store, terminal);
}
