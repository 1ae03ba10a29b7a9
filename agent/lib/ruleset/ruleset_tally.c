// SPDX-License-Identifier: GPL-2.0-or-later
/* Counts lines and elements alike in our text and in nftables' listing of what the kernel holds. */
#include <string.h>

#include "agent/lib/ruleset/ruleset_text.h"

static bool begins(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

/* Elements of the sets in a rule: in braces, separated by commas; quoted text is no part of them. */
static unsigned elements_of(const char *line, size_t length)
{
	bool quoted = false, inside = false;
	unsigned count = 0;

	for (size_t i = 0; i < length; i++) {
		if (line[i] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (line[i] == '{' || (line[i] == ',' && inside))
			count++;
		if (line[i] == '{' || line[i] == '}')
			inside = line[i] == '{';
	}
	return count;
}

struct place {
	bool in_chain;
	bool in_other; /* a set, a counter */
};

static void count_line(struct ruleset_tally *tally, struct place *place, const char *line,
		       size_t length)
{
	if (length == 0)
		return;
	if (line[0] == '}') {
		*place = (struct place){ 0 };
	} else if (place->in_chain) {
		if (!begins(line, "type ")) {
			tally->rules++;
			tally->elements += elements_of(line, length);
		} else if (memmem(line, length, "policy drop;", 12)) {
			tally->hooks++;
		}
	} else if (begins(line, "flags ") && !place->in_other) {
		tally->flags++;
	} else if (begins(line, "table ")) {
		tally->tables++;
	} else if (begins(line, "chain ")) {
		tally->chains++;
		place->in_chain = true;
	} else if (begins(line, "set ") || begins(line, "counter ")) {
		tally->sets++;
		/* Ours are written on one line. */
		place->in_other = line[length - 1] == '{';
	}
}

struct ruleset_tally ruleset_tally(const char *text)
{
	struct ruleset_tally tally = { 0 };
	struct place place = { 0 };

	while (*text) {
		size_t length;

		text += strspn(text, " \t");
		length = strcspn(text, "\n");
		count_line(&tally, &place, text, length);
		text += length + (text[length] == '\n');
	}
	return tally;
}
