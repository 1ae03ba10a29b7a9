/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages about transfers. airgap-transferd holds files and keys for them, and decides nothing; the core
 * decides, verifies signatures, and has everything recorded before it permits.
 */
#ifndef AIRGAP_LIB_MSG_TRANSFER_H
#define AIRGAP_LIB_MSG_TRANSFER_H

#include <stdint.h>

#include "agent/lib/msg_record.h"
#include "policy/decide/context.h"
#include "policy/decide/transfer.h"
#include "policy/medium/record.h"
#include "policy/transfer/batch.h"

/*
 * core to transfer: SETTINGS, then every recipient and person, then SETTINGS_END; all of it again when
 * policy, list or table change. What was told before is void from SETTINGS on.
 */
struct msg_transfer_settings {
	uint64_t policy_serial; /* 0: none governs, and nothing may be transferred */
	uint32_t level_count;
	uint32_t permitted; /* 0: see reason */
	char terminal[64];
	char unit[TRANSFER_UNIT_SIZE + 7];
	char level[TRANSFER_LEVEL_SIZE + 7];
	char levels[POLICY_LEVELS_MAX][TRANSFER_LEVEL_SIZE + 7]; /* lowest first */
	char labels[POLICY_LEVELS_MAX][64]; /* "秘密": as documents are marked */
	char recovery[TRANSFER_RECIPIENT];  /* "": the policy names none */
	char reason[MSG_TEXT_SIZE];
};

/* Whom files for a unit are encrypted to. */
struct msg_transfer_recipient {
	char unit[TRANSFER_UNIT_SIZE + 7];
	char level[TRANSFER_LEVEL_SIZE + 7]; /* the highest that it may open; "": the scope's */
	char recipient[TRANSFER_RECIPIENT];
	uint32_t epoch; /* 0: not said */
	uint32_t reserved;
};

/* Officers of the policy: who may open staged copies, and is told of requests. */
struct msg_transfer_person {
	uint32_t duty; /* enum policy_duty */
	uint32_t reserved;
	char key[POLICY_NAME_SIZE + 7];
	char person[136];
	char login[TRANSFER_LOGIN_SIZE + 7]; /* "": none on this terminal */
};

/*
 * transfer to core: may this be done? Asked at the request, and again before each step. The core has
 * what it answers recorded: requested, permitted, refused. One permit is for one attempt, on one medium,
 * and gives one signature below a slip; it ends with the connection.
 */
enum transfer_step {
	TRANSFER_STEP_REQUEST, /* staged; what approvals are needed? */
	TRANSFER_STEP_EXPORT,  /* about to be written to medium 'medium' */
	TRANSFER_STEP_IMPORT,  /* read, verified and scanned; about to reach the inbox */
	TRANSFER_STEP_COUNT,
};

struct msg_transfer_ask {
	uint64_t cookie; /* comes back */
	uint32_t step;	 /* enum transfer_step */
	uint32_t uid;	 /* of the person */
	uint64_t medium; /* cookie of struct msg_medium; 0: none yet */
	uint8_t batch[TRANSFER_ID_SIZE];
	uint8_t manifest[TRANSFER_DIGEST]; /* of the staged copy: policy/transfer/manifest.h */
	uint8_t slip[TRANSFER_DIGEST];	   /* of an import: the slip's; else zero */
	uint64_t peer_position;		   /* of an import: log position that the slip names */
	char peer[64];			   /* of an import: the terminal that exported it */
	char names[1024];		   /* as of struct msg_record_transfer; for the journal */
	/* Login, time, and what is said of the medium are not believed: the core looks for itself. */
	struct transfer_facts facts;
};

struct msg_transfer_verdict {
	uint64_t cookie;
	uint64_t entry; /* of the journal: the permit is durable there; 0: none was needed */
	struct transfer_verdict verdict;
	struct policy_need given; /* approvals that have been taken for this very batch */
	int64_t wait_until;	  /* UNIX time up to which it waits for them; 0: no end */
};

/* transfer to core, with the signed approval: verified, then compared with the batch, then used up. */
struct msg_transfer_approval {
	uint64_t cookie;
	uint32_t uid; /* of who handed it in */
	uint32_t requester_uid;
	uint8_t batch[TRANSFER_ID_SIZE];
	uint8_t manifest[TRANSFER_DIGEST];
	uint32_t direction; /* enum transfer_direction */
	uint32_t reserved;
	char requester[TRANSFER_LOGIN_SIZE + 7];
	char level[TRANSFER_LEVEL_SIZE + 7];
	char unit[TRANSFER_UNIT_SIZE + 7];
};

struct msg_transfer_approved {
	uint64_t cookie;
	int32_t error; /* 0; -errno, and text says what is wrong */
	uint32_t duty; /* enum policy_duty */
	uint64_t entry;
	char key[POLICY_NAME_SIZE + 7];
	char person[136];
	int64_t until; /* UNIX time of its end */
	uint8_t nonce[TRANSFER_ID_SIZE];
	uint32_t reason; /* enum approval_reason; APPROVAL_GOOD also when it is none of those */
	uint32_t reserved;
	char text[MSG_TEXT_SIZE];
};

/* What becomes of a transfer, for the journal: kind "transfer". */
enum transfer_event {
	TRANSFER_EVENT_REQUESTED,
	TRANSFER_EVENT_APPROVED,
	TRANSFER_EVENT_PERMITTED, /* before anything is written */
	TRANSFER_EVENT_EXPORTED,
	TRANSFER_EVENT_IMPORTED,
	TRANSFER_EVENT_REFUSED,
	TRANSFER_EVENT_QUARANTINED,
	TRANSFER_EVENT_INTERRUPTED, /* pulled, full, failed: nothing of it counts */
	TRANSFER_EVENT_CANCELLED,
	TRANSFER_EVENT_EXPIRED,
	TRANSFER_EVENT_OPENED, /* an approver looked at the staged copy */
	TRANSFER_EVENT_COUNT,
};

/*
 * transfer to core, which completes record and passes it on; core to journal. What the core has recorded
 * by itself (see struct msg_transfer_ask; and each approval) is not told again.
 */
struct msg_record_transfer {
	struct record record;
	uint64_t cookie; /* of transfer's; comes back in TRANSFER_RECORDED */
	uint32_t event;	 /* enum transfer_event */
	int32_t error;
	uint32_t uid;
	uint32_t files;
	uint64_t size;
	uint64_t sequence;		 /* of the medium's counter */
	uint64_t peer_position;		 /* of an import: log position that the slip names */
	uint8_t batch[TRANSFER_ID_SIZE]; /* the same on both sides: the slip's */
	uint8_t manifest[TRANSFER_DIGEST];
	uint8_t slip[TRANSFER_DIGEST]; /* of the slip's signed text; zero: there is none yet */
	uint8_t medium[MEDIUM_ID_SIZE];
	uint32_t direction;   /* enum transfer_direction */
	uint32_t medium_kind; /* enum transfer_medium */
	char level[TRANSFER_LEVEL_SIZE + 7];
	char unit[TRANSFER_UNIT_SIZE + 7]; /* where it goes, or comes from */
	char peer[64];			   /* of an import: the terminal that exported it */
	char login[TRANSFER_LOGIN_SIZE + 7];
	char rule[POLICY_NAME_SIZE + 7];
	char types[256];  /* "pdf, odt" */
	char names[1024]; /* of files, a line each, cut at the end with an ellipsis */
	char text[MSG_TEXT_SIZE];
};

struct msg_transfer_recorded {
	uint64_t cookie;
	uint64_t entry;
	int32_t error;
	uint32_t reserved;
};

/* transfer to core to journal, and back: the terminal's signature below a slip (SSHSIG). */
struct msg_slip_sign {
	uint64_t cookie;
	uint8_t batch[TRANSFER_ID_SIZE]; /* the core passes on none that it has not permitted */
	uint8_t sha512[64];		 /* of the slip's text */
};

struct msg_slip_signed {
	uint64_t cookie;
	int32_t error;
	uint32_t reserved;
	uint8_t signature[64]; /* Ed25519, over SSHSIG's data for airgap-slip@v1 */
	uint8_t key[32];
};

/* transfer to core and back: whose slip is this? From table terminals in force. */
struct msg_terminal_key_ask {
	uint64_t cookie;
	char terminal[64];
};

struct msg_terminal_key {
	uint64_t cookie;
	int32_t error; /* 0; -ENOENT: no such row; -EKEYREVOKED: its status is not active */
	uint32_t reserved;
	uint8_t key[32]; /* Ed25519 */
	char level[TRANSFER_LEVEL_SIZE + 7];
	char text[256];
};

#endif
