// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/lang/suggest.h"

#include <string.h>

/* Longer words are not compared: no keyword or sensible name is near them. */
#define WORD_MAX 64

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Edits between two words, a swap of neighbours being one (optimal string alignment). */
static unsigned int distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned int rows[3][WORD_MAX + 1];
	unsigned int *older = rows[0], *old = rows[1], *new = rows[2], *spare;

	for (size_t j = 0; j <= nb; j++)
		old[j] = (unsigned int)j;
	for (size_t i = 1; i <= na; i++) {
		new[0] = (unsigned int)i;
		for (size_t j = 1; j <= nb; j++) {
			new[j] = min3(old[j] + 1, new[j - 1] + 1,
				      old[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    older[j - 2] + 1 < new[j])
				new[j] = older[j - 2] + 1;
		}
		spare = older;
		older = old;
		old = new;
		new = spare;
	}
	return old[nb];
}

struct suggestion suggest_begin(const char *word, size_t length)
{
	/* A third of the letters may differ; more is another word. */
	unsigned int limit = (unsigned int)(length / 3) + 1;

	if (length <= 2)
		limit = 1;
	return (struct suggestion){ .word = word, .length = length, .distance = limit + 1 };
}

void suggest_offer(struct suggestion *suggestion, const char *candidate)
{
	size_t length = strlen(candidate);
	unsigned int edits;

	if (suggestion->length > WORD_MAX || length > WORD_MAX || length == 0)
		return;
	edits = distance(suggestion->word, suggestion->length, candidate, length);
	if (edits < suggestion->distance && edits < length) {
		suggestion->best = candidate;
		suggestion->distance = edits;
	}
}

void suggest_offer_all(struct suggestion *suggestion, const char *const *candidates)
{
	for (; candidates && *candidates; candidates++)
		suggest_offer(suggestion, *candidates);
}
