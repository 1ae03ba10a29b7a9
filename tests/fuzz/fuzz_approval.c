// SPDX-License-Identifier: GPL-2.0-or-later
/* Approvals: what is taken has one spelling, and agrees with the batch that it names and no other. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "policy/lang/document.h"
#include "policy/transfer/approval.h"

static void approval_holds(const struct approval *approval)
{
	struct approval_case it = {
		.batch = approval->batch,
		.manifest = approval->manifest,
		.medium = approval->medium,
		.direction = approval->direction,
		.level = approval->level,
		.unit = approval->unit,
		.requester = approval->requester,
		.now = approval->until,
	};
	uint8_t other[TRANSFER_DIGEST];

	MUST(ENDED(approval->unit) && ENDED(approval->level) && ENDED(approval->requester));
	MUST(approval->level[0] && approval->requester[0] && fuzz_shown(approval->requester));
	if (approval->until <= 0)
		return;
	MUST(approval_judge(approval, &it) == APPROVAL_GOOD);
	it.now++;
	MUST(approval_judge(approval, &it) == APPROVAL_EXPIRED);
	memcpy(other, approval->manifest, sizeof(other));
	other[7] ^= 1;
	it.manifest = other;
	MUST(approval_judge(approval, &it) == APPROVAL_OTHER_MANIFEST);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct approval empty;
	struct diag_list diags = DIAG_LIST_INIT;
	const char *text = (const char *)data;
	size_t length = document_text_length(text, size);
	char printed[APPROVAL_TEXT_MAX];
	struct approval approval, again;
	int result;

	memset(&approval, 0xff, sizeof(approval));
	result = approval_parse(text, size, &diags, &approval);
	fuzz_diags_hold(&diags, text, length, result);
	diag_list_free(&diags);
	if (result) {
		MUST(memcmp(&approval, &empty, sizeof(empty)) == 0);
		return 0;
	}
	approval_holds(&approval);
	again = approval;
	MUST(approval_print(&again, printed) == (long)length);
	MUST(memcmp(printed, text, length) == 0 && memcmp(&approval, &again, sizeof(again)) == 0);
	return 0;
}
