/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What waits for a terminal: as a list over the network, as files in an offline answer. */
#ifndef AIRGAP_OFFICE_INBOX_H
#define AIRGAP_OFFICE_INBOX_H

#include <jansson.h>

#include "agent/office/store/store.h"

/**
 * inbox_json - {"v":1,"documents":[{"id":5,"kind":"policy","name":"...","number":43,
 *	"digest":"<64 hex, SHA-256 of the file>","length":1234}]}
 * @files: also with "file":"<base64>", for answers that travel alone
 *
 * Returns a new reference or NULL.
 */
json_t *inbox_json(struct store *store, int64_t terminal, bool files);

/* inbox_kind_name - "list", "table", "policy", "order" */
const char *inbox_kind_name(uint32_t kind);

#endif
