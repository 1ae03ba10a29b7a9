/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inspection before this one, to tell what is new since. */
#ifndef AIRGAP_INSPECT_LAST_H
#define AIRGAP_INSPECT_LAST_H

#include <jansson.h>

#include "agent/inspect/inspect_run.h"

/* Where a whole inspection by root is kept: the JSON of inspect_json.h. */
#define INSPECT_LAST_FOLDER "/var/lib/airgap/inspect"
#define INSPECT_LAST_FILE   "last.json"

/**
 * inspect_last_load - the earlier one
 * @root: of all paths
 *
 * Returns a new reference; NULL with *@error -ENOENT when there was none, or another -errno.
 */
json_t *inspect_last_load(const char *root, int *error);

/* inspect_last_save - keep this one in its place, whole or not at all; 0 or -errno */
int inspect_last_save(const char *root, const json_t *inspection);

/**
 * inspect_last_compare - findings that are in one and not in the other, by their fingerprints
 * @now, @last: of inspect_json()
 *
 * Only what is worse than a pass counts. Returns {"new": [...], "gone": [...]}, each finding with its
 * check's name as "check"; or NULL when memory is short.
 */
json_t *inspect_last_compare(const json_t *now, const json_t *last);

#endif
