/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `verify` asks of a table beyond other texts: a policy's thresholds, and the edition before. */
#ifndef AIRGAP_POLICY_CLI_VERIFY_TABLE_H
#define AIRGAP_POLICY_CLI_VERIFY_TABLE_H

#include "policy/cli/account.h"

/**
 * verify_table_need - the signatures that a policy asks of a table
 * @policy_path: must itself be good under @trust
 * @text: of the table
 * @withdraws: whether it is said to withdraw only
 *
 * Returns an exit code, having said what is wrong.
 */
int verify_table_need(const char *policy_path, const struct trust *trust, const char *text,
		      size_t length, bool withdraws, struct trust_need *need);

/**
 * verify_table_text - parse a table whose signatures hold; findings go to verdict->diags
 * @old_path: the edition before, from which it must only withdraw; or NULL
 *
 * Returns 0; -EINVAL for findings; -ENOMEM; -EIO when the other edition cannot be used, which has
 * been said.
 */
int verify_table_text(struct verdict *verdict, const char *old_path);

#endif
