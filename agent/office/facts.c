// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/facts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/i18n.h"

#define HOLES_MAX 8
#define PART_MAX  256

/* As they are written elsewhere, with %s where a number or a name comes; see test_facts.c. */
static const char *const sentences[] = {
	/* ingest_checkpoint.c */
	N_("the terminal signed %s entries that are not those it signed before: its log was "
	   "rewritten, "
	   "or two machines use its key"),
	N_("the terminal is at %s entries and had signed %s: its disk was set back"),
	N_("two different logs of %s entries, both signed by the terminal: its log was rewritten, "
	   "or two "
	   "machines use its key"),
	N_("a log of %s entries that does not continue the %s it had signed before: its log was "
	   "set back "
	   "or rewritten, or two machines use its key"),
	/* intake.c */
	N_("policy %s is in force since entry %s, and %s was before: an old policy came back"),
	N_("%s went back from %s to %s at entry %s: this disk was set back, or it is another one"),
	N_("the terminal's clock went back by %s minutes at entry %s"),
	N_("heard again after %s minutes, with a gap: %s entries are lost"),
	N_("heard again after %s minutes; no entry is missing"),
	N_("%s entries are in no form that the office reads: kept as they are"),
	/* contact.c */
	N_("no bundle has come from this terminal without network, and one was due"),
	N_("nothing has been heard for %s minutes"),
	N_("%s of %s terminals are out of contact at the same time"),
	N_("the office did not run for %s minutes; what terminals had to say in that time comes "
	   "now"),
	/* media_lost.c */
	N_("medium %s, serial number %s, level %s, unit %s, custodian %s: lost by number %s of "
	   "table %s"),
	/* exchange.c, exchange_match.c */
	N_("medium %s: two different uses number %s, one at %s (entry %s), the other at %s (entry "
	   "%s): "
	   "there are two copies of it"),
	N_("batch %s was imported at %s with a slip of %s, and %s recorded no export of it up to "
	   "entry "
	   "%s, which the slip names"),
	N_("batch %s was imported at %s with a slip of %s, and was exported at %s"),
	N_("batch %s was imported at %s, and its export at %s was recorded as one that did not "
	   "come to "
	   "its end"),
	N_("batch %s was imported at %s with another slip than the one that was exported at %s"),
	N_("batch %s was imported %s times at %s"),
	N_("batch %s was imported at %s, and again at %s"),
	N_("batch %s was exported at %s for unit %s %s days ago, and no terminal there has "
	   "imported it"),
	/* extract.c */
	N_("held at the terminal: %s %s; digest %s"),
	/* incident_sweep.c */
	N_("late: %s; the delay is %s"),
	N_("%s %% of the time for %s is over: tell %s"),
};

/* What comes in the place of %s and is of the office, too. */
static const char *const parts[] = {
	N_("the number of the signers' list"),
	N_("the time that was certainly reached"),
	N_("the powered-on time"),
	N_("table %s"),
	N_("taking it in hand"),
	N_("the report to the administration"),
	N_("the result"),
	N_("the report of the cyber incident"),
	N_("the closing report of the cyber incident"),
	N_("the office's: it waits for a second person"),
	N_("the office's: nobody took it"),
	N_("%s's, who has it"),
	N_("the person directly responsible, %s"),
	N_("the person first responsible, %s"),
	N_("the person directly responsible"),
	N_("the person first responsible"),
};

struct holes {
	struct {
		const char *text;
		size_t length;
	} of[HOLES_MAX];
	size_t count;
};

/* The text up to the next %s of a form; "%%" in it is one sign. Returns its length in the form. */
static size_t literal(const char *form, char *text, size_t *length)
{
	size_t at = 0;

	*length = 0;
	while (form[at] && strncmp(form + at, "%s", 2) != 0 && *length < PART_MAX - 1) {
		at += form[at] == '%' && form[at + 1] == '%';
		text[(*length)++] = form[at++];
	}
	return at;
}

/* Does the text have the form? Each hole takes as little as it can, the last one the rest. */
static bool match(const char *form, const char *text, size_t size, struct holes *holes)
{
	char part[PART_MAX];
	const char *end = text + size, *found;
	size_t length;

	holes->count = 0;
	form += literal(form, part, &length);
	if ((size_t)(end - text) < length || memcmp(text, part, length) != 0)
		return false;
	text += length;
	while (*form && holes->count < HOLES_MAX) {
		form += 2 + literal(form + 2, part, &length);
		found = length ? memmem(text, (size_t)(end - text), part, length) : end;
		if (!found || found == text)
			return false;
		holes->of[holes->count].text = text;
		holes->of[holes->count++].length = (size_t)(found - text);
		text = found + length;
	}
	return !*form && text == end;
}

struct output {
	char *text;
	size_t used;
	bool full;
};

static void put(struct output *out, const char *text, size_t length)
{
	if (out->full || out->used + length >= FACTS_SHOWN_SIZE) {
		out->full = true;
		return;
	}
	memcpy(out->text + out->used, text, length);
	out->used += length;
	out->text[out->used] = 0;
}

static void put_part(struct output *out, const char *text, size_t length, bool inside);

/* A translation may have the holes in another order: %2$s. */
static void fill(struct output *out, const char *form, const struct holes *holes, bool inside)
{
	size_t next = 0, which;
	const char *sign;
	char *end;

	while ((sign = strchr(form, '%'))) {
		put(out, form, (size_t)(sign - form));
		if (sign[1] == '%') {
			put(out, "%", 1);
			form = sign + 2;
			continue;
		}
		which = strtoul(sign + 1, &end, 10);
		if (end != sign + 1 && *end == '$')
			sign = end;
		else
			which = ++next;
		if (which >= 1 && which <= holes->count)
			put_part(out, holes->of[which - 1].text, holes->of[which - 1].length,
				 inside);
		form = sign[1] ? sign + 2 : sign + 1;
	}
	put(out, form, strlen(form));
}

/* @inside: in another part, where what a hole holds is a name or a number */
static void put_part(struct output *out, const char *text, size_t length, bool inside)
{
	struct holes holes;

	for (size_t i = 0; !inside && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (match(parts[i], text, length, &holes)) {
			fill(out, _(parts[i]), &holes, true);
			return;
		}
	put(out, text, length);
}

static bool put_sentence(struct output *out, const char *text, size_t length)
{
	struct holes holes;

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (match(sentences[i], text, length, &holes)) {
			fill(out, _(sentences[i]), &holes, false);
			return true;
		}
	return false;
}

const char *facts_shown(const char *facts, char out[static FACTS_SHOWN_SIZE])
{
	struct output output = { .text = out };

	return put_sentence(&output, facts, strlen(facts)) && !output.full ? out : facts;
}

const char *facts_lateness(const char *lateness, char out[static FACTS_SHOWN_SIZE])
{
	static const char between[] = "; late: ";
	struct output output = { .text = out };
	const char *at = lateness, *next;

	for (; at; at = next) {
		next = strstr(at, between);
		if (!put_sentence(&output, at, next ? (size_t)(next - at) : strlen(at)) ||
		    output.full)
			return lateness;
		if (next) {
			put(&output, _("; "), strlen(_("; ")));
			next += 2;
		}
	}
	return out;
}
