// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/login.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/office/group.h"
#include "agent/office/office.h"
#include "agent/office/own_log.h"
#include "agent/office/rate.h"
#include "agent/office/store/store_people.h"
#include "policy/sign/sshsig.h"

#define CHALLENGES    128
#define CHALLENGE_US  ((int64_t)300 * 1000000)
#define CHALLENGE_OWN 4 /* of one address at a time */
#define USED_US	      ((int64_t)60 * 1000000)

struct challenge {
	char name[STORE_TEXT_SIZE];
	char address[64]; /* of who asked */
	int64_t until_us; /* 0: free */
	char text[LOGIN_TEXT_SIZE];
};

/* In memory alone: whoever was asked before a restart is asked again. */
static struct challenge challenges[CHALLENGES];
static struct rate rate = { .burst = 10, .interval_us = 6000000 };

bool login_limited(struct request *request)
{
	if (rate_allow(&rate, request->address, office_now_us()))
		return false;
	reply_busy(request, 429, 10);
	return true;
}

/* How many open ones @address has, and which is the oldest of them. */
static unsigned int held_by(const char *address, int64_t now_us, struct challenge **oldest)
{
	unsigned int count = 0;

	*oldest = NULL;
	for (size_t i = 0; i < CHALLENGES; i++) {
		struct challenge *c = &challenges[i];

		if (c->until_us < now_us || strcmp(c->address, address) != 0)
			continue;
		count++;
		if (!*oldest || c->until_us < (*oldest)->until_us)
			*oldest = c;
	}
	return count;
}

/* Nobody who holds fewer than others waits for them, and nobody can push out more than he has. */
static struct challenge *place_for(const char *address, int64_t now_us)
{
	struct challenge *oldest, *other, *victim = NULL;
	unsigned int own = held_by(address, now_us, &oldest), most = 0, count;

	if (own >= CHALLENGE_OWN)
		return oldest;
	for (size_t i = 0; i < CHALLENGES; i++) {
		if (challenges[i].until_us < now_us)
			return &challenges[i];
		count = held_by(challenges[i].address, now_us, &other);
		if (!victim || count > most ||
		    (count == most && other->until_us < victim->until_us)) {
			most = count;
			victim = other;
		}
	}
	return own >= most ? oldest : victim;
}

int login_challenge(struct serve *serve, const char *address, const char *name,
		    char text[static LOGIN_TEXT_SIZE])
{
	int64_t now_us = office_now_us();
	struct challenge *c;
	uint8_t random[32];
	char nonce[65];

	if (!*name || strlen(name) >= sizeof(c->name) || !printable_is_text(name))
		return -EACCES;
	c = place_for(address, now_us);
	randombytes_buf(random, sizeof(random));
	sodium_bin2hex(nonce, sizeof(nonce), random, sizeof(random));
	snprintf(c->name, sizeof(c->name), "%s", name);
	snprintf(c->address, sizeof(c->address), "%s", address);
	c->until_us = now_us + CHALLENGE_US;
	snprintf(c->text, sizeof(c->text), "airgap-login 1\noffice %.120s\nofficer %s\nnonce %s\n",
		 serve->keys.name, name, nonce);
	memcpy(text, c->text, LOGIN_TEXT_SIZE);
	return 0;
}

static bool signed_by(const struct store_officer *officer, const char *signature,
		      const struct challenge *challenge)
{
	uint8_t blob[SSHSIG_BLOB_MAX];
	size_t used = 0, length = 0;
	struct sshsig_message message;
	struct sshsig sig;

	if (sshsig_unarmour((const uint8_t *)signature, strlen(signature), &used, blob, &length) !=
		    SSHSIG_SOUND ||
	    sshsig_parse(&sig, blob, length) != SSHSIG_SOUND ||
	    memcmp(sig.key.point, officer->key, sizeof(officer->key)) != 0)
		return false;
	sshsig_message_init(&message, (const uint8_t *)challenge->text, strlen(challenge->text));
	return sshsig_verify(&sig, &message, SIGN_NAMESPACE_LOGIN) == SSHSIG_SOUND;
}

static struct challenge *find(const struct store_officer *officer, const char *signature,
			      int64_t now_us)
{
	for (size_t i = 0; i < CHALLENGES; i++)
		if (challenges[i].until_us >= now_us &&
		    strcmp(challenges[i].name, officer->name) == 0 &&
		    signed_by(officer, signature, &challenges[i]))
			return &challenges[i];
	return NULL;
}

static int open_session(struct serve *serve, const struct store_officer *officer, int64_t now_us,
			char *cookie, size_t size)
{
	struct store_session session = { .officer = officer->id,
					 .expires_us = now_us + LOGIN_IDLE_US,
					 .until_us = now_us + LOGIN_LIFE_US };
	struct own_action action = { .officer = officer->id,
				     .name = officer->name,
				     .verb = "login",
				     .text = officer->fingerprint };
	uint8_t token[32];
	char hex[LOGIN_TOKEN_SIZE];
	int r = group_enter(serve->group);

	randombytes_buf(token, sizeof(token));
	crypto_hash_sha256(session.token, token, sizeof(token));
	randombytes_buf(session.csrf, sizeof(session.csrf));
	if (r == 0)
		r = store_session_sweep(serve->store, now_us);
	if (r == 0)
		r = store_session_add(serve->store, &session);
	if (r == 0)
		r = own_log_add(serve->store, &serve->keys, &action, now_us);
	if (r < 0)
		group_break(serve->group, NULL, r);
	else
		r = group_flush(serve->group);
	snprintf(cookie, size, LOGIN_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict",
		 sodium_bin2hex(hex, sizeof(hex), token, sizeof(token)));
	sodium_memzero(token, sizeof(token));
	sodium_memzero(hex, sizeof(hex));
	return r;
}

int login_answer(struct serve *serve, const char *name, const char *signature, char *cookie,
		 size_t size)
{
	int64_t now_us = office_now_us();
	struct store_officer officer;
	struct challenge *challenge;
	int r = store_officer_by_name(serve->reader, name, &officer);

	if (r == -ENOENT || (r == 0 && officer.retired))
		return -EACCES;
	if (r < 0)
		return r;
	challenge = find(&officer, signature, now_us);
	if (!challenge)
		return -EACCES;
	/* Used, whatever comes of it. */
	challenge->until_us = 0;
	return open_session(serve, &officer, now_us, cookie, size);
}

/* It goes on; written at most once a minute. */
static void prolong(struct serve *serve, const struct login_session *session)
{
	int64_t expires_us = office_now_us() + LOGIN_IDLE_US;
	int r;

	if (expires_us - session->session.expires_us < USED_US ||
	    session->session.expires_us == session->session.until_us)
		return;
	r = group_enter(serve->group);
	if (r == 0)
		r = store_session_used(serve->store, session->session.token, expires_us);
	if (r < 0)
		group_break(serve->group, NULL, r);
}

int login_session(struct serve *serve, const struct request *request, struct login_session *session)
{
	const char *cookie = request_cookie(request, LOGIN_COOKIE);
	uint8_t token[32], hash[32];
	size_t used = 0;

	if (!cookie || strlen(cookie) != 64 ||
	    sodium_hex2bin(token, sizeof(token), cookie, 64, NULL, &used, NULL) != 0)
		return -EACCES;
	crypto_hash_sha256(hash, token, sizeof(token));
	if (store_session_get(serve->reader, hash, office_now_us(), &session->session) < 0 ||
	    store_officer_by_id(serve->reader, session->session.officer, &session->officer) < 0)
		return -EACCES;
	sodium_bin2hex(session->csrf, sizeof(session->csrf), session->session.csrf,
		       sizeof(session->session.csrf));
	prolong(serve, session);
	return 0;
}

bool login_csrf(const struct login_session *session, const char *token)
{
	return token && strlen(token) == LOGIN_TOKEN_SIZE - 1 &&
	       sodium_memcmp(token, session->csrf, LOGIN_TOKEN_SIZE - 1) == 0;
}

int login_end(struct serve *serve, const struct login_session *session)
{
	int r = group_enter(serve->group);

	if (r == 0)
		r = store_session_end(serve->store, session->session.token);
	if (r < 0)
		group_break(serve->group, NULL, r);
	return r < 0 ? r : group_flush(serve->group);
}
