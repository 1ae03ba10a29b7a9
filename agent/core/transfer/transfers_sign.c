// SPDX-License-Identifier: GPL-2.0-or-later
/* Signatures below slips, and whose slip another one is. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/core/transfer/transfers_private.h"
#include "agent/lib/tlog/tlog.h"

static struct transfers_permit *find_permit(struct transfers *transfers,
					    const uint8_t batch[static TRANSFER_ID_SIZE])
{
	for (uint32_t i = 0; i < TRANSFERS_PERMITS_MAX; i++) {
		struct transfers_permit *permit = &transfers->permits[i];

		if (permit->medium && permit->is_export && !permit->slip_signed &&
		    memcmp(permit->batch, batch, sizeof(permit->batch)) == 0 &&
		    transfers_find_medium(transfers, permit->medium))
			return permit;
	}
	return NULL;
}

void transfers_sign(struct transfers *transfers, const struct msg_slip_sign *slip)
{
	struct transfers_permit *permit = find_permit(transfers, slip->batch);
	struct msg_slip_signed answer = { .cookie = slip->cookie, .error = -EPERM };

	if (permit)
		answer.error = recorder_sign(transfers->recorder, slip);
	if (answer.error < 0) {
		transfers_say(transfers, MSG_TRANSFER_SIGNED, &answer);
		return;
	}
	permit->slip_signed = true;
}

/* journald gives the cookie back; whoever asked may have gone, and his successor does not know it. */
void transfers_signed(struct transfers *transfers, const struct msg_slip_signed *answer)
{
	transfers_say(transfers, MSG_TRANSFER_SIGNED, answer);
}

static int find_key(const struct transfers *transfers, const char *number,
		    struct msg_terminal_key *answer)
{
	const struct table *table = transfers->govern->context.terminals;
	struct table_terminal row;
	struct tlog_key key;

	if (!table || !table_terminal_find(table, number, &row)) {
		snprintf(answer->text, sizeof(answer->text),
			 "%s: whose slips are to be believed cannot be known",
			 table ? "table terminals does not have that terminal"
			       : "no table terminals is in force here");
		return -ENOENT;
	}
	snprintf(answer->level, sizeof(answer->level), "%s", row.level);
	if (row.status != TABLE_STATUS_ACTIVE) {
		snprintf(answer->text, sizeof(answer->text),
			 "that terminal is %s in table terminals", table_status_name(row.status));
		return -EKEYREVOKED;
	}
	if (!row.log_key || tlog_key_parse(row.log_key, &key) < 0 || key.type != TLOG_KEY_NOTE) {
		snprintf(answer->text, sizeof(answer->text),
			 "table terminals does not have the log key of that terminal; its own "
			 "'airgapctl journal key' prints it");
		return -ENOENT;
	}
	memcpy(answer->key, key.public, sizeof(answer->key));
	return 0;
}

void transfers_key(struct transfers *transfers, const struct msg_terminal_key_ask *ask)
{
	struct msg_terminal_key answer = { .cookie = ask->cookie };

	answer.error = find_key(transfers, ask->terminal, &answer);
	transfers_say(transfers, MSG_TERMINAL_KEY, &answer);
}
