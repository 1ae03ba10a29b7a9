// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Slips as they come from a medium: whose one claims to be, its signature, its text. The key is that of
 * seed 7 in tests/tools/transfer-text, so that the seeds of the corpus verify; what is changed does not.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/transfer/slip.h"

static void slip_holds(const struct slip *slip, const char *text, size_t length)
{
	static struct slip again;
	char *printed = NULL;
	size_t size = 0;

	MUST(ENDED(slip->terminal) && slip->terminal[0] && fuzz_shown(slip->terminal));
	MUST(ENDED(slip->from) && slip->from[0] && ENDED(slip->unit) && slip->unit[0]);
	MUST(slip->file_count > 0 && slip->file_count <= TRANSFER_FILES_MAX);
	MUST(slip->recipient_count > 0 && slip->recipient_count <= TRANSFER_RECIPIENTS_MAX);
	MUST(slip->approval_count <= TRANSFER_APPROVALS_MAX && slip->sequence > 0);
	for (uint32_t i = 0; i < slip->file_count; i++)
		MUST(!transfer_name_flaw(slip->files[i].file.name) &&
		     ENDED(slip->files[i].file.type));
	again = *slip;
	MUST(slip_print(&again, &printed, &size) == 0);
	MUST(size == length && memcmp(printed, text, length) == 0);
	free(printed);
}

static void parse(const char *text, size_t size)
{
	static const struct slip empty;
	static struct slip slip;
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = document_text_length(text, size);
	int result;

	memset(&slip, 0xff, sizeof(slip));
	result = slip_parse(text, size, &diags, &slip);
	fuzz_diags_hold(&diags, text, length, result);
	diag_list_free(&diags);
	if (result) {
		MUST(memcmp(&slip, &empty, sizeof(empty)) == 0);
		return;
	}
	slip_holds(&slip, text, length);
	slip_free(&slip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t seed[32], key[32], secret[64];
	char reason[SIGNED_REASON_SIZE], terminal[TRANSFER_TERMINAL_SIZE];
	static struct slip slip;
	int result;

	memset(seed, 7, sizeof(seed));
	crypto_sign_seed_keypair(key, secret, seed);
	result = slip_terminal(data, size, terminal, reason);
	MUST(ENDED(terminal) && (result == 0) == (terminal[0] != '\0'));
	MUST(result == 0 || reason[0]);
	result = slip_verify(data, size, key, &slip, reason);
	MUST(ENDED(reason) && (result == 0 || reason[0]));
	if (result == 0) {
		/* Then it claims what it is. */
		MUST(slip_terminal(data, size, terminal, reason) == 0);
		MUST(strcmp(terminal, slip.terminal) == 0);
		slip_free(&slip);
	}
	parse((const char *)data, size);
	return 0;
}
