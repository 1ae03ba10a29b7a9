/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What airgap-transferd is told and asks about transfers, over the link of handling.h.
 *
 * It holds files and decides nothing: what it states of people, media and time is looked up anew here.
 */
#ifndef AIRGAP_CORE_TRANSFERRING_H
#define AIRGAP_CORE_TRANSFERRING_H

#include "agent/core/transfer/transfers.h"

struct core;

struct transferring {
	struct transfers transfers;
};

/* transferring_open - before the link: approvals that were taken are read; 0 */
int transferring_open(struct core *core);

/* transferring_up, _down - airgap-transferd came, and is told all; or went */
void transferring_up(struct core *core);
void transferring_down(struct core *core);

/* transferring_hear - a message of its; false when it is not about transfers */
bool transferring_hear(struct core *core, struct msg *msg);

/* transferring_changed - policy, list, table or mode changed: settings are told anew */
void transferring_changed(struct core *core);

/* transferring_recorded - the recorder's answer; false when @tag is none of a transfer's */
bool transferring_recorded(struct core *core, uint64_t tag, uint64_t entry, int error);

#endif
