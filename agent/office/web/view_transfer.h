/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the pages about transfers and media share. */
#ifndef AIRGAP_OFFICE_WEB_VIEW_TRANSFER_H
#define AIRGAP_OFFICE_WEB_VIEW_TRANSFER_H

#include "agent/office/store/store_transfer.h"
#include "agent/office/web/page.h"

/* Words, translated. */
const char *transfer_word_side(uint32_t side);
const char *transfer_word_state(const struct store_transfer *transfer);
const char *transfer_word_match(const struct store_transfer *transfer);
const char *transfer_word_action(const char *action);
const char *transfer_word_medium(const char *what);

/* Names of states and matches in addresses; NULL beyond the last. */
const char *transfer_state_name(uint32_t state);
const char *transfer_match_name(uint32_t match);
/* transfer_state_text, transfer_match_text - of any transfer, for a choice */
const char *transfer_state_text(uint32_t state);
const char *transfer_match_text(uint32_t match);

/* transfer_put_match - the word with its colour */
void transfer_put_match(struct page *page, const struct store_transfer *transfer);
/* transfer_put_medium - the medium's number, as a link to where it was used; nothing for none */
void transfer_put_medium(struct page *page, const uint8_t medium[static STORE_ID_SIZE]);
/* transfer_put_size - "2 files, 48 KiB" */
void transfer_put_size(struct page *page, const struct store_transfer *transfer);
/* transfer_put_terminal - number, custodian and room of a terminal by its id */
void transfer_put_terminal(struct page *page, int64_t terminal);

/* transfer_medium_id - 32 digits 0-9 a-f; false: it is none */
bool transfer_medium_id(const char *text, uint8_t id[static STORE_ID_SIZE]);

#endif
