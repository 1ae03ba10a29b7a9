// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/transfer/spelling.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/decide/recipients.h"
#include "policy/lang/print.h"

void spelling_keyword(FILE *out, const char *keyword)
{
	fprintf(out, "    %-9s  ", keyword);
}

void spelling_hex(FILE *out, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
}

void spelling_word(FILE *out, const char *keyword, const char *word)
{
	spelling_keyword(out, keyword);
	fprintf(out, "%s\n", word);
}

void spelling_text(FILE *out, const char *keyword, const char *text)
{
	if (!text[0])
		return;
	spelling_keyword(out, keyword);
	quoted_print(out, text);
	fputc('\n', out);
}

void spelling_bytes(FILE *out, const char *keyword, const uint8_t *bytes, size_t size)
{
	spelling_keyword(out, keyword);
	spelling_hex(out, bytes, size);
	fputc('\n', out);
}

void spelling_time(FILE *out, const char *keyword, int64_t when)
{
	time_t seconds = (time_t)when;
	char text[32] = "-";
	struct tm tm;

	if (when >= 0 && when <= SPELLING_TIME_MAX && gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	spelling_word(out, keyword, text);
}

void spelling_file(FILE *out, const struct manifest_file *file)
{
	spelling_keyword(out, "file");
	quoted_print(out, file->name);
	fprintf(out, "  type %s  size %" PRIu64 "  digest ", file->type, file->size);
	spelling_hex(out, file->digest, sizeof(file->digest));
}

void spelling_read_text(const struct spelling_reader *reader, const char *keyword, const char *name,
			char *out, size_t size)
{
	const char *text = statement_text(document_statement(reader->block, keyword, NULL), name);

	snprintf(out, size, "%s", text ? text : "");
}

void spelling_read_bytes(const struct spelling_reader *reader, const char *keyword,
			 const char *name, uint8_t *out, size_t size)
{
	const struct statement *statement = document_statement(reader->block, keyword, NULL);

	memcpy(out, statement_value(statement, name)->hash, size);
}

int64_t spelling_read_time(const struct spelling_reader *reader, const char *keyword)
{
	const struct statement *statement = document_statement(reader->block, keyword, NULL);

	return statement_value(statement, "time")->dates.from;
}

uint32_t spelling_read_direction(const struct spelling_reader *reader)
{
	const struct statement *statement = document_statement(reader->block, "direction", NULL);

	return (uint32_t)statement_number(statement, "direction", TRANSFER_IN);
}

void spelling_read_file(const struct spelling_reader *reader, const struct statement *statement,
			struct manifest_file *file)
{
	const char *name = statement_text(statement, "name");
	const char *type = statement_text(statement, "type");
	const char *flaw = transfer_name_flaw(name);

	if (flaw)
		diag_error(reader->diags, statement_value(statement, "name")->at,
			   "give the file another name", "'%s' cannot be transferred: %s", name,
			   flaw);
	if (strlen(type) >= TRANSFER_TYPE_SIZE)
		diag_error(reader->diags, statement_value(statement, "type")->at,
			   "types are short words such as pdf", "'%s' is not a type of file", type);
	snprintf(file->name, sizeof(file->name), "%s", name);
	snprintf(file->type, sizeof(file->type), "%s", type);
	file->size = statement_number(statement, "size", 0);
	memcpy(file->digest, statement_value(statement, "digest")->hash, sizeof(file->digest));
}

void spelling_read_recipient(const struct spelling_reader *reader,
			     const struct statement *statement, char *out)
{
	const struct value *value = statement_value(statement, "recipient");

	if (!recipients_form(value->text))
		diag_error(reader->diags, value->at,
			   "write the line that age-keygen prints as the public key",
			   "'%s' is not a recipient of age", value->text);
	snprintf(out, TRANSFER_RECIPIENT, "%s", value->text);
}

int spelling_print(spelling_printer print, const void *what, char **text, size_t *length)
{
	FILE *out = open_memstream(text, length);
	bool failed;

	if (!out)
		return -ENOMEM;
	print(out, what);
	failed = ferror(out) != 0;
	if (fclose(out) == 0 && !failed)
		return 0;
	free(*text);
	*text = NULL;
	return -ENOMEM;
}

int spelling_check(spelling_printer print, const void *what, const char *text, size_t length,
		   const char *who, struct diag_list *diags)
{
	static const struct span top = { .line = 1, .column = 1 };
	size_t printed_length = 0;
	char *printed = NULL;
	int ret;

	ret = spelling_print(print, what, &printed, &printed_length);
	if (ret)
		return ret;
	if (printed_length != length || memcmp(printed, text, length) != 0)
		diag_error(diags, top, who,
			   "such a text has one spelling only, and this is another");
	free(printed);
	return 0;
}
