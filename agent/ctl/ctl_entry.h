/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One journal entry as one line for people. */
#ifndef AIRGAP_CTL_ENTRY_H
#define AIRGAP_CTL_ENTRY_H

#include "agent/ctl/ctl.h"
#include "agent/lib/journal_file.h"

/* ctl_entry_print - @line was parsed into @head */
void ctl_entry_print(const struct ctl *ctl, const struct journal_head *head);

/* ctl_entry_print_foreign - a line that is no entry; at most its beginning is shown */
void ctl_entry_print_foreign(const struct ctl *ctl, const char *line, size_t length);

/**
 * ctl_since - the bound that --since gives
 * @text: "2026-12-01", "2026-12-01 08:30", "2026-12-01T08:30:15", or "30m", "2h", "7d" ago
 * @now: UNIX time
 * @bound: set to "2026-12-01T08:30:00", comparable with the beginning of an entry's time
 *
 * Returns 0 or -EINVAL.
 */
#define CTL_SINCE_SIZE 20
int ctl_since(const char *text, int64_t now, char bound[static CTL_SINCE_SIZE]);

#endif
