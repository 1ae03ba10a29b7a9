// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/transfer/slip.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/print.h"
#include "policy/transfer/spelling.h"

static void print_lists(FILE *out, const struct slip *slip)
{
	for (uint32_t i = 0; i < slip->recipient_count && i < TRANSFER_RECIPIENTS_MAX; i++)
		spelling_text(out, "recipient", slip->recipients[i]);
	for (uint32_t i = 0; i < slip->approval_count && i < TRANSFER_APPROVALS_MAX; i++) {
		const struct slip_approval *approval = &slip->approvals[i];

		spelling_keyword(out, "approval");
		fprintf(out, "%s  person ", approval->key);
		quoted_print(out, approval->person);
		fputs("  nonce ", out);
		spelling_hex(out, approval->nonce, sizeof(approval->nonce));
		fputc('\n', out);
	}
	for (uint32_t i = 0; i < slip->file_count; i++) {
		const struct slip_file *file = &slip->files[i];

		spelling_file(out, &file->file);
		fputs("  object ", out);
		spelling_hex(out, file->object, sizeof(file->object));
		fprintf(out, "  sealed %" PRIu64 "  seal ", file->sealed_size);
		spelling_hex(out, file->sealed, sizeof(file->sealed));
		fputc('\n', out);
	}
}

/* The number of the terminal stands first: slip_terminal() looks for it there. */
static void print_slip(FILE *out, const void *what)
{
	const struct slip *slip = what;

	fputs("airgap-slip 1\nslip {\n", out);
	spelling_text(out, "terminal", slip->terminal);
	spelling_bytes(out, "batch", slip->batch, sizeof(slip->batch));
	spelling_bytes(out, "manifest", slip->manifest, sizeof(slip->manifest));
	spelling_text(out, "from", slip->from);
	spelling_text(out, "unit", slip->unit);
	spelling_word(out, "level", slip->level);
	spelling_text(out, "term", slip->term);
	spelling_text(out, "basis", slip->basis);
	spelling_text(out, "requester", slip->requester);
	spelling_time(out, "created", slip->created);
	spelling_keyword(out, "medium");
	spelling_hex(out, slip->medium, sizeof(slip->medium));
	fprintf(out, "  sequence %" PRIu64 "  counter ", slip->sequence);
	spelling_hex(out, slip->counter, sizeof(slip->counter));
	fprintf(out, "\n    %-9s  %" PRIu64 "\n", "entry", slip->entry);
	print_lists(out, slip);
	fputs("}\n", out);
}

static void read_medium(const struct spelling_reader *reader, struct slip *slip)
{
	const struct statement *medium = document_statement(reader->block, "medium", NULL);

	spelling_read_bytes(reader, "medium", "id", slip->medium, sizeof(slip->medium));
	spelling_read_bytes(reader, "medium", "counter", slip->counter, sizeof(slip->counter));
	slip->sequence = statement_number(medium, "sequence", 0);
	slip->entry =
		statement_number(document_statement(reader->block, "entry", NULL), "number", 0);
}

static void read_fields(const struct spelling_reader *reader, struct slip *slip)
{
	spelling_read_text(reader, "terminal", "number", slip->terminal, sizeof(slip->terminal));
	spelling_read_bytes(reader, "batch", "id", slip->batch, sizeof(slip->batch));
	spelling_read_bytes(reader, "manifest", "digest", slip->manifest, sizeof(slip->manifest));
	spelling_read_text(reader, "from", "unit", slip->from, sizeof(slip->from));
	spelling_read_text(reader, "unit", "unit", slip->unit, sizeof(slip->unit));
	spelling_read_text(reader, "level", "level", slip->level, sizeof(slip->level));
	spelling_read_text(reader, "term", "term", slip->term, sizeof(slip->term));
	spelling_read_text(reader, "basis", "basis", slip->basis, sizeof(slip->basis));
	spelling_read_text(reader, "requester", "login", slip->requester, sizeof(slip->requester));
	slip->created = spelling_read_time(reader, "created");
	read_medium(reader, slip);
}

/* False, having reported, when there is no room for one more. */
static bool has_room(const struct spelling_reader *reader, const struct statement *statement,
		     uint32_t count, uint32_t max)
{
	if (count < max)
		return true;
	diag_error(reader->diags, statement->at, NULL, "more than %u of '%s'", max,
		   statement->schema->keyword);
	return false;
}

static void read_recipients(const struct spelling_reader *reader, struct slip *slip)
{
	const struct statement *it = NULL;

	while ((it = document_statement(reader->block, "recipient", it)))
		if (!has_room(reader, it, slip->recipient_count, TRANSFER_RECIPIENTS_MAX))
			return;
		else
			spelling_read_recipient(reader, it,
						slip->recipients[slip->recipient_count++]);
}

static void read_approvals(const struct spelling_reader *reader, struct slip *slip)
{
	const struct statement *it = NULL;

	while ((it = document_statement(reader->block, "approval", it))) {
		struct slip_approval *approval = &slip->approvals[slip->approval_count];

		if (!has_room(reader, it, slip->approval_count, TRANSFER_APPROVALS_MAX))
			return;
		snprintf(approval->key, sizeof(approval->key), "%s", statement_text(it, "key"));
		snprintf(approval->person, sizeof(approval->person), "%s",
			 statement_text(it, "person"));
		memcpy(approval->nonce, statement_value(it, "nonce")->hash,
		       sizeof(approval->nonce));
		slip->approval_count++;
	}
}

static int compare_names(const void *a, const void *b)
{
	const struct slip_file *const *left = a, *const *right = b;

	return strcmp((*left)->file.name, (*right)->file.name);
}

static int compare_objects(const void *a, const void *b)
{
	const struct slip_file *const *left = a, *const *right = b;

	return memcmp((*left)->object, (*right)->object, sizeof((*left)->object));
}

/* Each file and each object once. */
static int check_twice(const struct spelling_reader *reader, const struct slip *slip,
		       int (*compare)(const void *, const void *), const char *what)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers, so the size of one */
	const size_t one = sizeof(const struct slip_file *);
	const struct slip_file **sorted = calloc(slip->file_count + 1, one);

	if (!sorted)
		return -ENOMEM;
	for (uint32_t i = 0; i < slip->file_count; i++)
		sorted[i] = &slip->files[i];
	qsort(sorted, slip->file_count, one, compare);
	for (uint32_t i = 1; i < slip->file_count; i++)
		if (compare(&sorted[i - 1], &sorted[i]) == 0) {
			diag_error(reader->diags, reader->block->at, NULL,
				   "'%s' and another file have one %s", sorted[i]->file.name, what);
			break;
		}
	free(sorted);
	return 0;
}

static int read_files(const struct spelling_reader *reader, struct slip *slip)
{
	const struct statement *it = NULL;
	uint32_t count = 0;

	while ((it = document_statement(reader->block, "file", it)))
		if (!has_room(reader, it, count++, TRANSFER_FILES_MAX))
			return 0;
	slip->files = calloc(count + 1, sizeof(*slip->files));
	if (!slip->files)
		return -ENOMEM;
	while ((it = document_statement(reader->block, "file", it))) {
		struct slip_file *file = &slip->files[slip->file_count++];

		spelling_read_file(reader, it, &file->file);
		memcpy(file->object, statement_value(it, "object")->hash, sizeof(file->object));
		memcpy(file->sealed, statement_value(it, "seal")->hash, sizeof(file->sealed));
		file->sealed_size = statement_number(it, "sealed", 0);
	}
	return check_twice(reader, slip, compare_names, "name") ||
			       check_twice(reader, slip, compare_objects, "object")
		       ? -ENOMEM
		       : 0;
}

static int read_slip(const struct document *document, struct diag_list *diags, struct slip *slip)
{
	const struct spelling_reader reader = {
		.block = document_block(document, "slip"),
		.diags = diags,
	};

	read_fields(&reader, slip);
	read_recipients(&reader, slip);
	read_approvals(&reader, slip);
	return read_files(&reader, slip);
}

int slip_parse(const char *text, size_t length, struct diag_list *diags, struct slip *slip)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	struct document *document = NULL;
	size_t errors = list->errors;
	int ret;

	memset(slip, 0, sizeof(*slip));
	length = document_text_length(text, length);
	ret = document_parse("airgap-slip", text, length, list, &document);
	if (!ret)
		ret = read_slip(document, list, slip);
	if (!ret && list->errors == errors)
		ret = spelling_check(print_slip, slip, text, length,
				     "airgap-transferd writes it; it is not made by hand", list);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (!ret)
		transfer_digest(text, length, slip->digest);
	else
		slip_free(slip);
	document_free(document);
	diag_list_free(&own);
	return ret;
}

int slip_print(struct slip *slip, char **text, size_t *length)
{
	struct slip again;
	int ret;

	*text = NULL;
	ret = spelling_print(print_slip, slip, text, length);
	if (!ret)
		ret = slip_parse(*text, *length, NULL, &again);
	if (ret) {
		free(*text);
		*text = NULL;
		return ret;
	}
	memcpy(slip->digest, again.digest, sizeof(slip->digest));
	slip_free(&again);
	return 0;
}

int slip_from_manifest(const struct manifest *manifest, struct slip *slip)
{
	memset(slip, 0, sizeof(*slip));
	slip->files = calloc(manifest->file_count + 1, sizeof(*slip->files));
	if (!slip->files)
		return -ENOMEM;
	for (uint32_t i = 0; i < manifest->file_count; i++)
		slip->files[i].file = manifest->files[i];
	slip->file_count = manifest->file_count;
	memcpy(slip->batch, manifest->batch, sizeof(slip->batch));
	memcpy(slip->manifest, manifest->digest, sizeof(slip->manifest));
	memcpy(slip->terminal, manifest->terminal, sizeof(slip->terminal));
	memcpy(slip->unit, manifest->unit, sizeof(slip->unit));
	memcpy(slip->level, manifest->level, sizeof(slip->level));
	memcpy(slip->term, manifest->term, sizeof(slip->term));
	memcpy(slip->basis, manifest->basis, sizeof(slip->basis));
	memcpy(slip->requester, manifest->requester, sizeof(slip->requester));
	return 0;
}

static bool same_file(const struct manifest_file *a, const struct manifest_file *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->type, b->type) == 0 &&
	       a->size == b->size && memcmp(a->digest, b->digest, sizeof(a->digest)) == 0;
}

int slip_agrees(const struct slip *slip, const struct manifest *manifest)
{
	if (memcmp(slip->batch, manifest->batch, sizeof(slip->batch)) != 0 ||
	    memcmp(slip->manifest, manifest->digest, sizeof(slip->manifest)) != 0 ||
	    strcmp(slip->terminal, manifest->terminal) != 0 ||
	    strcmp(slip->unit, manifest->unit) != 0 || strcmp(slip->level, manifest->level) != 0 ||
	    strcmp(slip->term, manifest->term) != 0 || strcmp(slip->basis, manifest->basis) != 0 ||
	    strcmp(slip->requester, manifest->requester) != 0 ||
	    slip->file_count != manifest->file_count)
		return -EBADMSG;
	for (uint32_t i = 0; i < slip->file_count; i++)
		if (!same_file(&slip->files[i].file, &manifest->files[i]))
			return -EBADMSG;
	return 0;
}

void slip_free(struct slip *slip)
{
	free(slip->files);
	memset(slip, 0, sizeof(*slip));
}
