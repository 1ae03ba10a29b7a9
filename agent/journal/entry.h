/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records from the core, written as lines of the journal. */
#ifndef AIRGAP_JOURNAL_ENTRY_H
#define AIRGAP_JOURNAL_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "agent/lib/journal_file.h"
#include "agent/lib/msg.h"

/* What the journal itself adds to a record. */
struct entry_stamp {
	uint64_t seq;
	uint64_t epoch;
	uint64_t lost;
	uint32_t next_by_s;   /* 0: no promise */
	struct timespec time; /* CLOCK_REALTIME */
	uint64_t boottime_us; /* CLOCK_BOOTTIME */
	const char *boot_id;
	/* 128 random bits as hexadecimal text, for the event: digest.h; NULL: none */
	const char *salt;
};

/**
 * entry_format - one line, newline included
 * @line: of JOURNAL_LINE_MAX bytes
 * @type: one of MSG_RECORD_...; @body is of its struct
 * @key: K_seq
 *
 * Whatever stands in the record's texts, the line is valid JSON in ASCII: what is no UTF-8 is
 * written out as \xNN, the rest escaped. Returns the length; -EINVAL: another type; -EMSGSIZE: too
 * long, which no record can be; -ENOMEM.
 */
int entry_format(char line[static JOURNAL_LINE_MAX], const struct entry_stamp *stamp,
		 enum msg_type type, const void *body, const uint8_t key[static JOURNAL_KEY_SIZE]);

/* entry_is_record - can entry_format() write this type? */
bool entry_is_record(enum msg_type type);

/* entry_may_use_reserve - is this kind still written when permits no longer are? */
bool entry_may_use_reserve(uint32_t kind);

/* entry_policy_event_name - "activated", "refused" ... as the log has it */
const char *entry_policy_event_name(uint32_t event);

#endif
