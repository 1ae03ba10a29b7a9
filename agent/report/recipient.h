/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal's own age key: answers of the office that are carried are encrypted to it. */
#ifndef AIRGAP_REPORT_RECIPIENT_H
#define AIRGAP_REPORT_RECIPIENT_H

#include "agent/lib/age/age_key.h"

/**
 * recipient_open - read the identity, or make it when there is none
 * @folder: of our own; the file is `age`, which only we may read
 * @ring: set; age_keyring_free() frees it
 *
 * Before the sandbox stands. Returns 0 or -errno; -EINVAL: the file holds none.
 */
int recipient_open(const char *folder, struct age_keyring **ring,
		   char recipient[static AGE_RECIPIENT_TEXT]);

#endif
