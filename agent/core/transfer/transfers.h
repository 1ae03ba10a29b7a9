/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The core's side of transfers: what airgap-transferd asks, is decided, recorded and answered here.
 *
 *	ask ──▶ facts looked up anew ──▶ policy ──▶ approvals ──▶ journal ──▶ verdict ──▶ permit
 *	                                                                                  └──▶ one signature
 *
 * A refusal is answered at once; a permit when its entry is durable and nothing has changed since it was
 * decided. A permit is for one batch on one medium, and ends with the connection and the medium.
 */
#ifndef AIRGAP_CORE_TRANSFER_TRANSFERS_H
#define AIRGAP_CORE_TRANSFER_TRANSFERS_H

#include "agent/core/govern/govern.h"
#include "agent/core/recorder.h"
#include "agent/core/transfer/approvals.h"
#include "agent/lib/msg.h"

#define TRANSFERS_PERMITS_MAX 64
/* Questions whose entries are not durable yet; more are refused. */
#define TRANSFERS_WAITING_MAX 256

struct transfers_handler {
	/* to airgap-transferd */
	void (*send)(void *data, enum msg_type type, const void *body);
	/* is the journal too full for transfers, by the policy's `when-full refuse-transfers`? */
	bool (*too_full)(void *data);
	/* a medium that airgap-transferd was told of, by its cookie; NULL: there is none */
	const struct msg_medium *(*medium)(void *data, uint64_t cookie);
	/* what became of a batch, for who has to hear of it; @need: the approvals that it waits for, or NULL */
	void (*became)(void *data, const struct msg_record_transfer *record,
		       const struct policy_need *need);
};

/* Of one batch on one medium. */
struct transfers_permit {
	uint8_t batch[TRANSFER_ID_SIZE]; /* zero: free */
	uint64_t medium;		 /* its cookie */
	bool is_export;
	bool slip_signed;
};

struct transfers_waiting; /* transfers_wait.c */

struct transfers {
	struct govern *govern;
	struct recorder *recorder;
	const struct transfers_handler *handler;
	void *data;
	struct approvals approvals;
	uint32_t next_permit;
	struct transfers_permit permits[TRANSFERS_PERMITS_MAX];
	struct transfers_waiting *waiting;
	uint32_t waiting_count;
	uint64_t next_tag;
	uint64_t generation; /* goes up when what was decided has to be decided anew */
};

/* transfers_load - approvals that were taken; what is wrong is recorded */
void transfers_load(struct transfers *transfers);

/* transfers_done - frees what it owns */
void transfers_done(struct transfers *transfers);

/* transfers_changed - policy, list, table or mode changed; to be followed by transfers_settings() */
void transfers_changed(struct transfers *transfers);

/* transfers_down - the connection ended: permits are void, nobody waits for an answer */
void transfers_down(struct transfers *transfers);

/* transfers_settings - tell all of them (transfers_settings.c) */
void transfers_settings(struct transfers *transfers);

/* transfers_hear - a message of airgap-transferd; false when it is of none of these types */
bool transfers_hear(struct transfers *transfers, struct msg *msg);

/* transfers_recorded - the recorder's answer; false when @tag is none of these */
bool transfers_recorded(struct transfers *transfers, uint64_t tag, uint64_t entry, int error);

/* transfers_signed - journald's answer to a slip that was to be signed */
void transfers_signed(struct transfers *transfers, const struct msg_slip_signed *answer);

#endif
