/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "did you mean": the nearest of some words. */
#ifndef AIRGAP_POLICY_SUGGEST_H
#define AIRGAP_POLICY_SUGGEST_H

#include <stddef.h>

struct suggestion {
	const char *word; /* what was written; need not end with NUL */
	size_t length;
	const char *best; /* the nearest so far, or NULL */
	unsigned int distance;
};

/** suggest_begin - for a word that fits nowhere */
struct suggestion suggest_begin(const char *word, size_t length);

/** suggest_offer - consider a word that would fit; kept by pointer */
void suggest_offer(struct suggestion *suggestion, const char *candidate);

/** suggest_offer_all - a table of words ended by NULL, or NULL */
void suggest_offer_all(struct suggestion *suggestion, const char *const *candidates);

#endif
