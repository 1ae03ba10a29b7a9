/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Officers, their sessions and what they did. See store.h for what holds of all of it. */
#ifndef AIRGAP_OFFICE_STORE_PEOPLE_H
#define AIRGAP_OFFICE_STORE_PEOPLE_H

#include "agent/office/store/store.h"

enum store_role {
	STORE_ROLE_OFFICER, /* handles events */
	STORE_ROLE_LEAD,    /* also approves registrations and publishes documents */
	STORE_ROLE_AUDITOR, /* sees everything, changes nothing */
	STORE_ROLE_COUNT,
};

struct store_officer {
	int64_t id;
	char name[STORE_TEXT_SIZE];
	uint32_t role;
	bool retired;
	uint8_t key[32]; /* Ed25519 point of the SSH key */
	char fingerprint[64];
	int64_t added_us;
};

int store_officer_add(struct store *store, struct store_officer *officer);
int store_officer_retire(struct store *store, int64_t id);
int store_officer_by_name(struct store *store, const char *name, struct store_officer *officer);
int store_officer_by_id(struct store *store, int64_t id, struct store_officer *officer);
typedef int (*store_officer_fn)(void *data, const struct store_officer *officer);
int store_officer_each(struct store *store, store_officer_fn fn, void *data);

struct store_session {
	uint8_t token[STORE_HASH_SIZE]; /* SHA-256 of the cookie */
	uint8_t csrf[STORE_HASH_SIZE];
	int64_t officer;
	int64_t expires_us; /* unless it is used before */
	int64_t until_us;   /* however much it is used */
};

int store_session_add(struct store *store, const struct store_session *session);
/* store_session_get - expired ones are -ENOENT */
int store_session_get(struct store *store, const uint8_t token[static STORE_HASH_SIZE],
		      int64_t now_us, struct store_session *session);
/* store_session_used - it now expires at @expires_us, or at until_us when that comes first */
int store_session_used(struct store *store, const uint8_t token[static STORE_HASH_SIZE],
		       int64_t expires_us);
int store_session_end(struct store *store, const uint8_t token[static STORE_HASH_SIZE]);
/* store_session_sweep - forget those that expired */
int store_session_sweep(struct store *store, int64_t now_us);

/* What officers did; each is also an entry of the office's own log. */
struct store_action {
	int64_t seq;	 /* in the own log */
	int64_t officer; /* 0: at the command line */
	int64_t time_us;
	int64_t event; /* 0: not about one */
	const char *verb;
	const char *text;
};

int store_action_add(struct store *store, const struct store_action *action);
/* store_action_about - action @seq is about @event, too */
int store_action_about(struct store *store, int64_t seq, int64_t event);
typedef int (*store_action_fn)(void *data, const struct store_action *action);
/* store_action_each - newest first; @event 0: all of them */
int store_action_each(struct store *store, int64_t event, uint32_t limit, store_action_fn fn,
		      void *data);

/**
 * store_signed_add - keep what an officer signed for action @seq: a text and its SSH signature
 * @digest: of the text; -EEXIST: it was used before
 */
int store_signed_add(struct store *store, int64_t seq, const uint8_t digest[static STORE_HASH_SIZE],
		     const void *data, size_t length);
/* store_signed_get - of action @seq; -ENOENT: none was signed; the caller frees @data */
int store_signed_get(struct store *store, int64_t seq, uint8_t **data, size_t *length);

#endif
