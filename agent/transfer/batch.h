/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A batch: what is known of one transfer from its request to its end. Its files stand in its manifest,
 * in the staging folder of the batch; here is what becomes of them.
 *
 *	out:	staging ─▶ waiting ─▶ ready ─▶ working ─▶ done
 *	in:	working ─▶ inbox ─▶ done
 *	foreign: staging ─▶ waiting ─▶ ready ─▶ inbox ─▶ done
 *
 * and from everywhere refused, expired, cancelled, interrupted. A batch on its way out that is interrupted
 * is ready again: nothing of it counts on the medium, and the next attempt writes it anew.
 */
#ifndef AIRGAP_TRANSFER_BATCH_H
#define AIRGAP_TRANSFER_BATCH_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "agent/lib/msg_transfer.h"
#include "policy/transfer/batch.h"

#define BATCH_VERSION 1

enum batch_state {
	BATCH_STAGING, /* its files are being copied */
	BATCH_WAITING, /* for approvals */
	BATCH_READY,   /* may be exported; or has come, and may go into the inbox */
	BATCH_WORKING, /* is being written to a medium, or read from one */
	BATCH_INBOX,   /* has come, and waits for the person it is for */
	BATCH_DONE,
	BATCH_REFUSED,
	BATCH_QUARANTINED,
	BATCH_EXPIRED,
	BATCH_CANCELLED,
	BATCH_INTERRUPTED,
	BATCH_STATE_COUNT,
};

struct batch_approval {
	char key[POLICY_NAME_SIZE + 7];
	char person[136];
	uint32_t duty; /* enum policy_duty */
	int64_t until; /* UNIX time */
	uint64_t entry;
	uint8_t nonce[TRANSFER_ID_SIZE];
};

/* Fixed size, no pointers. Times are UNIX times; 0 is no time. */
struct batch {
	uint8_t id[TRANSFER_ID_SIZE];
	char name[TRANSFER_ID_TEXT]; /* the id, as text */
	uint32_t state;		     /* enum batch_state */
	uint32_t direction;	     /* enum transfer_direction */
	bool foreign;		     /* comes from a foreign medium */
	bool scanned;		     /* a scanner found nothing in what came */
	bool opened;		     /* an officer has looked at the staged copy */
	uid_t uid;		     /* of whom it is */
	char login[TRANSFER_LOGIN_SIZE];
	char unit[TRANSFER_UNIT_SIZE]; /* where it goes, or comes from */
	char level[TRANSFER_LEVEL_SIZE];
	char term[TRANSFER_TERM_SIZE];
	char basis[TRANSFER_BASIS_SIZE];
	int64_t created;
	int64_t changed;
	int64_t wait_until; /* approvals have to be there by then */
	uint32_t files;
	uint64_t size; /* bytes of all files */
	char types[256];
	uint8_t manifest[TRANSFER_DIGEST]; /* zero: it is not sealed yet */
	char rule[POLICY_NAME_SIZE];	   /* that decided */
	struct policy_need need;
	uint32_t approval_count;
	struct batch_approval approvals[TRANSFER_APPROVALS_MAX];
	uint8_t medium[MEDIUM_ID_SIZE];	     /* that it is on, or came from; zero: none */
	uint64_t sequence;		     /* of that medium's counter */
	uint8_t counter[MEDIUM_DIGEST_SIZE]; /* SHA-256 of that counter */
	uint64_t entry;			     /* of the journal: the last permit */
	uint64_t
		peer_entry; /* of what came: position in the log of the terminal that exported it */
	uint8_t slip[TRANSFER_DIGEST];	   /* zero: there is none */
	char peer[TRANSFER_TERMINAL_SIZE]; /* the terminal that exported what came */
	uint32_t owed;	 /* bits 1 << enum transfer_event that the journal does not have yet */
	int32_t error;	 /* -errno of the last failure */
	char reason[32]; /* one word; "": nothing went wrong */
	char text[MSG_TEXT_SIZE]; /* what happened, why, what to do */
};

/* batch_state_name - "waiting" */
const char *batch_state_name(uint32_t state);

/* batch_is_over - nothing more will become of it, and its files are gone */
bool batch_is_over(const struct batch *batch);

/* batch_holds_files - its staged copy or its inbox is to be kept */
bool batch_holds_files(const struct batch *batch);

/* batch_given - approvals that it has, by duty, those that have ended left out */
struct policy_need batch_given(const struct batch *batch, int64_t now);

/* batch_lacks - approvals of some duty that it still needs; 0: it has all */
unsigned int batch_lacks(const struct batch *batch, int64_t now, unsigned int duty);

/* batch_lacks_any - bits 1 << enum policy_duty of those that it still needs */
unsigned int batch_lacks_any(const struct batch *batch, int64_t now);

/* Who asks. */
struct batch_viewer {
	uid_t uid;
	bool root;
	unsigned int duties; /* settings_duties() */
};

/* batch_is_seen - his own, those that wait for his duty, and of root all */
bool batch_is_seen(const struct batch *batch, const struct batch_viewer *viewer, int64_t now);

/* batch_json - all of it; NULL: no memory */
json_t *batch_json(const struct batch *batch);

/**
 * batch_parse - what batch_json() wrote
 *
 * Returns 0, or -EBADMSG for anything else, that of a later version included.
 */
int batch_parse(const json_t *json, struct batch *batch);

#endif
