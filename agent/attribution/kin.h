/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who else may have had a socket that one process has open: those whom it comes from, and those who come from it. */
#ifndef AIRGAP_ATTRIBUTION_KIN_H
#define AIRGAP_ATTRIBUTION_KIN_H

#include <stdbool.h>

#include "agent/attribution/process_text.h"

/**
 * kin_may_share - had it a child, or has it lost its parent?
 * @proc: the folder /proc, open
 * @folder: of the process in it
 *
 * A socket goes from parent to child, both may send by it, and of who closed it or ended nothing is left to see.
 * A parent that is alive is not asked: it would have had to close the socket within the last moments.
 * True, too, when it cannot be told.
 */
bool kin_may_share(int proc, int folder, const struct process_stat *stat);

#endif
