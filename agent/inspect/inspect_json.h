/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An inspection as JSON; airgap-inspect(7) describes it. */
#ifndef AIRGAP_INSPECT_JSON_H
#define AIRGAP_INSPECT_JSON_H

#include <jansson.h>

#include "agent/inspect/inspect_run.h"

#define INSPECT_JSON_VERSION 1

/**
 * inspect_json - all of it: time, score, and of each check its result, findings and their fingerprints
 * @terminal: its number; "" when it has none
 *
 * What was read from others is valid UTF-8 here; whoever shows it makes it printable. Returns a new
 * reference, or NULL when memory is short.
 */
json_t *inspect_json(const struct inspect_report *report, const char *terminal);

#endif
