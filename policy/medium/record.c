// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/medium/record.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "policy/lang/document.h"
#include "policy/lang/print.h"

static const char *const filesystems[MEDIUM_FILESYSTEM_COUNT] = {
	[MEDIUM_FILESYSTEM_VFAT] = "vfat",
	[MEDIUM_FILESYSTEM_EXFAT] = "exfat",
	[MEDIUM_FILESYSTEM_EXT4] = "ext4",
};

const char *medium_filesystem_name(uint32_t filesystem)
{
	return filesystem < MEDIUM_FILESYSTEM_COUNT ? filesystems[filesystem] : "none";
}

enum medium_filesystem medium_filesystem(const char *name)
{
	enum medium_filesystem i;

	for (i = 0; i < MEDIUM_FILESYSTEM_COUNT; i++)
		if (strcmp(filesystems[i], name) == 0)
			break;
	return i;
}

void medium_id_format(const uint8_t id[static MEDIUM_ID_SIZE], char out[static MEDIUM_ID_TEXT])
{
	sodium_bin2hex(out, MEDIUM_ID_TEXT, id, MEDIUM_ID_SIZE);
}

static void print_fields(FILE *out, const struct medium_record *record)
{
	char id[MEDIUM_ID_TEXT], day[16] = "";
	time_t time = (time_t)record->enrolled;
	struct tm tm;

	medium_id_format(record->id, id);
	if (gmtime_r(&time, &tm))
		strftime(day, sizeof(day), "%Y-%m-%d", &tm);
	fprintf(out,
		"airgap-media 1\nmedium {\n    id          %s\n    device      id %04x:%04x  "
		"serial ",
		id, record->vendor, record->product);
	quoted_print(out, record->serial);
	fprintf(out, "\n    sectors     %" PRIu64 "\n    filesystem  %s  uuid ", record->sectors,
		medium_filesystem_name(record->filesystem));
	quoted_print(out, record->uuid);
	fprintf(out, "\n    enrolled    %s\n}\n", day);
}

long medium_record_print(const struct medium_record *record,
			 char out[static MEDIUM_RECORD_TEXT_MAX])
{
	FILE *stream = fmemopen(out, MEDIUM_RECORD_TEXT_MAX, "w");
	bool failed;

	if (!stream)
		return -ENOMEM;
	print_fields(stream, record);
	failed = ferror(stream) != 0;
	if (fclose(stream) != 0 || failed)
		return -ENOMEM;
	return (long)strlen(out);
}

/* "1D2C-3B4A", or 8-4-4-4-12 digits. */
static bool uuid_valid(const char *text)
{
	static const char *const forms[] = { "xxxx-xxxx", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *form = forms[i], *at = text;

		for (; *form && *at; form++, at++)
			if (*form == '-' ? *at != '-' : !strchr("0123456789abcdefABCDEF", *at))
				break;
		if (!*form && !*at)
			return true;
	}
	return false;
}

/* The schema's bounds are those of the arrays; the record was cleared before. */
static void read_record(const struct document *document, struct diag_list *diags,
			struct medium_record *record)
{
	const struct block *block = document_block(document, "medium");
	const struct statement *device = document_statement(block, "device", NULL);
	const struct value *id = statement_value(device, "id");
	const struct statement *system = document_statement(block, "filesystem", NULL);
	const struct value *day =
		statement_value(document_statement(block, "enrolled", NULL), "day");

	if (id->id.any_vendor || id->id.any_product)
		diag_error(diags, id->at, "name vendor and product in full",
			   "a record is of one device, not '%s'", id->text);
	if (!uuid_valid(statement_text(system, "uuid")))
		diag_error(diags, statement_value(system, "uuid")->at,
			   "write it as blkid shows it, such as 1D2C-3B4A",
			   "'%s' is not the UUID of a file system", statement_text(system, "uuid"));
	record->vendor = id->id.vendor;
	record->product = id->id.product;
	memcpy(record->id, statement_value(document_statement(block, "id", NULL), "id")->hash,
	       sizeof(record->id));
	record->sectors = document_number(document, "medium", "sectors", "count", 0);
	record->filesystem = (uint32_t)statement_value(system, "type")->number;
	record->enrolled = day->dates.from;
	snprintf(record->serial, sizeof(record->serial), "%s", statement_text(device, "serial"));
	snprintf(record->uuid, MEDIUM_UUID_SIZE, "%s", statement_text(system, "uuid"));
}

/* One spelling: what else could be written here could name somebody to the finder. */
static int check_spelling(const char *text, size_t length, struct diag_list *diags,
			  const struct medium_record *record)
{
	static const struct span top = { .line = 1, .column = 1 };
	char printed[MEDIUM_RECORD_TEXT_MAX];
	long n = medium_record_print(record, printed);

	if (n < 0)
		return (int)n;
	if ((size_t)n != length || memcmp(text, printed, length) != 0)
		diag_error(diags, top,
			   "write it as 'airgapctl media prepare' does, without comments",
			   "a record has one spelling only, and this is another");
	return 0;
}

int medium_record_parse(const char *text, size_t length, struct diag_list *diags,
			struct medium_record *record)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	struct document *document = NULL;
	size_t errors = list->errors;
	int ret;

	memset(record, 0, sizeof(*record));
	length = document_text_length(text, length);
	ret = document_parse("airgap-media", text, length, list, &document);
	if (!ret)
		read_record(document, list, record);
	if (!ret && list->errors == errors)
		ret = check_spelling(text, length, list, record);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (!ret)
		crypto_hash_sha256(record->digest, (const uint8_t *)text, length);
	else
		memset(record, 0, sizeof(*record));
	document_free(document);
	diag_list_free(&own);
	return ret;
}
