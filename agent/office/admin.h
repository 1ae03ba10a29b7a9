/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs at the command line share: store and keys, one transaction, one line in the own log. */
#ifndef AIRGAP_OFFICE_ADMIN_H
#define AIRGAP_OFFICE_ADMIN_H

#include "agent/office/keys.h"
#include "agent/office/office.h"

struct admin {
	const struct office_call *call;
	struct store *store;
	struct keys keys;
	int64_t now_us;
};

/* admin_open - 0 or -errno after a message; admin_close() after either */
int admin_open(struct admin *admin, const struct office_call *call);
void admin_close(struct admin *admin);

/* admin_begin - a transaction; admin_commit() ends it, and records what was done */
int admin_begin(struct admin *admin);

/**
 * admin_commit - record @verb and @text in the office's own log, and commit
 * @r: what the work answered; negative undoes everything
 *
 * Returns @r, or -errno after a message.
 */
int admin_commit(struct admin *admin, int r, const char *verb, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
