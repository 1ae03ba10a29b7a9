// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/transfer/manifest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/transfer/spelling.h"

/* Files are kept in steps of this many. */
#define FILES_STEP 16

static void print_manifest(FILE *out, const void *what)
{
	const struct manifest *manifest = what;

	fputs("airgap-manifest 1\nmanifest {\n", out);
	spelling_bytes(out, "batch", manifest->batch, sizeof(manifest->batch));
	spelling_text(out, "terminal", manifest->terminal);
	spelling_word(out, "direction", manifest->direction == TRANSFER_OUT ? "out" : "in");
	spelling_text(out, "unit", manifest->unit);
	spelling_word(out, "level", manifest->level);
	spelling_text(out, "term", manifest->term);
	spelling_text(out, "basis", manifest->basis);
	spelling_text(out, "requester", manifest->requester);
	spelling_time(out, "created", manifest->created);
	for (uint32_t i = 0; i < manifest->file_count; i++) {
		spelling_file(out, &manifest->files[i]);
		fputc('\n', out);
	}
	fputs("}\n", out);
}

static void read_fields(const struct spelling_reader *reader, struct manifest *manifest)
{
	spelling_read_bytes(reader, "batch", "id", manifest->batch, sizeof(manifest->batch));
	spelling_read_text(reader, "terminal", "number", manifest->terminal,
			   sizeof(manifest->terminal));
	spelling_read_text(reader, "unit", "unit", manifest->unit, sizeof(manifest->unit));
	spelling_read_text(reader, "level", "level", manifest->level, sizeof(manifest->level));
	spelling_read_text(reader, "term", "term", manifest->term, sizeof(manifest->term));
	spelling_read_text(reader, "basis", "basis", manifest->basis, sizeof(manifest->basis));
	spelling_read_text(reader, "requester", "login", manifest->requester,
			   sizeof(manifest->requester));
	manifest->direction = spelling_read_direction(reader);
	manifest->created = spelling_read_time(reader, "created");
}

static int read_file(const struct spelling_reader *reader, const struct statement *statement,
		     struct manifest *manifest)
{
	struct manifest_file file = { 0 };
	size_t errors = reader->diags->errors;
	int ret;

	spelling_read_file(reader, statement, &file);
	if (reader->diags->errors > errors)
		return 0;
	ret = manifest_add(manifest, &file);
	if (ret == -EEXIST)
		diag_error(reader->diags, statement->at, "each file has a name of its own",
			   "'%s' stands twice", file.name);
	else if (ret == -E2BIG)
		diag_error(reader->diags, statement->at, "make two batches of it",
			   "a batch has at most %d files", TRANSFER_FILES_MAX);
	return ret == -ENOMEM || ret == -E2BIG ? ret : 0;
}

/* What goes out is somebody else's to keep: he must know for how long, and why. */
static void check_outward(const struct spelling_reader *reader, const struct manifest *manifest)
{
	static const char *const keywords[] = { "unit", "term", "basis" };
	const char *const texts[] = { manifest->unit, manifest->term, manifest->basis };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (manifest->direction == TRANSFER_OUT && !texts[i][0])
			diag_error(reader->diags, reader->block->at, "add it",
				   "a batch that goes out needs its '%s'", keywords[i]);
}

static int read_manifest(const struct document *document, struct diag_list *diags,
			 struct manifest *manifest)
{
	const struct spelling_reader reader = {
		.block = document_block(document, "manifest"),
		.diags = diags,
	};
	const struct statement *file = NULL;
	int ret = 0;

	read_fields(&reader, manifest);
	check_outward(&reader, manifest);
	while (!ret && (file = document_statement(reader.block, "file", file)))
		ret = read_file(&reader, file, manifest);
	return ret == -ENOMEM ? ret : 0;
}

int manifest_parse(const char *text, size_t length, struct diag_list *diags,
		   struct manifest *manifest)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	struct document *document = NULL;
	size_t errors = list->errors;
	int ret;

	memset(manifest, 0, sizeof(*manifest));
	ret = document_parse("airgap-manifest", text, length, list, &document);
	if (!ret)
		ret = read_manifest(document, list, manifest);
	if (!ret && list->errors == errors)
		ret = spelling_check(print_manifest, manifest, text, length,
				     "airgap-transferd writes it; it is not made by hand", list);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (!ret)
		transfer_digest(text, length, manifest->digest);
	else
		manifest_free(manifest);
	document_free(document);
	diag_list_free(&own);
	return ret;
}

int manifest_print(struct manifest *manifest, char **text, size_t *length)
{
	struct manifest again;
	int ret;

	*text = NULL;
	ret = spelling_print(print_manifest, manifest, text, length);
	if (!ret)
		ret = manifest_parse(*text, *length, NULL, &again);
	if (ret) {
		free(*text);
		*text = NULL;
		return ret;
	}
	memcpy(manifest->digest, again.digest, sizeof(manifest->digest));
	manifest_free(&again);
	return 0;
}

int manifest_add(struct manifest *manifest, const struct manifest_file *file)
{
	struct manifest_file *files = manifest->files;
	uint32_t count = manifest->file_count;

	if (transfer_name_flaw(file->name))
		return -EINVAL;
	if (count >= TRANSFER_FILES_MAX)
		return -E2BIG;
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(files[i].name, file->name) == 0)
			return -EEXIST;
	if (count % FILES_STEP == 0) {
		files = realloc(files, (count + FILES_STEP) * sizeof(*files));
		if (!files)
			return -ENOMEM;
		manifest->files = files;
	}
	files[count] = *file;
	manifest->file_count++;
	return 0;
}

uint64_t manifest_size(const struct manifest *manifest)
{
	uint64_t size = 0;

	for (uint32_t i = 0; i < manifest->file_count; i++)
		if (__builtin_add_overflow(size, manifest->files[i].size, &size))
			return UINT64_MAX;
	return size;
}

static int add_type(struct transfer_facts *facts, const char *type)
{
	for (uint32_t i = 0; i < facts->type_count; i++)
		if (strcmp(facts->types[i], type) == 0)
			return 0;
	if (facts->type_count == TRANSFER_TYPES_MAX)
		return -E2BIG;
	snprintf(facts->types[facts->type_count++], TRANSFER_TYPE_SIZE, "%s", type);
	return 0;
}

int manifest_facts(const struct manifest *manifest, struct transfer_facts *facts)
{
	int ret = 0;

	memset(facts, 0, sizeof(*facts));
	facts->direction = manifest->direction;
	facts->files = manifest->file_count;
	facts->size = manifest_size(manifest);
	facts->local_s = -1;
	snprintf(facts->level, sizeof(facts->level), "%s", manifest->level);
	snprintf(facts->unit, sizeof(facts->unit), "%s", manifest->unit);
	snprintf(facts->login, sizeof(facts->login), "%s", manifest->requester);
	for (uint32_t i = 0; i < manifest->file_count && !ret; i++)
		ret = add_type(facts, manifest->files[i].type);
	return ret;
}

void manifest_free(struct manifest *manifest)
{
	free(manifest->files);
	memset(manifest, 0, sizeof(*manifest));
}
