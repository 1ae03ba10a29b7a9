/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * K_0 goes to the office: who holds the log's first key can check, and forge, all of its macs.
 *
 * When the office is known, K_0 is sealed to its recipient as the file `sealed-key` (age v1), which the
 * registration carries. Once the office has signed that it keeps that very file, the plain `initial-key` is
 * overwritten and removed: from then on nobody on this machine can make the mac of an entry that was
 * written before. airgap-reportd brings both statements and is not trusted with them; the key in the file
 * `office-key` decides. On a disk that moves blocks when they are overwritten (flash) the plain key may
 * outlive this for whoever takes the disk apart.
 */
#ifndef AIRGAP_JOURNAL_SEALING_H
#define AIRGAP_JOURNAL_SEALING_H

#include "agent/lib/msg.h"

struct recorder;

/* Whom `sealed-key` was sealed to, and of which epoch: "EPOCH RECIPIENT". */
#define SEALING_FILE_TO "sealed-to"

/**
 * sealing_take - act on a statement of the office's
 *
 * Returns 0: the key is sealed, or destroyed, now or before; -ENOKEY: no office is known here;
 * -EKEYREJECTED, -EBADMSG: it is not the office's, or not about this log; -ENODATA: there is no plain key
 * to seal; -errno.
 */
int sealing_take(struct recorder *recorder, const struct msg_office_note *note);

#endif
