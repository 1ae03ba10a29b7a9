/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two sorts of `airgap-office verify` share. */
#ifndef AIRGAP_OFFICE_CLI_VERIFY_DISK_H
#define AIRGAP_OFFICE_CLI_VERIFY_DISK_H

#include "agent/lib/journal_file.h"
#include "agent/office/admin.h"
#include "agent/office/store/store_terminal.h"

/* verify_first_key - start @chain with the K_0 that was sealed to us; false: there is none */
bool verify_first_key(struct admin *admin, const struct store_terminal *log,
		      struct journal_chain *chain);

/* verify_disk - a journal's folder; 0; -EBADMSG after a line that says what is wrong; -errno */
int verify_disk(struct admin *admin, const char *number, const char *folder);

#endif
