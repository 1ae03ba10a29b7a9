/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The office's own log: what its officers do, in the same public form as the terminals' logs, so that
 * an auditor or a second office sees when a line of it is missing.
 *
 * An entry is one line of JSON: {"v":1,"seq":3,"time":"...","officer":"kovac","verb":"close",
 * "event":17,"text":"..."}; officer is null for the command line. What an officer signed and handed in
 * has "proof" too, the digest of that text.
 */
#ifndef AIRGAP_OFFICE_OWN_LOG_H
#define AIRGAP_OFFICE_OWN_LOG_H

#include "agent/office/keys.h"
#include "agent/office/store/store.h"

/* own_log_begin - make sure that the log exists; 0 or -errno */
int own_log_begin(struct store *store, const struct keys *keys, int64_t now_us);

struct own_action {
	int64_t officer;  /* 0: the command line */
	const char *name; /* of the officer, or NULL */
	const char *verb;
	int64_t event; /* 0: about none */
	const char *text;
	const char *proof; /* digest of what the officer signed, or NULL: he was signed in */
	int64_t *seq;	   /* set to the entry's number; may be NULL */
};

/**
 * own_log_add - record an action, sign the log anew
 *
 * Inside the caller's transaction, together with what the action changes: neither is without the
 * other. Returns 0 or -errno.
 */
int own_log_add(struct store *store, const struct keys *keys, const struct own_action *action,
		int64_t now_us);

#endif
