/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the office itself found out stands in its store in English, in sentences of its own. Here they are
 * recognised and said in the language in which somebody reads: rows stay what they are, and what an
 * officer or a terminal wrote is nobody's to translate.
 */
#ifndef AIRGAP_OFFICE_FACTS_H
#define AIRGAP_OFFICE_FACTS_H

#include <stddef.h>

#define FACTS_SHOWN_SIZE 2048

/**
 * facts_shown - a sentence of the office's own in the present language
 *
 * Returns @out, or @facts itself when it is none, or is too long.
 */
const char *facts_shown(const char *facts, char out[static FACTS_SHOWN_SIZE]);

/* facts_lateness - the same of what stands beside an event as its lateness: several, with semicolons */
const char *facts_lateness(const char *lateness, char out[static FACTS_SHOWN_SIZE]);

#endif
