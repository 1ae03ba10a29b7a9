/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was refused, kept for the office to look at, with the reason. Each file is encrypted to the
 * terminal's own key, so that nothing opens it by mistake; beside it lies ID.json, which says what it is:
 *
 *	{"version":1,"kept":1795700000,"batch":"4b0d…","name":"…","type":"exe","size":123,
 *	 "digest":"…","reason":"scan-found","detail":"Eicar-Test-Signature","text":"…"}
 *
 * Bounded in bytes and number: the oldest go first.
 */
#ifndef AIRGAP_TRANSFER_QUARANTINE_H
#define AIRGAP_TRANSFER_QUARANTINE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/lib/age/age_key.h"
#include "agent/transfer/outcome.h"
#include "policy/transfer/manifest.h"

#define QUARANTINE_BYTES_MAX (UINT64_C(2) * 1024 * 1024 * 1024)
#define QUARANTINE_FILES_MAX 512u

struct quarantine_limits {
	uint64_t bytes; /* 0: QUARANTINE_BYTES_MAX */
	uint32_t files; /* 0: QUARANTINE_FILES_MAX */
};

struct quarantine_entry {
	uint8_t id[TRANSFER_ID_SIZE]; /* chosen by quarantine_keep() */
	uint8_t batch[TRANSFER_ID_SIZE];
	int64_t kept; /* UNIX time */
	struct manifest_file file;
	char reason[32]; /* outcome_name() */
	char detail[OUTCOME_DETAIL_SIZE];
};

/**
 * quarantine_keep - keep a copy of one file
 * @folder: quarantine/
 * @fd: the content; NULL reason fields are set from @outcome
 * @entry: batch, kept and file are the caller's; id, reason and detail are set
 * @dropped: set to how many older ones went to make room
 *
 * A file larger than the limit is not kept: -EFBIG. Returns 0 or -errno.
 */
int quarantine_keep(int folder, int fd, const struct age_recipient *recipient,
		    const struct quarantine_limits *limits, const struct outcome *outcome,
		    struct quarantine_entry *entry, uint32_t *dropped);

/**
 * quarantine_list - all that is kept, oldest first
 * @entries: set; the caller frees it
 */
int quarantine_list(int folder, struct quarantine_entry **entries, size_t *count);

/* quarantine_remove - after the office has looked at it, or has said to; 0, -ENOENT, -errno */
int quarantine_remove(int folder, const uint8_t id[static TRANSFER_ID_SIZE]);

#endif
