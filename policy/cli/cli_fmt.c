// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-policy fmt [--write] FILE */
#include "policy/cli/cli.h"
#include "policy/cli/texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/print.h"
#include "policy/table/table_print.h"

static int put_text(const struct cli_args *args, const char *bytes, size_t length, const char *text,
		    size_t text_length)
{
	const char *path = args->operands[0];

	if (!args->options[0])
		return fwrite(text, 1, text_length, stdout) == text_length ? CLI_GOOD : CLI_USAGE;
	if (document_text_length(bytes, length) != length) {
		cli_error(
			"%s is signed, and its signatures hold for these very bytes; to change it, "
			"begin from 'airgap-policy text %s'",
			path, path);
		return CLI_FINDINGS;
	}
	if (text_length == length && memcmp(text, bytes, length) == 0)
		return CLI_GOOD;
	return cli_write(path, text, text_length) ? CLI_USAGE : CLI_GOOD;
}

static int print_text(const char *bytes, size_t length, struct diag_list *diags, char **text,
		      size_t *text_length)
{
	const char *kind = cli_kind(bytes, length);
	struct document *document = NULL;
	int ret;

	if (kind && strcmp(kind, "airgap-table") == 0)
		return table_print(bytes, length, diags, text, text_length);
	if (texts_exact(kind)) {
		ret = texts_check(kind, bytes, length, diags);
		*text_length = document_text_length(bytes, length);
		*text = ret ? NULL : strndup(bytes, *text_length);
		return ret ? ret : *text ? 0 : -ENOMEM;
	}
	ret = document_parse(NULL, bytes, length, diags, &document);
	if (!ret)
		ret = document_print(document, text, text_length);
	document_free(document);
	return ret;
}

int cli_fmt(const struct cli_args *args)
{
	const char *path = args->operands[0];
	struct diag_list diags = DIAG_LIST_INIT;
	size_t length = 0, text_length = 0;
	char *bytes = NULL, *text = NULL;
	int ret;

	if (args->options[0] && strcmp(path, "-") == 0)
		return cli_usage_error(args, "standard input cannot be written back");
	if (cli_read(path, &bytes, &length))
		return CLI_USAGE;
	ret = print_text(bytes, length, &diags, &text, &text_length);
	diag_print(stderr, path, bytes, length, &diags);
	if (ret == -ENOMEM)
		cli_error("%s: %s", path, strerror(ENOMEM));
	if (ret)
		ret = ret == -EINVAL ? CLI_FINDINGS : CLI_USAGE;
	else
		ret = put_text(args, bytes, length, text, text_length);
	diag_list_free(&diags);
	free(text);
	free(bytes);
	return ret;
}
