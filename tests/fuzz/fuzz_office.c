// SPDX-License-Identifier: GPL-2.0-or-later
/* Bodies that reach the office, and bundles: the first byte says which. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/digest.h"
#include "agent/office/bundle.h"
#include "agent/office/enrol.h"
#include "agent/office/store/store_event.h"

static void try_checkpoint(const uint8_t *data, size_t size)
{
	struct ingest_request request;

	if (ingest_parse_checkpoint((const char *)data, size, &request) < 0)
		return;
	MUST(request.proof.count <= TLOG_PROOF_MAX);
	MUST(request.note_length > 0 && request.note_length <= TLOG_NOTE_MAX);
	MUST((const uint8_t *)request.note + request.note_length == data + size);
}

static void try_upload(const uint8_t *data, size_t size)
{
	struct ingest_upload upload;
	struct ingest_package package;
	uint64_t next;
	int r;

	if (ingest_parse_upload(data, size, &upload) < 0)
		return;
	MUST(ENDED(upload.origin) && tlog_key_name_valid(upload.origin));
	MUST(upload.start <= upload.end);
	next = upload.start;
	while ((r = ingest_next_package(&upload, &package)) == 1) {
		const uint8_t *entry;
		size_t at = 0, length;

		MUST(package.start == next && package.end > next && package.end <= upload.end);
		MUST(package.end - package.bundle * STORE_BUNDLE_WIDTH <= STORE_BUNDLE_WIDTH);
		MUST(package.entries >= data &&
		     package.entries + package.entries_length <= data + size);
		for (; next < package.end; next++)
			MUST(tlog_tile_next_entry(package.entries, package.entries_length, &at,
						  &entry, &length) == 1);
		MUST(at == package.entries_length);
	}
	MUST(r == 0 || r == -EBADMSG);
}

static void try_enrol(const uint8_t *data, size_t size)
{
	struct enrol *enrol = malloc(sizeof(*enrol));
	char reason[160] = "";
	int r;

	MUST(enrol);
	r = enrol_parse((const char *)data, size, enrol, reason, sizeof(reason));
	MUST(r == 0 || r == -EBADMSG);
	if (r < 0)
		MUST(reason[0] && ENDED(reason) && fuzz_shown(reason));
	else
		MUST(enrol->terminal.number[0] && fuzz_shown(enrol->terminal.number) &&
		     strlen(enrol->fingerprint) == 39);
	free(enrol);
}

static void try_bundle(const uint8_t *data, size_t size)
{
	struct bundle bundle;
	int r = bundle_parse(data, size, &bundle);

	MUST(r == 0 || r == -EBADMSG);
	for (size_t i = 0; r == 0 && i < bundle.count; i++) {
		const uint8_t *body = bundle.bodies[i].data;

		MUST(body >= data && body + bundle.bodies[i].length <= data + size);
		try_upload(body, bundle.bodies[i].length);
	}
	if (r == 0)
		try_checkpoint(bundle.checkpoint.data, bundle.checkpoint.length);
	bundle_done(&bundle);
}

/* What stands for an entry names a leaf, or is hashed. */
static void try_digest(const uint8_t *data, size_t size)
{
	struct tlog_hash leaf, plain;
	struct digest digest;
	bool held = digest_parse(data, size, &digest) == 0;

	digest_leaf(data, size, &leaf);
	tlog_hash_leaf(&plain, data, size);
	if (!held) {
		MUST(tlog_hash_same(&leaf, &plain));
		return;
	}
	MUST(digest.text == (const char *)data && digest.text_length < size);
	MUST(!memchr(digest.text, '\n', digest.text_length));
	MUST(digest.head.event >= digest.text &&
	     digest.head.event + digest.head.event_length <= digest.text + digest.text_length);
	MUST(tlog_hash_same(&leaf, &digest.leaf));
}

static void try_entry(const uint8_t *data, size_t size)
{
	struct incident_rules rules;
	struct extract extract;

	try_digest(data, size);
	incident_rules_default(&rules);
	if (extract_entry(&rules, (const char *)data, size, 7, 1000, &extract) < 0 ||
	    !extract.shown)
		return;
	MUST(ENDED(extract.facts) && fuzz_shown(extract.facts));
	MUST(extract.event.grade < INCIDENT_GRADES);
	MUST(extract.event.state < STORE_EVENT_STATE_COUNT);
}

static void try_rules(const uint8_t *data, size_t size)
{
	struct incident_rules rules;
	char reason[160] = "", *text = malloc(size + 1);

	MUST(text);
	memcpy(text, data, size);
	text[size] = 0;
	incident_rules_default(&rules);
	incident_rules_read(&rules, text, reason, sizeof(reason));
	MUST(rules.late <= rules.silent && rules.silent <= rules.escalate);
	MUST(rules.kind_count <= INCIDENT_KINDS);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parts[])(const uint8_t *, size_t) = {
		try_checkpoint, try_upload, try_enrol, try_bundle, try_entry, try_rules,
	};
	static bool ready;

	if (!ready)
		MUST(sodium_init() >= 0);
	ready = true;
	if (size > 0)
		parts[data[0] % (sizeof(parts) / sizeof(parts[0]))](data + 1, size - 1);
	return 0;
}
