/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registration: a terminal asks, an officer compares fingerprints and approves.
 *
 * The request is JSON, on the wire or from a medium; airgap-wire(7) has its members. It proves that
 * the log's key is held (a signed checkpoint) and carries K_0 sealed to the office. The fingerprint
 * covers everything by which the terminal will be known; whoever compares it on both screens has
 * authenticated the request. A number that is registered already needs an officer's reason: that is
 * a new generation, and the former log ends.
 */
#ifndef AIRGAP_OFFICE_ENROL_H
#define AIRGAP_OFFICE_ENROL_H

#include "agent/lib/enrolment.h"
#include "agent/lib/tlog/tlog.h"
#include "agent/office/keys.h"
#include "agent/office/store/store_terminal.h"

#define ENROL_BODY_MAX 65536
#define ENROL_LIFE_US  ((int64_t)7 * 86400 * 1000000)

struct enrol {
	struct store_terminal terminal; /* number, origin, keys, ... */
	struct tlog_key log;
	char code[65];
	uint8_t trust[32]; /* digest of the signers' list that the terminal was installed with */
	uint8_t sealed[8192];
	size_t sealed_length;
	char fingerprint[ENROLMENT_FINGERPRINT_SIZE];
};

/**
 * enrol_parse - read a request; untrusted
 * @reason: what is wrong with it
 *
 * Returns 0 or -EBADMSG.
 */
int enrol_parse(const char *body, size_t length, struct enrol *enrol, char *reason, size_t size);

/**
 * enrol_request - keep a request until an officer has looked at it
 * @need_code: over the network: a one-time code that an officer made for this number
 * @id: of the enrolment
 *
 * Inside the caller's transaction. Returns 0; -EKEYREJECTED: no such code, or used; -ETIME: the code
 * has expired; -EEXIST: a key or origin in it is taken; another -errno.
 */
int enrol_request(struct store *store, struct enrol *enrol, bool need_code, int64_t now_us,
		  char id[static 33]);

/**
 * enrol_approve - let the terminal of @id in
 * @fingerprint: what the officer reads on the terminal's screen
 * @reason: for a later generation; may be NULL for the first
 *
 * Inside the caller's transaction. Returns 0; -ENOENT; -ETIME: expired; -EKEYREJECTED: another
 * fingerprint; -EINVAL: a reason is needed; -EALREADY: decided before; -EEXIST: its certificate was
 * let in meanwhile.
 */
int enrol_approve(struct store *store, const char *id, const char *fingerprint, const char *reason,
		  int64_t now_us, struct store_terminal *terminal);
int enrol_refuse(struct store *store, const char *id, struct store_terminal *terminal);

/* enrol_code - a fresh code for @number, told to one person; "KQ7M-3TZP-9XWD" */
#define ENROL_CODE_SIZE 15
int enrol_code(struct store *store, const char *number, int64_t expires_us,
	       char code[static ENROL_CODE_SIZE]);

#endif
