// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/transfer/approval.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "policy/transfer/spelling.h"

static void print_medium(FILE *out, const struct approval *approval)
{
	char id[MEDIUM_ID_TEXT] = "any";

	if (!sodium_is_zero(approval->medium, sizeof(approval->medium)))
		medium_id_format(approval->medium, id);
	spelling_word(out, "medium", id);
}

static void print_approval(FILE *out, const void *what)
{
	const struct approval *approval = what;

	fputs("airgap-approval 1\napproval {\n", out);
	spelling_bytes(out, "batch", approval->batch, sizeof(approval->batch));
	spelling_bytes(out, "manifest", approval->manifest, sizeof(approval->manifest));
	spelling_word(out, "direction", approval->direction == TRANSFER_OUT ? "out" : "in");
	spelling_text(out, "unit", approval->unit);
	spelling_word(out, "level", approval->level);
	spelling_text(out, "requester", approval->requester);
	print_medium(out, approval);
	spelling_bytes(out, "nonce", approval->nonce, sizeof(approval->nonce));
	spelling_time(out, "until", approval->until);
	fputs("}\n", out);
}

static void read_medium(const struct spelling_reader *reader, struct approval *approval)
{
	const struct statement *statement = document_statement(reader->block, "medium", NULL);
	const struct value *medium = statement_value(statement, "medium");
	size_t length = 0;

	if (strcmp(medium->text, "any") == 0)
		return;
	if (strlen(medium->text) != MEDIUM_ID_TEXT - 1 ||
	    sodium_hex2bin(approval->medium, sizeof(approval->medium), medium->text,
			   MEDIUM_ID_TEXT - 1, NULL, &length, NULL) != 0 ||
	    length != sizeof(approval->medium) ||
	    sodium_is_zero(approval->medium, sizeof(approval->medium)))
		diag_error(reader->diags, medium->at, "write any, or the 32 digits of its id",
			   "'%s' is not the id of a medium", medium->text);
}

static void read_approval(const struct spelling_reader *reader, struct approval *approval)
{
	spelling_read_bytes(reader, "batch", "id", approval->batch, sizeof(approval->batch));
	spelling_read_bytes(reader, "manifest", "digest", approval->manifest,
			    sizeof(approval->manifest));
	spelling_read_bytes(reader, "nonce", "nonce", approval->nonce, sizeof(approval->nonce));
	spelling_read_text(reader, "unit", "unit", approval->unit, sizeof(approval->unit));
	spelling_read_text(reader, "level", "level", approval->level, sizeof(approval->level));
	spelling_read_text(reader, "requester", "login", approval->requester,
			   sizeof(approval->requester));
	approval->direction = spelling_read_direction(reader);
	approval->until = spelling_read_time(reader, "until");
	read_medium(reader, approval);
	if (approval->direction == TRANSFER_OUT && !approval->unit[0])
		diag_error(reader->diags, reader->block->at, "add it",
			   "an approval of what goes out names the unit that it is for");
}

int approval_parse(const char *text, size_t length, struct diag_list *diags,
		   struct approval *approval)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	struct spelling_reader reader = { .diags = list };
	struct document *document = NULL;
	size_t errors = list->errors;
	int ret;

	memset(approval, 0, sizeof(*approval));
	length = document_text_length(text, length);
	ret = document_parse("airgap-approval", text, length, list, &document);
	if (!ret) {
		reader.block = document_block(document, "approval");
		read_approval(&reader, approval);
	}
	if (!ret && list->errors == errors)
		ret = spelling_check(print_approval, approval, text, length,
				     "sign it as 'airgapctl transfer approve --print' writes it",
				     list);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (!ret)
		transfer_digest(text, length, approval->digest);
	else
		memset(approval, 0, sizeof(*approval));
	document_free(document);
	diag_list_free(&own);
	return ret;
}

long approval_print(struct approval *approval, char out[static APPROVAL_TEXT_MAX])
{
	struct approval again;
	size_t length = 0;
	char *text = NULL;
	int ret;

	ret = spelling_print(print_approval, approval, &text, &length);
	if (!ret)
		ret = approval_parse(text, length, NULL, &again);
	if (!ret && length >= APPROVAL_TEXT_MAX)
		ret = -EINVAL;
	if (!ret) {
		memcpy(out, text, length + 1);
		memcpy(approval->digest, again.digest, sizeof(approval->digest));
	}
	free(text);
	return ret ? ret : (long)length;
}
