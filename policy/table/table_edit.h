/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preparing the next edition of table media: one row changed or added, all else as it was. */
#ifndef AIRGAP_POLICY_TABLE_EDIT_H
#define AIRGAP_POLICY_TABLE_EDIT_H

#include <stddef.h>

#include "policy/table/table.h"
#include "policy/table/table_column.h"

/* Cells by enum media_column, as words and not as they are spelled; "" is an empty cell. */
struct table_edit {
	uint64_t number;   /* of the new edition; 0: keep it */
	const uint8_t *id; /* TABLE_MEDIA_ID bytes */
	/* NULL: leave the cell as it is, or empty in a new row. That of the id is not looked at. */
	const char *cells[TABLE_COLUMNS_MAX];
};

/**
 * table_edit_media - the text of a table with one row as it is to be
 * @text: a table without errors; signatures after it are left out, as they would not hold
 * @diags: what is wrong with the text that came out of it, when that is the matter; may be NULL
 * @out: the caller's, to be freed
 *
 * Comments and the other rows stay as they are, byte for byte. A row that is not there is added at
 * the end.
 *
 * Returns 0; -ENODATA when a cell is given for which the table has no column; -EINVAL when @text, or
 * what came of it, has errors; -ENOMEM.
 */
int table_edit_media(const char *text, size_t length, const struct table_edit *edit,
		     struct diag_list *diags, char **out, size_t *out_length);

#endif
