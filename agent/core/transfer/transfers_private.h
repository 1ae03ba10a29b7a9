/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of this folder. */
#ifndef AIRGAP_CORE_TRANSFER_TRANSFERS_PRIVATE_H
#define AIRGAP_CORE_TRANSFER_TRANSFERS_PRIVATE_H

#include "agent/core/transfer/transfers.h"

/* A question, or something told, whose entry is on its way to the disk. */
struct transfers_waiting {
	struct transfers_waiting *next;
	uint64_t tag;
	uint64_t generation;
	enum msg_type answer;	     /* MSG_TRANSFER_VERDICT, _APPROVED, _RECORDED */
	bool heard;		     /* whoever asked is still there */
	struct msg_transfer_ask ask; /* of a verdict */
	union {
		struct msg_transfer_verdict verdict;
		struct msg_transfer_approved approved;
		struct msg_transfer_recorded recorded;
	} body;
	struct approval_taken taken;	 /* of an approval */
	uint8_t spent[TRANSFER_ID_SIZE]; /* this batch's approvals are spent then; zero: none */
};

/**
 * transfers_wait - have @record written, and keep @waiting until that is known
 * @waiting: copied
 *
 * Returns 0; -ENOBUFS, -ENOMEM: nothing is recorded.
 */
int transfers_wait(struct transfers *transfers, enum record_grade grade,
		   struct msg_record_transfer *record, const struct transfers_waiting *waiting);

/* transfers_find_medium - by its cookie; NULL: there is none */
const struct msg_medium *transfers_find_medium(const struct transfers *transfers, uint64_t cookie);

/* transfers_say - send to airgap-transferd */
void transfers_say(const struct transfers *transfers, enum msg_type type, const void *body);

/* transfers_login - name of a user; "" when he has none here */
void transfers_login(const struct transfers *transfers, uint32_t uid,
		     char login[static TRANSFER_LOGIN_SIZE]);

/* transfers_ask.c */
void transfers_ask(struct transfers *transfers, const struct msg_transfer_ask *ask);
/** transfers_permit_now - its entry is durable as @entry, or (error) is not: answer */
void transfers_permit_now(struct transfers *transfers, struct transfers_waiting *waiting,
			  uint64_t entry, int error);
/** transfers_facts - what is not believed is looked up; @because is set when it cannot be asked at all */
bool transfers_facts(const struct transfers *transfers, const struct msg_transfer_ask *ask,
		     struct transfer_facts *facts, const char **because);

/* transfers_approve.c */
void transfers_approve(struct transfers *transfers, const struct msg_transfer_approval *approval,
		       int fd);
void transfers_approved_now(struct transfers *transfers, struct transfers_waiting *waiting,
			    uint64_t entry, int error);

/* transfers_sign.c */
void transfers_sign(struct transfers *transfers, const struct msg_slip_sign *slip);
void transfers_key(struct transfers *transfers, const struct msg_terminal_key_ask *ask);

#endif
