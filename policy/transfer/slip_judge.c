// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "policy/transfer/slip.h"

enum slip_reason slip_judge(const struct slip *slip, const struct slip_case *it)
{
	if (strcmp(slip->terminal, it->terminal) != 0)
		return SLIP_OTHER_TERMINAL;
	if (memcmp(slip->medium, it->medium, sizeof(slip->medium)) != 0)
		return SLIP_OTHER_MEDIUM;
	if (slip->sequence > it->sequence)
		return SLIP_LATER_SEQUENCE;
	if (strcmp(slip->unit, it->unit) != 0)
		return SLIP_OTHER_UNIT;
	if (it->slip_level < 0)
		return SLIP_LEVEL_UNKNOWN;
	return it->slip_level > it->level ? SLIP_LEVEL_ABOVE : SLIP_GOOD;
}

static const struct {
	const char *name;
	const char *text;
	const char *help;
} reasons[SLIP_REASON_COUNT] = {
	[SLIP_GOOD] = { "good", "the slip is good", "nothing needs to be done" },
	[SLIP_OTHER_MEDIUM] = { "other-medium",
				"the slip was written to another medium: its files were copied "
				"here from there",
				"bring the medium that they were exported to, and call the "
				"office" },
	[SLIP_LATER_SEQUENCE] = { "later-sequence",
				  "the slip is newer than the medium's counter: this is an older "
				  "image, or a copy",
				  "give the medium to the office" },
	[SLIP_OTHER_TERMINAL] = { "other-terminal",
				  "the slip names another terminal than the one that signed it",
				  "give the medium to the office" },
	[SLIP_OTHER_UNIT] = { "other-unit", "the slip is for another unit",
			      "take the medium to the unit that it is for" },
	[SLIP_LEVEL_UNKNOWN] = { "level-unknown",
				 "the slip has a level that the signers' list does not declare",
				 "ask the office which level that is here" },
	[SLIP_LEVEL_ABOVE] = { "level-above", "the slip is of a level above this terminal's",
			       "import it on a terminal of that level" },
	[SLIP_USED] = { "used", "the slip was imported here before",
			"look into your inbox; ask for a new export if the files are gone" },
};

const char *slip_reason_name(uint32_t reason)
{
	return reason < SLIP_REASON_COUNT ? reasons[reason].name : "unknown";
}

const char *slip_reason_text(uint32_t reason)
{
	return reason < SLIP_REASON_COUNT ? reasons[reason].text : "the reason is not known";
}

const char *slip_reason_help(uint32_t reason)
{
	return reason < SLIP_REASON_COUNT ? reasons[reason].help : "call the office";
}
