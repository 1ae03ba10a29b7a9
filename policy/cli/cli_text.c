// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy text FILE: exactly the bytes that the next signer signs. */
#include "policy/cli/cli.h"
#include "policy/sign/signed.h"

#include <stdlib.h>

int cli_text(const struct cli_args *args)
{
	char reason[SIGNED_REASON_SIZE] = "";
	size_t length, text_length = 0;
	int code = CLI_FINDINGS;
	char *bytes = NULL;

	if (cli_read(args->operands[0], &bytes, &length) != 0)
		return CLI_FINDINGS;
	if (signed_text((const uint8_t *)bytes, length, &text_length, reason) != 0)
		cli_error("%s: %s", args->operands[0], reason);
	else if (fwrite(bytes, 1, text_length, stdout) != text_length || fflush(stdout) != 0)
		cli_error("standard output: cannot be written");
	else
		code = CLI_GOOD;
	free(bytes);
	return code;
}
