// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/medium/counter.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/sign/signed.h"

/* "sha256:", 64 digits, newline */
#define SEAL_LENGTH 72

static size_t print_text(const struct medium_counter *counter,
			 char out[static MEDIUM_COUNTER_TEXT_MAX])
{
	char medium[MEDIUM_ID_TEXT], mark[MEDIUM_ID_TEXT], previous[64];
	int n;

	medium_id_format(counter->medium, medium);
	medium_id_format(counter->mark, mark);
	sodium_bin2base64(previous, sizeof(previous), counter->previous, sizeof(counter->previous),
			  sodium_base64_VARIANT_ORIGINAL);
	n = snprintf(out, MEDIUM_COUNTER_TEXT_MAX,
		     "airgap-counter 1\ncounter {\n    medium    %s\n    sequence  %" PRIu64
		     "\n    mark      %s\n    previous  \"%s\"\n}\n",
		     medium, counter->sequence, mark, previous);
	return (size_t)n;
}

size_t medium_counter_print(struct medium_counter *counter,
			    char out[static MEDIUM_COUNTER_TEXT_MAX])
{
	size_t length = print_text(counter, out);
	char seal[SIGNED_DIGEST_TEXT];

	crypto_hash_sha256(counter->digest, (const uint8_t *)out, length);
	signed_digest_format(counter->digest, seal);
	return length +
	       (size_t)snprintf(out + length, MEDIUM_COUNTER_TEXT_MAX - length, "%s\n", seal);
}

static void read_counter(const struct document *document, struct medium_counter *counter)
{
	const struct block *block = document_block(document, "counter");

	memcpy(counter->medium,
	       statement_value(document_statement(block, "medium", NULL), "id")->hash,
	       sizeof(counter->medium));
	memcpy(counter->mark,
	       statement_value(document_statement(block, "mark", NULL), "mark")->hash,
	       sizeof(counter->mark));
	memcpy(counter->previous,
	       statement_value(document_statement(block, "previous", NULL), "digest")->hash,
	       sizeof(counter->previous));
	counter->sequence = document_number(document, "counter", "sequence", "number", 0);
}

int medium_counter_parse(const char *text, size_t length, struct medium_counter *counter)
{
	char again[MEDIUM_COUNTER_TEXT_MAX];
	struct document *document = NULL;
	int ret;

	memset(counter, 0, sizeof(*counter));
	if (length <= SEAL_LENGTH || length >= MEDIUM_COUNTER_TEXT_MAX)
		return -EBADMSG;
	ret = document_parse("airgap-counter", text, length - SEAL_LENGTH, NULL, &document);
	if (ret)
		return ret == -ENOMEM ? ret : -EBADMSG;
	read_counter(document, counter);
	document_free(document);
	/* Printing it again makes the seal, and leaves no other spelling. */
	if (medium_counter_print(counter, again) == length && memcmp(again, text, length) == 0)
		return 0;
	memset(counter, 0, sizeof(*counter));
	return -EBADMSG;
}

void medium_counter_first(const struct medium_record *record, struct medium_counter *counter)
{
	char text[MEDIUM_COUNTER_TEXT_MAX];

	memset(counter, 0, sizeof(*counter));
	memcpy(counter->medium, record->id, sizeof(counter->medium));
	memcpy(counter->previous, record->digest, sizeof(counter->previous));
	counter->sequence = 1;
	randombytes_buf(counter->mark, sizeof(counter->mark));
	medium_counter_print(counter, text);
}

void medium_counter_next(const struct medium_counter *now, struct medium_counter *next)
{
	char text[MEDIUM_COUNTER_TEXT_MAX];

	memset(next, 0, sizeof(*next));
	memcpy(next->medium, now->medium, sizeof(next->medium));
	memcpy(next->previous, now->digest, sizeof(next->previous));
	next->sequence = now->sequence + 1;
	randombytes_buf(next->mark, sizeof(next->mark));
	medium_counter_print(next, text);
}
