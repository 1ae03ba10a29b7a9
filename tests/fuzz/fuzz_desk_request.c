// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests at the desk of airgap-transferd: bit 0 of the first byte says whether a file came along. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "agent/transfer/desk_request.h"

static void is_hex(const char *id)
{
	MUST(strlen(id) < DESK_ID_SIZE && strspn(id, "0123456789abcdef") == strlen(id));
	MUST(!*id || strlen(id) >= DESK_ID_LEAST);
}

static void accepted_holds(const struct desk_request *request, const char *bytes, size_t length)
{
	json_t *json = json_loadb(bytes, length, 0, NULL);

	MUST(json && desk_verb_name(request->verb));
	MUST(strcmp(json_string_value(json_object_get(json, "verb")), desk_verb_name(request->verb)) == 0);
	is_hex(request->batch);
	is_hex(request->medium);
	MUST(request->index < TRANSFER_FILES_MAX);
	MUST(ENDED(request->unit) && printable_is_text(request->unit));
	MUST(ENDED(request->level) && printable_is_text(request->level));
	MUST(ENDED(request->term) && printable_is_text(request->term));
	MUST(ENDED(request->basis) && printable_is_text(request->basis));
	MUST(ENDED(request->name) && (!request->name[0] || !transfer_name_flaw(request->name)));
	MUST((request->verb == DESK_VERB_ADD) == (request->name[0] != 0));
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct desk_request request = { .verb = DESK_VERB_COUNT };
	struct desk_refusal refusal = { 0 };
	bool has_file;
	int r;

	if (size == 0)
		return 0;
	has_file = data[0] & 1;
	r = desk_request_parse((const char *)data + 1, size - 1, has_file, &request, &refusal);
	MUST(r == 0 || r == -EINVAL);
	if (r < 0) {
		MUST(refusal.error && refusal.error[0] && ENDED(refusal.text) && refusal.text[0]);
		MUST(fuzz_shown(refusal.text));
	} else {
		accepted_holds(&request, (const char *)data + 1, size - 1);
	}
	return 0;
}
