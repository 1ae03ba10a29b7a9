/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom the files of a transfer are encrypted to (block transfer, statements 'recipients' and 'recovery').
 *
 * A unit changes its keys from time to time: the new one is an epoch higher, and nothing more is written
 * to those before it, so that a key that is lost later opens only what was sent in its time. Who holds
 * the key of a level may open what is of that level or below; each level of a unit has epochs of its own.
 */
#ifndef AIRGAP_POLICY_RECIPIENTS_H
#define AIRGAP_POLICY_RECIPIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy;
struct policy_levels;

/* Texts are borrowed. */
struct policy_recipient {
	const char *unit;
	const char *level;     /* the highest that it opens */
	const char *recipient; /* "age1...", as it was written */
	uint32_t epoch;	       /* 0: not said, before all others */
	uint32_t line;	       /* of the policy's text; 0: it is of no policy */
};

/**
 * policy_recipients - those that a policy names, in its order
 * @recipients: receives up to @max
 *
 * Where a statement has no level it is the scope's. Returns how many there are.
 */
size_t policy_recipients(const struct policy *policy, struct policy_recipient *recipients,
			 size_t max);

/** policy_recovery - the office's recipient, which is on every object; NULL: the policy names none */
const char *policy_recovery(const struct policy *policy);

/**
 * recipients_choose - whom files of @level for @unit are encrypted to
 * @rows: of the policy and of cards
 * @levels: count 0: no order is known, and only recipients of that very level are chosen
 * @chosen: receives up to @max indexes into @rows
 *
 * All rows of the unit that may open the level and of which the same unit and level has none of a higher
 * epoch; a recipient that stands twice is chosen once. Returns how many there are, also beyond @max: such
 * a transfer must not be made. 0: nobody there can open it.
 */
size_t recipients_choose(const struct policy_recipient *rows, size_t count, const char *unit,
			 const char *level, const struct policy_levels *levels, size_t *chosen,
			 size_t max);

/** recipients_superseded - has the row's unit and level one of a higher epoch? */
bool recipients_superseded(const struct policy_recipient *rows, size_t count,
			   const struct policy_recipient *row);

/** recipients_form - is this written as an age recipient of type X25519? Its checksum is not computed. */
bool recipients_form(const char *recipient);

#endif
