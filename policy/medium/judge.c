// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/medium/judge.h"

#include <stddef.h>
#include <string.h>

#include "policy/table/table.h"

_Static_assert(MEDIUM_REASON_COUNT <= 32, "verdict.all has a bit for each");

static void say(struct medium_verdict *verdict, enum medium_reason reason)
{
	verdict->all |= UINT32_C(1) << reason;
}

static bool same_texts(const char *a, const char *b)
{
	return strncmp(a, b, USB_STRING_SIZE) == 0;
}

/* Nothing else is asked of a medium without a record that can be believed. */
static bool judge_record(const struct medium_facts *facts, struct medium_verdict *verdict)
{
	static const enum medium_reason reasons[MEDIUM_RECORD_COUNT] = {
		[MEDIUM_RECORD_NONE] = MEDIUM_NOT_ENROLLED,
		[MEDIUM_RECORD_DAMAGED] = MEDIUM_DAMAGED_RECORD,
		[MEDIUM_RECORD_UNSIGNED] = MEDIUM_UNSIGNED_RECORD,
		[MEDIUM_RECORD_WRONG] = MEDIUM_WRONG_RECORD,
	};

	if (facts->layout == MEDIUM_LAYOUT_FOREIGN)
		say(verdict, MEDIUM_FOREIGN_LAYOUT);
	else if (facts->layout == MEDIUM_LAYOUT_DAMAGED)
		say(verdict, MEDIUM_DAMAGED_LAYOUT);
	else if (facts->layout != MEDIUM_LAYOUT_SOUND)
		say(verdict, MEDIUM_NOT_ENROLLED);
	if (facts->layout != MEDIUM_LAYOUT_SOUND)
		return false;
	if (facts->record_state == MEDIUM_RECORD_GOOD)
		return true;
	say(verdict, facts->record_state < MEDIUM_RECORD_COUNT ? reasons[facts->record_state]
							       : MEDIUM_DAMAGED_RECORD);
	return false;
}

static void judge_device(const struct medium_facts *facts, struct medium_verdict *verdict)
{
	const struct medium_record *record = &facts->record;

	if (record->vendor != facts->vendor || record->product != facts->product ||
	    !facts->serial[0] || !same_texts(record->serial, facts->serial))
		say(verdict, MEDIUM_OTHER_HARDWARE);
	if (record->sectors != facts->sectors)
		say(verdict, MEDIUM_OTHER_CAPACITY);
	if (record->filesystem != facts->filesystem ||
	    strncmp(record->uuid, facts->uuid, sizeof(record->uuid)) != 0)
		say(verdict, MEDIUM_OTHER_FILESYSTEM);
}

static void judge_status(const struct table_media *row, int64_t today,
			 struct medium_verdict *verdict)
{
	static const enum medium_reason reasons[TABLE_STATUS_COUNT] = {
		[TABLE_STATUS_RETURNED] = MEDIUM_RETURNED,
		[TABLE_STATUS_REPAIR] = MEDIUM_IN_REPAIR,
		[TABLE_STATUS_LOST] = MEDIUM_LOST,
		[TABLE_STATUS_WITHDRAWN] = MEDIUM_WITHDRAWN,
		[TABLE_STATUS_RETIRED] = MEDIUM_RETIRED,
		[TABLE_STATUS_DESTROYED] = MEDIUM_DESTROYED,
	};

	if (row->status != TABLE_STATUS_ACTIVE)
		say(verdict,
		    row->status < TABLE_STATUS_COUNT ? reasons[row->status] : MEDIUM_WITHDRAWN);
	if (row->until == INT64_MAX)
		return;
	if (today <= 0)
		say(verdict, MEDIUM_DAY_UNKNOWN);
	else if (today > row->until)
		say(verdict, MEDIUM_EXPIRED);
}

static void judge_row(const struct medium_record *record, const struct table *media, int64_t today,
		      struct medium_verdict *verdict)
{
	struct table_media row;

	if (!media || table_kind(media) != TABLE_KIND_MEDIA) {
		say(verdict, MEDIUM_NO_TABLE);
		return;
	}
	if (!table_media_find_id(media, record->id, &row)) {
		say(verdict, MEDIUM_UNKNOWN);
		return;
	}
	if (row.vendor != record->vendor || row.product != record->product || !row.serial ||
	    !same_texts(row.serial, record->serial))
		say(verdict, MEDIUM_OTHER_ROW);
	judge_status(&row, today, verdict);
}

/* Two that say the same sequence, or the next one, and yet do not fit together, are two copies. */
static bool branches(const struct medium_counter *counter, const struct medium_memory *memory)
{
	if (counter->sequence == memory->sequence)
		return memcmp(counter->digest, memory->digest, sizeof(memory->digest)) != 0;
	return counter->sequence == memory->sequence + 1 &&
	       memcmp(counter->previous, memory->digest, sizeof(memory->digest)) != 0;
}

static void judge_counter(const struct medium_facts *facts, const struct medium_memory *memory,
			  struct medium_verdict *verdict)
{
	const struct medium_counter *counter = &facts->counter;
	const struct medium_record *record = &facts->record;

	if (counter->sequence == 0) {
		say(verdict, MEDIUM_NO_COUNTER);
		return;
	}
	if (memcmp(counter->medium, record->id, sizeof(record->id)) != 0 ||
	    (counter->sequence == 1 &&
	     memcmp(counter->previous, record->digest, sizeof(record->digest)) != 0)) {
		say(verdict, MEDIUM_OTHER_COUNTER);
		return;
	}
	if (!memory || !memory->known)
		return;
	if (counter->sequence < memory->sequence)
		say(verdict, MEDIUM_OLDER);
	else if (branches(counter, memory))
		say(verdict, MEDIUM_BRANCH);
}

void medium_judge(const struct medium_facts *facts, const struct table *media, int64_t today,
		  const struct medium_memory *memory, struct medium_verdict *verdict)
{
	*verdict = (struct medium_verdict){ .reason = MEDIUM_GOOD };
	if (judge_record(facts, verdict)) {
		judge_device(facts, verdict);
		judge_row(&facts->record, media, today, verdict);
		judge_counter(facts, memory, verdict);
	}
	while (verdict->reason + 1 < MEDIUM_REASON_COUNT && verdict->all &&
	       !medium_verdict_has(verdict, verdict->reason))
		verdict->reason++;
}

static const struct {
	const char *name;
	const char *text;
	const char *help;
} reasons[MEDIUM_REASON_COUNT] = {
	[MEDIUM_GOOD] = { "good", "everything agrees", "nothing is to be done" },
	[MEDIUM_NOT_ENROLLED] = { "not-enrolled", "this is not a registered medium",
				  "have the office enrol it, or use one that it has enrolled" },
	[MEDIUM_FOREIGN_LAYOUT] = { "foreign-layout",
				    "its partition table is not one that enrolment makes",
				    "give it to the office: somebody changed its partitions" },
	[MEDIUM_DAMAGED_LAYOUT] = { "damaged-layout", "its partition table is damaged",
				    "give it to the office, which can repair it" },
	[MEDIUM_DAMAGED_RECORD] = { "damaged-record",
				    "its registration record is damaged or was changed",
				    "give it to the office, which can write the record anew" },
	[MEDIUM_UNSIGNED_RECORD] = { "unsigned-record",
				     "its registration record is not signed as the signers' list "
				     "asks",
				     "give it to the office: nobody who may has registered it" },
	[MEDIUM_WRONG_RECORD] = { "wrong-record", "its registration record cannot be understood",
				  "update this program, or have the office enrol it anew" },
	[MEDIUM_OTHER_HARDWARE] = { "other-hardware",
				    "its registration record was made on another device: this is a "
				    "copy",
				    "give it to the office, and say where it comes from" },
	[MEDIUM_OTHER_CAPACITY] = { "other-capacity",
				    "the device has another capacity than at its enrolment",
				    "give it to the office: it may be a copy on another device" },
	[MEDIUM_OTHER_FILESYSTEM] = { "other-filesystem",
				      "its file system is not the one that enrolment made",
				      "give it to the office: somebody formatted or replaced it" },
	[MEDIUM_NO_TABLE] = { "no-table", "there is no table of media to look it up in",
			      "install one, or name it with --table" },
	[MEDIUM_UNKNOWN] = { "unknown", "the table of media does not have it",
			     "have the office issue it, or install the newest table" },
	[MEDIUM_OTHER_ROW] = { "other-row", "the table of media has its id for another device",
			       "give it to the office: the table or the record is not right" },
	[MEDIUM_LOST] = { "lost", "it was reported lost", "give it to the office at once" },
	[MEDIUM_DESTROYED] = { "destroyed", "it was reported destroyed",
			       "give it to the office at once" },
	[MEDIUM_RETIRED] = { "retired", "it is out of use", "give it back to the office" },
	[MEDIUM_WITHDRAWN] = { "withdrawn", "it was called in", "give it back to the office" },
	[MEDIUM_IN_REPAIR] = { "in-repair", "it is away for repair",
			       "have the office issue it again" },
	[MEDIUM_RETURNED] = { "returned", "it was handed back and issued to nobody since",
			      "have the office issue it" },
	[MEDIUM_EXPIRED] = { "expired", "the time for which it was issued is over",
			     "have the office issue it again" },
	[MEDIUM_DAY_UNKNOWN] = { "day-unknown",
				 "its time ends, and what day it is cannot be known here",
				 "set the clock right" },
	[MEDIUM_NO_COUNTER] = { "no-counter", "its counter is damaged",
				"give it to the office, which can repair it" },
	[MEDIUM_OTHER_COUNTER] = { "other-counter", "its counter belongs to another medium",
				   "give it to the office: parts of two media are mixed" },
	[MEDIUM_OLDER] = { "older", "this is an older image of it: its counter went back",
			   "give it to the office: somebody put a copy back" },
	[MEDIUM_BRANCH] = { "branch",
			    "it was used in two places at once: this, or what was here before, is "
			    "a copy",
			    "give it to the office, and say where it was used" },
};

const char *medium_reason_name(uint32_t reason)
{
	return reason < MEDIUM_REASON_COUNT ? reasons[reason].name : "unknown-reason";
}

const char *medium_reason_text(uint32_t reason)
{
	return reason < MEDIUM_REASON_COUNT ? reasons[reason].text : "the reason is not known";
}

const char *medium_reason_help(uint32_t reason)
{
	return reason < MEDIUM_REASON_COUNT ? reasons[reason].help : "give it to the office";
}
