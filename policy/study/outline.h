/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document as a flat list of statements, each with a key and a text that can be compared. */
#ifndef AIRGAP_POLICY_OUTLINE_H
#define AIRGAP_POLICY_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/lang/document.h"

struct outline_entry {
	const char *key;  /* "usb rule storage", "policy serial"; unique in the outline */
	const char *text; /* one line without comments, in normal form */
	const struct statement *statement;
	bool rule;
	bool set;
};

struct outline {
	struct outline_entry *entries;
	size_t count;
};

/** outline_document - memory of the arena; 0 or -ENOMEM */
int outline_document(struct arena *arena, const struct document *document, struct outline *outline);

#endif
