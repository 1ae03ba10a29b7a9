/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table as text, in its normal form. */
#ifndef AIRGAP_POLICY_TABLE_PRINT_H
#define AIRGAP_POLICY_TABLE_PRINT_H

#include <stddef.h>

#include "policy/lang/diag.h"

/**
 * table_print - the normal form of a table
 * @diags: receives what is wrong with the text
 *
 * Two spaces between cells, digits of ids in lower case, one blank line of several; comments stay.
 * Columns are not aligned: one row that changes must not move all others.
 *
 * Returns 0 and text that the caller frees; -EINVAL when the table has errors; -ENOMEM.
 */
int table_print(const char *text, size_t length, struct diag_list *diags, char **out,
		size_t *out_length);

#endif
