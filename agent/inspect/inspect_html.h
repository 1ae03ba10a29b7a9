/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An inspection as one page that needs nothing else: no script, no image, nothing from outside. */
#ifndef AIRGAP_INSPECT_HTML_H
#define AIRGAP_INSPECT_HTML_H

#include <stdio.h>

#include "agent/inspect/inspect_run.h"

/**
 * inspect_html - write it, in the language of the process
 * @terminal: "" when it has no number
 *
 * Everything that was read is escaped and made printable. Returns 0 or -EIO.
 */
int inspect_html(FILE *out, const struct inspect_report *report, const char *terminal);

#endif
