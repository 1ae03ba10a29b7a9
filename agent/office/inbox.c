// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/inbox.h"
#include "agent/office/store/store_document.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>

const char *inbox_kind_name(uint32_t kind)
{
	static const char *const names[STORE_DOCUMENT_KIND_COUNT] = {
		[STORE_DOCUMENT_LIST] = "list",
		[STORE_DOCUMENT_TABLE] = "table",
		[STORE_DOCUMENT_POLICY] = "policy",
		[STORE_DOCUMENT_ORDER] = "order",
		[STORE_DOCUMENT_CARD] = "card",
	};

	return kind < STORE_DOCUMENT_KIND_COUNT ? names[kind] : "unknown";
}

struct listing {
	json_t *documents;
	bool files;
};

static json_t *base64_of(const struct store_document *document)
{
	size_t size = sodium_base64_encoded_len(document->length, sodium_base64_VARIANT_ORIGINAL);
	char *text = malloc(size);
	json_t *json = NULL;

	if (text)
		json = json_string(sodium_bin2base64(text, size, document->data, document->length,
						     sodium_base64_VARIANT_ORIGINAL));
	free(text);
	return json;
}

static int add(void *data, const struct store_document *document)
{
	struct listing *listing = data;
	char hex[2 * STORE_HASH_SIZE + 1];
	json_t *json;

	sodium_bin2hex(hex, sizeof(hex), document->digest, sizeof(document->digest));
	json = json_pack("{s:I, s:s, s:s, s:I, s:s, s:I}", "id", (json_int_t)document->id, "kind",
			 inbox_kind_name(document->kind), "name", document->name, "number",
			 (json_int_t)document->number, "digest", hex, "length",
			 (json_int_t)document->length);
	if (json && listing->files && json_object_set_new(json, "file", base64_of(document)) < 0) {
		json_decref(json);
		json = NULL;
	}
	return json_array_append_new(listing->documents, json) < 0 ? -ENOMEM : 0;
}

json_t *inbox_json(struct store *store, int64_t terminal, bool files)
{
	struct listing listing = { json_array(), files };
	int r = listing.documents ? store_inbox_each(store, terminal, add, &listing) : -ENOMEM;

	if (r < 0) {
		json_decref(listing.documents);
		return NULL;
	}
	return json_pack("{s:i, s:o}", "v", 1, "documents", listing.documents);
}
