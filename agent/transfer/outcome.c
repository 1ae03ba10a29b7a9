// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/outcome.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"

struct words {
	const char *name, *text, *help;
};

/* By enum outcome_reason. */
static const struct words words[OUTCOME_REASON_COUNT] = {
	{ "done", "done", "" },
	{ "cancelled", "it was cancelled",
	  "Nothing of it counts. Ask for it again when it is wanted." },
	{ "system", "the system refused something",
	  "Try again; if it stays, call the system administrator." },
	{ "no-file", "it is not a file", "Name files, or a folder that holds them." },
	{ "name", "its name cannot be written down", "Rename the file and hand it in again." },
	{ "link", "it is a symbolic link, or its way leaves the folder", "Name the file itself." },
	{ "changed", "it was written to while it was copied",
	  "Close the program that has it open, and hand it in again." },
	{ "unreadable", "it could not be read",
	  "See whether the file opens; if not, its disk may be failing." },
	{ "too-large", "it is larger than a transfer may be", "Send less, or ask the office how." },
	{ "no-room", "this terminal's disk has no room for the staged copy",
	  "Finish or cancel other transfers, or call the system administrator." },
	{ "untypable", "what looks at the content of files failed over it",
	  "Save the file anew in a common format. The office can tell more." },
	{ "staged-changed", "the staged copy is not the one that was approved",
	  "Ask for the transfer again, and call the office: nobody should be able to change it." },
	{ "recipient", "there is nobody to encrypt it to, or a key is none",
	  "The office has to name the unit's key, or take in its card." },
	{ "fat-limit", "it is larger than the medium's file system can hold",
	  "Use a medium with exFAT or ext4, or send smaller files." },
	{ "medium-full", "the medium has too little room",
	  "Free room on the medium, or use a larger one." },
	{ "medium-gone", "the medium was pulled out",
	  "Nothing of the batch counts. Plug the medium in again and repeat the export." },
	{ "medium-read-only", "the medium cannot be written to",
	  "See its switch; if there is none, its file system is damaged: hand it to the office." },
	{ "medium-failed", "the medium failed, or was pulled out",
	  "Nothing of the batch counts. If it was not pulled out, hand it to the office." },
	{ "read-back", "what was written to the medium reads differently",
	  "The medium is failing or false. Hand it to the office, and use another one." },
	{ "not-signed", "the slip was not signed",
	  "The export was not permitted, or the journal is down; see airgapctl status." },
	{ "already-there", "this batch is on this medium already", "There is nothing to do." },
	{ "slip-others", "the slip is for somebody else",
	  "The sender has to export it to this unit." },
	{ "slip-damaged", "the slip is damaged",
	  "Ask the sender to export it again, and hand the medium to the office." },
	{ "slip-forged", "the slip's signature is not that of the terminal it names",
	  "Import nothing from this medium. Hand it to the office." },
	{ "slip-stranger", "the slip is of a terminal that is in no table",
	  "The office has to register that terminal, or deliver the newest table." },
	{ "slip-withdrawn", "the slip is of a terminal that is not active any more",
	  "Ask the office." },
	{ "slip-refused", "the slip is not for this terminal or this medium", "Ask the office." },
	{ "slip-branch",
	  "two different uses of the medium have one number: there are two copies of it",
	  "Import nothing from it. Hand it to the office." },
	{ "slip-missing", "there is no such slip on the medium", "See airgapctl transfer list." },
	{ "object-missing", "an object that the slip names is not on the medium",
	  "Ask the sender to export it again." },
	{ "object-size", "an object has another size than the slip says",
	  "Ask the sender to export it again, and hand the medium to the office." },
	{ "object-changed", "an object is not the one that the slip names",
	  "Somebody changed it, or the medium is failing. Hand it to the office." },
	{ "object-others", "an object is not encrypted to this terminal's unit",
	  "The sender has to export it to this unit." },
	{ "object-damaged", "an object is the one that the slip names, and cannot be decrypted",
	  "Ask the sender to export it again, and tell the office." },
	{ "content-changed", "the content is not what the slip names",
	  "The sending terminal said one thing and sent another. Tell the office." },
	{ "other-type", "the content is of another type than the slip says",
	  "Ask the sender what it is, and tell the office." },
	{ "marked-higher", "a marking in it is above the level that was stated",
	  "Ask the sender to state the level that is marked." },
	{ "scan-found", "the scanner found something in it",
	  "It is kept apart. Tell the office; open it nowhere else." },
	{ "scan-absent", "there is no scanner",
	  "Start clamav-daemon, or ask the system administrator; until then nothing comes in." },
	{ "scan-failed", "the scanner failed over it",
	  "Try again; if it stays, call the system administrator." },
	{ "scan-limit", "it is more than the scanner looks at",
	  "Send it in smaller parts, not packed, or have its limits raised." },
	{ "scan-unsafe", "the scanner calls clean what it did not look at",
	  "The system administrator has to set 'AlertExceedsMax yes' in clamd.conf and restart "
	  "it." },
};

_Static_assert(OUTCOME_REASON_COUNT < 64, "a program may keep them in a word");

static const struct words *find(uint32_t reason)
{
	return &words[reason < OUTCOME_REASON_COUNT ? reason : OUTCOME_SYSTEM];
}

int outcome_set(struct outcome *outcome, uint32_t reason, int error, const char *about,
		const char *detail)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->reason = reason;
	outcome->error = error;
	printable_copy(outcome->about, sizeof(outcome->about), about ? about : "");
	printable_copy(outcome->detail, sizeof(outcome->detail), detail ? detail : "");
	if (reason == OUTCOME_DONE)
		return 0;
	return error < 0 ? error : -ECANCELED;
}

uint32_t outcome_of_medium(int error)
{
	switch (error) {
	case 0:
		return OUTCOME_DONE;
	case -ECANCELED:
		return OUTCOME_CANCELLED;
	case -ENOSPC:
	case -EDQUOT:
		return OUTCOME_MEDIUM_FULL;
	case -EFBIG:
		return OUTCOME_FAT_LIMIT;
	case -EROFS:
		return OUTCOME_MEDIUM_READ_ONLY;
	case -ENODEV:
	case -ENXIO:
	case -ENOMEDIUM:
	case -ESHUTDOWN:
	case -ESTALE:
		return OUTCOME_MEDIUM_GONE;
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
	case -EACCES:
	case -EPERM:
		return OUTCOME_SYSTEM;
	default:
		return OUTCOME_MEDIUM_FAILED;
	}
}

const char *outcome_name(uint32_t reason)
{
	return find(reason)->name;
}

const char *outcome_text(uint32_t reason)
{
	return find(reason)->text;
}

const char *outcome_help(uint32_t reason)
{
	return find(reason)->help;
}

char *outcome_describe(const struct outcome *outcome, char *out, size_t size)
{
	const struct words *said = find(outcome->reason);
	char room[96] = "", detail[OUTCOME_DETAIL_SIZE + 4] = "", error[96] = "";

	if (outcome->wanted > 0)
		snprintf(room, sizeof(room),
			 " (%" PRIu64 " bytes are needed, there are %" PRIu64 ")", outcome->wanted,
			 outcome->have);
	if (outcome->detail[0])
		snprintf(detail, sizeof(detail), " (%s)", outcome->detail);
	else if (outcome->error < 0 && outcome->error != -ECANCELED && !room[0])
		snprintf(error, sizeof(error), " (%s)", strerror(-outcome->error));
	snprintf(out, size, "%s%s%s%s%s%s.%s%s", outcome->about, outcome->about[0] ? ": " : "",
		 said->text, room, detail, error, said->help[0] ? " " : "", said->help);
	return out;
}
