// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards: what is taken has one spelling, recipients that are some, and a fingerprint to be read out. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "policy/decide/recipients.h"
#include "policy/lang/document.h"
#include "policy/transfer/card.h"

static void card_holds(const struct card *card)
{
	char fingerprint[CARD_FINGERPRINT_SIZE];

	MUST(ENDED(card->unit) && card->unit[0] && fuzz_shown(card->unit));
	MUST(card->number > 0 && card->from < card->until);
	MUST(card->recipient_count > 0 && card->recipient_count <= TRANSFER_RECIPIENTS_MAX);
	for (uint32_t i = 0; i < card->recipient_count; i++) {
		const struct card_recipient *it = &card->recipients[i];

		MUST(ENDED(it->recipient) && recipients_form(it->recipient));
		MUST(ENDED(it->level) && it->level[0] && it->epoch > 0);
	}
	card_fingerprint(card, fingerprint);
	MUST(strlen(fingerprint) == CARD_FINGERPRINT_SIZE - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct card empty;
	static struct card card, again;
	struct diag_list diags = DIAG_LIST_INIT;
	const char *text = (const char *)data;
	size_t length = document_text_length(text, size);
	char printed[CARD_TEXT_MAX];
	int result;

	memset(&card, 0xff, sizeof(card));
	result = card_parse(text, size, &diags, &card);
	fuzz_diags_hold(&diags, text, length, result);
	diag_list_free(&diags);
	if (result) {
		MUST(memcmp(&card, &empty, sizeof(empty)) == 0);
		return 0;
	}
	card_holds(&card);
	again = card;
	MUST(card_print(&again, printed) == (long)length);
	MUST(memcmp(printed, text, length) == 0 && memcmp(&card, &again, sizeof(again)) == 0);
	return 0;
}
