/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the core says of this terminal, its policy and its people: levels, whom files for a unit are
 * encrypted to, which officers there are. It is told anew as a whole; while it is being told, and while
 * the core is away, nothing is known and nothing is permitted.
 */
#ifndef AIRGAP_TRANSFER_SETTINGS_H
#define AIRGAP_TRANSFER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/lib/msg_transfer.h"

#define SETTINGS_RECIPIENTS_MAX 4096
#define SETTINGS_PERSONS_MAX	256

struct settings {
	bool known; /* all of it has been told */
	struct msg_transfer_settings said;
	struct msg_transfer_recipient *recipients;
	size_t recipient_count;
	struct msg_transfer_person *persons;
	size_t person_count;
};

void settings_begin(struct settings *settings, const struct msg_transfer_settings *said);

/* settings_recipient, settings_person - 0; -E2BIG, -ENOMEM: then the peer is dropped, and nothing is known */
int settings_recipient(struct settings *settings, const struct msg_transfer_recipient *recipient);
int settings_person(struct settings *settings, const struct msg_transfer_person *person);

void settings_end(struct settings *settings);

/* settings_clear - forget everything */
void settings_clear(struct settings *settings);

/* settings_refusal - why nothing may be transferred now, as a sentence; NULL: something may be */
const char *settings_refusal(const struct settings *settings);

/* settings_level - rank of a level, from 0; -1: there is none of that name */
int settings_level(const struct settings *settings, const char *level);

/* settings_label - "秘密": what documents of that level are marked with; "" when it has none */
const char *settings_label(const struct settings *settings, const char *level);

/* settings_duties - bits 1 << enum policy_duty of the officer who logs in by that name; 0: he is none */
unsigned int settings_duties(const struct settings *settings, const char *login);

/**
 * settings_recipients_for - whom a file for @unit of @level is encrypted to
 * @out: the first @most of them, pointing into @settings
 *
 * A recipient of a lower level than the file's is none of them. Returns how many there are.
 */
size_t settings_recipients_for(const struct settings *settings, const char *unit, const char *level,
			       const char **out, size_t most);

#endif
