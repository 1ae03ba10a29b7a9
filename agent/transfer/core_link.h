/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link to the core. Each message that the core may send has one taker, in the table of core_link.c;
 * what answers a question of ours goes to whoever asked.
 */
#ifndef AIRGAP_TRANSFER_CORE_LINK_H
#define AIRGAP_TRANSFER_CORE_LINK_H

#include "agent/transfer/transferd.h"

/**
 * core_answer - takes the answer to core_ask()
 * @error: 0, or -ENOTCONN: the core went away, and what became of the question is not known
 * @body: of the answering message; NULL on error
 *
 * Called once for each question, never from within core_ask(), and not after core_forget().
 */
typedef void core_answer(void *data, int error, const void *body);

/* core_link_open - keep a link to the core; 0 or -errno */
int core_link_open(struct transferd *self);

void core_link_close(struct transferd *self);

/**
 * core_ask - ask the core
 * @type: MSG_TRANSFER_ASK, _APPROVAL, _EVENT, _SIGN, or MSG_TERMINAL_KEY_ASK
 * @body: of that message; its cookie is set here
 * @fd: to pass along, or -1; stays the caller's
 * @cookie: names the question, for core_forget(); may be NULL
 *
 * Returns 0; -ENOTCONN; -ENOBUFS when too much is being asked; -ENOMEM.
 */
int core_ask(struct transferd *self, enum msg_type type, void *body, int fd, core_answer *answer,
	     void *data, uint64_t *cookie);

/* core_forget - whoever asked is gone; 0 is no question */
void core_forget(struct transferd *self, uint64_t cookie);

#endif
