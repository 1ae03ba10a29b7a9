// SPDX-License-Identifier: GPL-2.0-or-later
/* What answers at the office's address: every parser of answers sees every input. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/office_note.h"
#include "agent/report/answer.h"
#include "agent/report/carried_parse.h"
#include "agent/report/target.h"

static struct tlog_key office;
static struct upload_head head;

/* The keys of the seed of zeroes, which sign the corpus. */
static void make_keys(void)
{
	static const uint8_t seed[32];
	char text[TLOG_CHECKPOINT_SIZE], line[TLOG_SIGNATURE_LINE_SIZE];
	uint8_t public[32], secret[64];
	size_t length;

	crypto_sign_seed_keypair(public, secret, seed);
	MUST(tlog_key_make(&head.log, TLOG_KEY_NOTE, "airgap.test/T-1/0", public) == 0);
	MUST(tlog_key_make(&office, TLOG_KEY_COSIGNATURE, "office.test", public) == 0);
	strcpy(head.checkpoint.origin, head.log.name);
	head.checkpoint.size = 7;
	length = tlog_checkpoint_format(&head.checkpoint, text);
	tlog_note_sign(line, &head.log, secret, 0, text, length);
	head.length = (size_t)snprintf(head.note, sizeof(head.note), "%s\n%s", text, line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char id[ANSWER_ID_SIZE], words[64], note[UPLOAD_NOTE_MAX], reason[160];
	struct office_identity identity;
	static struct carried_parts parts;
	char sealed[OFFICE_NOTE_MAX];
	uint8_t *file;
	static struct answer_inbox inbox;
	struct target target;
	const char *body = (const char *)data;
	uint64_t a, b, time = 0;
	size_t length;

	if (!head.length) {
		MUST(sodium_init() >= 0);
		make_keys();
	}
	answer_size(body, size, &a);
	if (answer_mirror_info(body, size, &a, &b) == 0)
		MUST(b <= a);
	if (answer_receipt(&head, &office, body, size, note, &length, &time) == 0)
		MUST(length == strlen(note) && length == head.length + size && time > 0);
	if (answer_enrol(body, size, id) == 0)
		MUST(strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32);
	if (answer_inbox(body, size, &inbox) == 0)
		MUST(inbox.count <= ANSWER_DOCUMENTS_MAX);
	if (carried_parse(data, size, &parts) == 0)
		for (uint32_t i = 0; i < parts.inbox.count; i++) {
			if (answer_file(parts.documents, i, &file, &length) == 0)
				MUST(length <= ANSWER_DOCUMENT_SIZE);
			free(file);
		}
	json_decref(parts.documents);
	if (answer_registered(body, size, sealed) == 0)
		MUST(strlen(sealed) < sizeof(sealed));
	answer_words(body, size, words, sizeof(words));
	MUST(strlen(words) < sizeof(words));
	if (office_note_identity(body, size, &office, &identity) == 0)
		MUST(strncmp(identity.pin, "sha256//", 8) == 0 &&
		     strlen(identity.recipient) < sizeof(identity.recipient));
	if (target_parse(body, size, &target, reason, sizeof(reason)) == 0)
		MUST((!target.address[0] || target_address_valid(target.address)) &&
		     target.key.type == TLOG_KEY_COSIGNATURE);
	return 0;
}
