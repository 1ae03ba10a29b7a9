/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables, by libsmartcols. */
#ifndef AIRGAP_CTL_TABLE_H
#define AIRGAP_CTL_TABLE_H

#include "agent/ctl/ctl_output.h"

struct ctl_table;

/* ctl_table_new - @headings: ended by NULL. NULL when memory is short. */
struct ctl_table *ctl_table_new(const struct ctl *ctl, const char *const *headings);

/* ctl_table_row - begin another row */
void ctl_table_row(struct ctl_table *table);

/* ctl_table_cell - the next cell of the row; unprintable characters are written out */
void ctl_table_cell(struct ctl_table *table, enum ctl_style style, const char *text);

/* ctl_table_print - to standard output; 0 or -errno, also when a row could not be made */
int ctl_table_print(struct ctl_table *table);

void ctl_table_free(struct ctl_table *table);

#endif
