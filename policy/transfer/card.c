// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/transfer/card.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/lang/print.h"
#include "policy/transfer/spelling.h"

static void print_day(FILE *out, int64_t when)
{
	time_t seconds = (time_t)when;
	char text[16] = "-";
	struct tm tm;

	if (when >= 0 && when <= SPELLING_TIME_MAX && gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d", &tm);
	fputs(text, out);
}

static void print_card(FILE *out, const void *what)
{
	const struct card *card = what;

	fputs("airgap-card 1\ncard {\n", out);
	spelling_text(out, "unit", card->unit);
	fprintf(out, "    %-9s  %" PRIu64 "\n", "number", card->number);
	spelling_keyword(out, "valid");
	print_day(out, card->from);
	fputs(" .. ", out);
	print_day(out, card->until);
	fputc('\n', out);
	for (uint32_t i = 0; i < card->recipient_count && i < TRANSFER_RECIPIENTS_MAX; i++) {
		const struct card_recipient *it = &card->recipients[i];

		spelling_keyword(out, "recipient");
		quoted_print(out, it->recipient);
		fprintf(out, "  level %s  epoch %" PRIu32 "\n", it->level, it->epoch);
	}
	fputs("}\n", out);
}

static void read_recipients(const struct spelling_reader *reader, struct card *card)
{
	const struct statement *it = NULL;

	while ((it = document_statement(reader->block, "recipient", it))) {
		struct card_recipient *recipient = &card->recipients[card->recipient_count];

		if (card->recipient_count == TRANSFER_RECIPIENTS_MAX) {
			diag_error(reader->diags, it->at, "leave out those of old epochs",
				   "a card has at most %d recipients", TRANSFER_RECIPIENTS_MAX);
			return;
		}
		spelling_read_recipient(reader, it, recipient->recipient);
		snprintf(recipient->level, sizeof(recipient->level), "%s",
			 statement_text(it, "level"));
		recipient->epoch = (uint32_t)statement_number(it, "epoch", 0);
		card->recipient_count++;
	}
}

static void read_card(const struct spelling_reader *reader, struct card *card)
{
	const struct statement *valid = document_statement(reader->block, "valid", NULL);
	const struct value *dates = statement_value(valid, "dates");
	const struct statement *number = document_statement(reader->block, "number", NULL);

	spelling_read_text(reader, "unit", "unit", card->unit, sizeof(card->unit));
	card->number = statement_number(number, "number", 0);
	card->from = dates->dates.from;
	card->until = dates->dates.to;
	read_recipients(reader, card);
}

int card_parse(const char *text, size_t length, struct diag_list *diags, struct card *card)
{
	struct diag_list own = DIAG_LIST_INIT;
	struct diag_list *list = diags ? diags : &own;
	struct spelling_reader reader = { .diags = list };
	struct document *document = NULL;
	size_t errors = list->errors;
	int ret;

	memset(card, 0, sizeof(*card));
	length = document_text_length(text, length);
	ret = document_parse("airgap-card", text, length, list, &document);
	if (!ret) {
		reader.block = document_block(document, "card");
		read_card(&reader, card);
	}
	if (!ret && list->errors == errors)
		ret = spelling_check(print_card, card, text, length,
				     "write it as 'airgap-office card' does, without comments",
				     list);
	if (!ret && list->errors > errors)
		ret = -EINVAL;
	if (!ret)
		transfer_digest(text, length, card->digest);
	else
		memset(card, 0, sizeof(*card));
	document_free(document);
	diag_list_free(&own);
	return ret;
}

long card_print(struct card *card, char out[static CARD_TEXT_MAX])
{
	struct card again;
	size_t length = 0;
	char *text = NULL;
	int ret;

	ret = spelling_print(print_card, card, &text, &length);
	if (!ret)
		ret = card_parse(text, length, NULL, &again);
	if (!ret && length >= CARD_TEXT_MAX)
		ret = -EINVAL;
	if (!ret) {
		memcpy(out, text, length + 1);
		memcpy(card->digest, again.digest, sizeof(card->digest));
	}
	free(text);
	return ret ? ret : (long)length;
}

void card_fingerprint(const struct card *card, char out[static CARD_FINGERPRINT_SIZE])
{
	size_t at = 0;

	for (size_t i = 0; i < 16; i += 2)
		at += (size_t)snprintf(out + at, CARD_FINGERPRINT_SIZE - at, "%s%02x%02x",
				       i ? "-" : "", card->digest[i], card->digest[i + 1]);
}
