// SPDX-License-Identifier: GPL-2.0-or-later
/* Manifests: what is taken has one spelling, names that are paths, and facts that can be decided on. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "policy/transfer/manifest.h"

static void manifest_holds(const struct manifest *manifest)
{
	struct transfer_facts facts;

	MUST(manifest->direction < TRANSFER_DIRECTION_COUNT);
	MUST(manifest->file_count > 0 && manifest->file_count <= TRANSFER_FILES_MAX);
	MUST(ENDED(manifest->terminal) && manifest->terminal[0] && fuzz_shown(manifest->terminal));
	MUST(ENDED(manifest->level) && manifest->level[0]);
	MUST(ENDED(manifest->requester) && manifest->requester[0]);
	MUST(manifest->direction == TRANSFER_IN || (manifest->unit[0] && manifest->term[0]));
	for (uint32_t i = 0; i < manifest->file_count; i++) {
		const struct manifest_file *file = &manifest->files[i];

		MUST(ENDED(file->name) && !transfer_name_flaw(file->name));
		MUST(fuzz_shown(file->name) && ENDED(file->type) && file->type[0]);
		for (uint32_t k = 0; k < i; k++)
			MUST(strcmp(file->name, manifest->files[k].name) != 0);
	}
	if (manifest_facts(manifest, &facts) == 0)
		MUST(facts.files == manifest->file_count && facts.type_count > 0 &&
		     facts.size == manifest_size(manifest) && ENDED(facts.level));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct manifest empty;
	struct diag_list diags = DIAG_LIST_INIT;
	const char *text = (const char *)data;
	struct manifest manifest;
	char *printed = NULL;
	size_t length = 0;
	int result;

	memset(&manifest, 0xff, sizeof(manifest));
	result = manifest_parse(text, size, &diags, &manifest);
	fuzz_diags_hold(&diags, text, size, result);
	diag_list_free(&diags);
	if (result) {
		MUST(memcmp(&manifest, &empty, sizeof(empty)) == 0);
		return 0;
	}
	manifest_holds(&manifest);
	MUST(manifest_print(&manifest, &printed, &length) == 0);
	MUST(length == size && memcmp(printed, text, size) == 0);
	free(printed);
	manifest_free(&manifest);
	return 0;
}
