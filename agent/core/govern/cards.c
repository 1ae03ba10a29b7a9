// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/cards.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "policy/lang/document.h"
#include "policy/lang/policy.h"
#include "policy/sign/trust.h"
#include "policy/transfer/card.h"

#define PREFIX	      "card-"
#define FILE_NAME     (sizeof(PREFIX) + 64)
#define CARD_FILE_MAX (CARD_TEXT_MAX + SIGNED_ARMOUR_MAX)

struct cards {
	struct card *items[CARDS_MAX];
	size_t count;
};

void cards_free(struct cards *cards)
{
	for (size_t i = 0; cards && i < cards->count; i++)
		free(cards->items[i]);
	free(cards);
}

/* A unit's name may hold what no file name does. */
static void file_name(const char *unit, char out[static FILE_NAME])
{
	uint8_t hash[32];
	char hex[65];

	crypto_generichash(hash, sizeof(hash), (const uint8_t *)unit, strlen(unit), NULL, 0);
	snprintf(out, FILE_NAME, PREFIX "%s", sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash)));
}

static struct card **find(struct cards *cards, const char *unit)
{
	for (size_t i = 0; i < cards->count; i++)
		if (strcmp(cards->items[i]->unit, unit) == 0)
			return &cards->items[i];
	return NULL;
}

/* Takes @card. */
static int put(struct govern *govern, struct card *card)
{
	struct card **place;

	if (!govern->cards)
		govern->cards = calloc(1, sizeof(*govern->cards));
	if (!govern->cards) {
		free(card);
		return -ENOMEM;
	}
	place = find(govern->cards, card->unit);
	if (place)
		free(*place);
	else
		place = &govern->cards->items[govern->cards->count++];
	*place = card;
	return 0;
}

/* Signatures first; then what it says. */
static int open_card(const struct govern *govern, const uint8_t *bytes, size_t length,
		     struct trust_account *account, struct card *card, char *text, size_t size)
{
	static const struct trust_need one = { .duty = { [TRUST_DUTY_SECURITY] = 1 } };
	struct diag_list diags = DIAG_LIST_INIT;
	int r = trust_verify(bytes, length, govern->trust, SIGN_NAMESPACE_CARD, &one, account);

	if (r < 0) {
		snprintf(text, size, "%s", account->reason);
		return r;
	}
	r = card_parse((const char *)account->text, account->text_length, &diags, card);
	if (r < 0)
		diag_format_first(&diags, "card", text, size);
	diag_list_free(&diags);
	return r;
}

static int check_card(struct govern *govern, const struct card *card, char *text, size_t size)
{
	struct card **known = govern->cards ? find(govern->cards, card->unit) : NULL;

	if (strcmp(card->unit, govern->terminal.unit) == 0) {
		snprintf(text, size,
			 "it is of this terminal's own unit: whom its files are "
			 "encrypted to stands in the policy");
		return -EINVAL;
	}
	for (uint32_t i = 0; i < card->recipient_count; i++)
		if (policy_levels_rank(&govern->context.levels, card->recipients[i].level) < 0) {
			snprintf(text, size, "the signers' list has no level '%s'",
				 card->recipients[i].level);
			return -EINVAL;
		}
	if (known && memcmp((*known)->digest, card->digest, sizeof(card->digest)) == 0) {
		snprintf(text, size, "this very card is in force already");
		return -EALREADY;
	}
	if (known && card->number <= (*known)->number) {
		snprintf(text, size,
			 "its number %" PRIu64 " does not follow %" PRIu64
			 ", which is in force: a card never goes back",
			 card->number, (*known)->number);
		return -ESTALE;
	}
	if (!known && govern->cards && govern->cards->count == CARDS_MAX) {
		snprintf(text, size, "there are %d cards of other units already", CARDS_MAX);
		return -ENOSPC;
	}
	return 0;
}

static void record(struct govern *govern, const struct trust_account *account,
		   const struct card *card, int error, const char *reason)
{
	struct msg_record_policy message = {
		.event = error < 0 ? POLICY_EVENT_REFUSED : POLICY_EVENT_ACTIVATED,
		.error = error,
		.candidate_serial = card->number,
	};

	memcpy(message.candidate_digest, account->digest, sizeof(message.candidate_digest));
	snprintf(message.id, sizeof(message.id), "card %s", card->unit);
	candidate_signers(account, message.signers, sizeof(message.signers));
	snprintf(message.reason, sizeof(message.reason), "%s", error < 0 ? reason : "");
	recorder_policy(govern->recorder, error < 0 ? RECORD_GRADE_V1 : RECORD_GRADE_NONE, &message,
			0);
}

static int save(const struct govern *govern, const struct card *card, const uint8_t *bytes,
		size_t length)
{
	char folder[PATH_MAX], name[FILE_NAME];
	int r = path_join(folder, govern->root, PATH_POLICY_DIR);

	file_name(card->unit, name);
	return r < 0 ? r : file_replace(folder, name, 0644, bytes, length);
}

int cards_install(struct govern *govern, const uint8_t *bytes, size_t length, char *text,
		  size_t size)
{
	struct card *card = calloc(1, sizeof(*card));
	struct trust_account account = { 0 };
	int r;

	if (!card)
		return -ENOMEM;
	if (!govern->trust) {
		snprintf(text, size, "nobody's signature can be verified: %s", govern->missing);
		free(card);
		return -ENOKEY;
	}
	r = open_card(govern, bytes, length, &account, card, text, size);
	if (r == 0)
		r = check_card(govern, card, text, size);
	if (r == 0) {
		r = save(govern, card, bytes, length);
		if (r < 0)
			snprintf(text, size, "it could not be saved: %s", strerror(-r));
	}
	if (r != -EALREADY)
		record(govern, &account, card, r, text);
	if (r < 0) {
		free(card);
		return r;
	}
	snprintf(text, size,
		 "the card of unit '%s', number %" PRIu64 ", is in force: %u recipients",
		 card->unit, card->number, card->recipient_count);
	return put(govern, card);
}

static void load_one(struct govern *govern, const char *folder, const char *name)
{
	char path[PATH_MAX + FILE_NAME], text[MSG_TEXT_SIZE] = "", wanted[FILE_NAME];
	struct card *card = calloc(1, sizeof(*card));
	struct trust_account account = { 0 };
	uint8_t *bytes = NULL;
	size_t length = 0;
	int r = card ? 0 : -ENOMEM;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (r == 0)
		r = file_read(path, CARD_FILE_MAX, &bytes, &length);
	if (r == 0)
		r = open_card(govern, bytes, length, &account, card, text, sizeof(text));
	/* Under another unit's name it would hide that one. */
	if (r == 0) {
		file_name(card->unit, wanted);
		r = strcmp(wanted, name) == 0 ? 0 : -EBADMSG;
	}
	free(bytes);
	if (r == 0) {
		put(govern, card);
		return;
	}
	recorder_note(govern->recorder, RECORD_KIND_ALARM, RECORD_GRADE_V1, 0, "card-refused", name,
		      "a card of another unit that was in force is not any more, and nothing is "
		      "encrypted to it (%s): have it signed and installed again",
		      text[0] ? text : strerror(-r));
	free(card);
}

void cards_load(struct govern *govern)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	DIR *list;

	if (!govern->trust || path_join(folder, govern->root, PATH_POLICY_DIR) < 0)
		return;
	list = opendir(folder);
	while (list && (entry = readdir(list)))
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 &&
		    strlen(entry->d_name) == strlen(PREFIX) + 64 &&
		    (!govern->cards || govern->cards->count < CARDS_MAX))
			load_one(govern, folder, entry->d_name);
	if (list)
		closedir(list);
}

static bool policy_names(const struct policy *policy, const char *unit)
{
	const struct block *block = document_block(policy_document(policy), "transfer");
	const struct statement *it = NULL;

	while ((it = document_statement(block, "recipients", it))) {
		const char *named = statement_text(it, "unit");

		if (named && strcmp(named, unit) == 0)
			return true;
	}
	return false;
}

size_t cards_recipients(const struct govern *govern, struct policy_recipient *rows, size_t max)
{
	int64_t today = govern->context.today;
	size_t count = 0;

	for (size_t i = 0; govern->cards && govern->policy && i < govern->cards->count; i++) {
		const struct card *card = govern->cards->items[i];

		/* What day it is must be known. */
		if (!today || today < card->from || today > card->until ||
		    policy_names(govern->policy, card->unit))
			continue;
		for (uint32_t n = 0; n < card->recipient_count; n++)
			if (count++ < max)
				rows[count - 1] = (struct policy_recipient){
					.unit = card->unit,
					.level = card->recipients[n].level,
					.recipient = card->recipients[n].recipient,
					.epoch = card->recipients[n].epoch,
				};
	}
	return count;
}
