/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `airgap-policy verify` says: who signed, what counted, and why that was or was not enough. */
#ifndef AIRGAP_POLICY_CLI_ACCOUNT_H
#define AIRGAP_POLICY_CLI_ACCOUNT_H

#include <stdbool.h>

#include "policy/lang/diag.h"
#include "policy/sign/trust.h"

struct verdict {
	const char *path;
	const char *list_path;
	enum sign_namespace ns;
	const struct trust *trust; /* NULL when the list itself was refused */
	struct trust_account account;
	struct diag_list diags; /* of the text, once the signatures hold */
	const char *subject;	/* what account.reason is about: path or list_path */
	const char *note;	/* what the reader should know beside it, or NULL */
	const char *bytes;	/* of the file, to show lines */
	size_t text_length;
	bool good;
};

void account_print_text(struct verdict *verdict);
void account_print_json(struct verdict *verdict);

#endif
