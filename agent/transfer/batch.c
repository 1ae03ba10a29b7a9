// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/batch.h"

#include <string.h>

static const char *const state_names[BATCH_STATE_COUNT] = {
	[BATCH_STAGING] = "staging",
	[BATCH_WAITING] = "waiting",
	[BATCH_READY] = "ready",
	[BATCH_WORKING] = "working",
	[BATCH_INBOX] = "inbox",
	[BATCH_DONE] = "done",
	[BATCH_REFUSED] = "refused",
	[BATCH_QUARANTINED] = "quarantined",
	[BATCH_EXPIRED] = "expired",
	[BATCH_CANCELLED] = "cancelled",
	[BATCH_INTERRUPTED] = "interrupted",
};

const char *batch_state_name(uint32_t state)
{
	return state < BATCH_STATE_COUNT ? state_names[state] : "unknown";
}

bool batch_is_over(const struct batch *batch)
{
	return batch->state >= BATCH_DONE;
}

bool batch_holds_files(const struct batch *batch)
{
	return !batch_is_over(batch);
}

struct policy_need batch_given(const struct batch *batch, int64_t now)
{
	struct policy_need given = { 0 };

	for (uint32_t i = 0; i < batch->approval_count; i++)
		if (batch->approvals[i].until >= now &&
		    batch->approvals[i].duty < POLICY_DUTY_COUNT)
			given.duty[batch->approvals[i].duty]++;
	return given;
}

unsigned int batch_lacks(const struct batch *batch, int64_t now, unsigned int duty)
{
	struct policy_need given = batch_given(batch, now);

	if (duty >= POLICY_DUTY_COUNT || given.duty[duty] >= batch->need.duty[duty])
		return 0;
	return batch->need.duty[duty] - given.duty[duty];
}

unsigned int batch_lacks_any(const struct batch *batch, int64_t now)
{
	unsigned int duties = 0;

	for (unsigned int duty = 0; duty < POLICY_DUTY_COUNT; duty++)
		if (batch_lacks(batch, now, duty))
			duties |= 1u << duty;
	return duties;
}

bool batch_is_seen(const struct batch *batch, const struct batch_viewer *viewer, int64_t now)
{
	if (viewer->root || viewer->uid == batch->uid)
		return true;
	return batch->state == BATCH_WAITING && (batch_lacks_any(batch, now) & viewer->duties);
}
