// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/verify_slip.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policy/cli/cli.h"
#include "policy/cli/load.h"
#include "policy/sign/text.h"
#include "policy/table/table.h"
#include "policy/transfer/slip.h"

static int find_key(const char *terminals, const char *number, uint8_t key[static 32], char *reason)
{
	struct load_context context = { 0 };
	struct table_terminal row;
	int code = load_terminals(terminals, number, &context);

	if (code != CLI_GOOD)
		return code;
	code = CLI_FINDINGS;
	if (!table_terminal_find(context.terminals, number, &row))
		text_put(reason, SIGNED_REASON_SIZE, "%s does not have its terminal, %s", terminals,
			 number);
	else if (row.status != TABLE_STATUS_ACTIVE)
		text_put(reason, SIGNED_REASON_SIZE, "terminal %s is %s in %s", number,
			 table_status_name(row.status), terminals);
	else if (!row.log_key || slip_key_of_log(row.log_key, key) < 0)
		text_put(reason, SIGNED_REASON_SIZE, "%s has no log key of terminal %s", terminals,
			 number);
	else
		code = CLI_GOOD;
	load_context_free(&context);
	return code;
}

static void print_good(const char *path, const struct slip *slip)
{
	char digest[TRANSFER_DIGEST_TEXT], batch[TRANSFER_ID_TEXT];

	transfer_digest_format(slip->digest, digest);
	transfer_id_format(slip->batch, batch);
	printf("%s: good\n  purpose      %s\n  digest       blake2b:%s\n  terminal     %s\n"
	       "  batch        %s\n  unit         %s\n  level        %s\n  files        %u\n",
	       path, namespace_name(SIGN_NAMESPACE_SLIP), digest, slip->terminal, batch, slip->unit,
	       slip->level, slip->file_count);
}

static int print_json(const char *path, bool good, const char *reason, const struct slip *slip)
{
	char digest[TRANSFER_DIGEST_TEXT], batch[TRANSFER_ID_TEXT];

	transfer_digest_format(slip->digest, digest);
	transfer_id_format(slip->batch, batch);
	return load_print_json(json_pack(
		"{s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i}", "file", path, "good", good,
		"reason", reason, "namespace", namespace_name(SIGN_NAMESPACE_SLIP), "digest",
		digest, "terminal", slip->terminal, "batch", batch, "unit", slip->unit, "level",
		slip->level, "files", (int)slip->file_count));
}

int verify_slip(const char *path, const char *terminals, bool json)
{
	char reason[SIGNED_REASON_SIZE] = "", number[TRANSFER_TERMINAL_SIZE];
	struct slip slip = { 0 };
	uint8_t key[32];
	size_t length = 0;
	char *bytes = NULL;
	int code;

	if (cli_read(path, &bytes, &length) != 0)
		return CLI_USAGE;
	code = slip_terminal((const uint8_t *)bytes, length, number, reason) ? CLI_FINDINGS
									     : CLI_GOOD;
	if (code == CLI_GOOD)
		code = find_key(terminals, number, key, reason);
	if (code == CLI_GOOD &&
	    slip_verify((const uint8_t *)bytes, length, key, &slip, reason) != 0)
		code = CLI_FINDINGS;
	if (json && code != CLI_USAGE)
		print_json(path, code == CLI_GOOD, reason, &slip);
	else if (code == CLI_GOOD)
		print_good(path, &slip);
	else if (code == CLI_FINDINGS)
		fprintf(stderr, "%s: refused: %s\n", path, reason);
	slip_free(&slip);
	free(bytes);
	return code;
}
