/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terminals, their one-time codes and requests for registration. See store.h for what holds of all of it. */
#ifndef AIRGAP_OFFICE_STORE_TERMINAL_H
#define AIRGAP_OFFICE_STORE_TERMINAL_H

#include "agent/office/store/store.h"

enum store_terminal_state {
	STORE_TERMINAL_PENDING, /* a request; nothing is accepted from it */
	STORE_TERMINAL_ACTIVE,
	STORE_TERMINAL_ENDED, /* a later generation took its place; its log stays */
	STORE_TERMINAL_REFUSED,
	STORE_TERMINAL_OFFICE, /* the office's own log */
	STORE_TERMINAL_STATE_COUNT,
};

enum store_contact {
	STORE_CONTACT_NEVER, /* registered, nothing heard yet */
	STORE_CONTACT_ON_TIME,
	STORE_CONTACT_LATE,
	STORE_CONTACT_SILENT,
	STORE_CONTACT_ESCALATED,
	STORE_CONTACT_OFF, /* stopped in order: nothing is promised */
	STORE_CONTACT_COUNT,
};

struct store_terminal {
	int64_t id;
	char number[STORE_NUMBER_SIZE];
	uint32_t generation; /* 1; one more for each installation that an officer approved */
	uint32_t state;	     /* enum store_terminal_state */
	char origin[STORE_ORIGIN_SIZE];
	uint8_t origin_hash[STORE_HASH_SIZE]; /* SHA-256 of the origin */
	uint8_t log_key[32];		      /* Ed25519 */
	uint8_t tls_pin[STORE_HASH_SIZE];     /* SHA-256 of its certificate's public key info */
	char recipient[STORE_TEXT_SIZE];      /* age1... */
	char unit[STORE_TEXT_SIZE];
	char level[STORE_TEXT_SIZE];
	char custodian[STORE_TEXT_SIZE];
	char room[STORE_TEXT_SIZE];
	bool standalone;      /* has no network: reports by bundles, until return_us */
	uint32_t heartbeat_s; /* promised interval; 0: not told yet */
	uint32_t contact;     /* enum store_contact */
	int64_t contact_us;   /* since when */
	int64_t seen_us;      /* last receipt */
	int64_t return_us;    /* standalone: the next bundle is due */
	int64_t registered_us;
	char boot_id[37];
	uint64_t lost;	 /* entries it says it lost */
	uint64_t size;	 /* entries receipted */
	uint64_t policy; /* serial in force, as its last entry says; 0: none */
};

/* store_terminal_add - id is filled; -EEXIST: the origin, or number and generation, are taken */
int store_terminal_add(struct store *store, struct store_terminal *terminal, const void *sealed_key,
		       size_t sealed_length);

int store_terminal_by_id(struct store *store, int64_t id, struct store_terminal *terminal);
int store_terminal_by_origin(struct store *store, const char *origin,
			     struct store_terminal *terminal);
int store_terminal_by_hash(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
			   struct store_terminal *terminal);
/* store_terminal_by_pin - only active ones */
int store_terminal_by_pin(struct store *store, const uint8_t pin[static STORE_HASH_SIZE],
			  struct store_terminal *terminal);
/* store_terminal_latest - the highest generation of a number */
int store_terminal_latest(struct store *store, const char *number, struct store_terminal *terminal);

/* store_terminal_update - writes all but id, origin, keys and size */
int store_terminal_update(struct store *store, const struct store_terminal *terminal);

/* store_terminal_sealed - K_0 as it was sealed; -ENOENT: none was; the caller frees it */
int store_terminal_sealed(struct store *store, int64_t id, uint8_t **sealed, size_t *length);

typedef int (*store_terminal_fn)(void *data, const struct store_terminal *terminal);
/* store_terminal_each - in the order of numbers, all generations and states */
int store_terminal_each(struct store *store, store_terminal_fn fn, void *data);

/**
 * store_terminal_forget - drop what was only asked for, so that it can be asked for again
 *
 * Of @origin: a request that was refused or has expired, or that waits and has the same @key. Nothing
 * was ever accepted from it. Returns 0, also when there is none, or -errno.
 */
int store_terminal_forget(struct store *store, const char *origin, const uint8_t key[static 32],
			  int64_t now_us);

/* One-time codes of registration; only their hash is kept. */
int store_code_add(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
		   const char *number, int64_t expires_us);
/* store_code_use - 0 once; -ENOENT unknown, of another number or used; -ETIME expired */
int store_code_use(struct store *store, const uint8_t hash[static STORE_HASH_SIZE],
		   const char *number, int64_t now_us);

struct store_enrolment {
	char id[33];
	int64_t terminal; /* the pending row */
	int64_t created_us;
	int64_t expires_us;
	char fingerprint[65];
};

int store_enrolment_add(struct store *store, const struct store_enrolment *enrolment);
int store_enrolment_get(struct store *store, const char *id, struct store_enrolment *enrolment);
typedef int (*store_enrolment_fn)(void *data, const struct store_enrolment *enrolment);
int store_enrolment_each(struct store *store, store_enrolment_fn fn, void *data);

#endif
