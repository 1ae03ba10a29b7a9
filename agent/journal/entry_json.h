/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How records become the member "event" of an entry. Private to the journal's entries. */
#ifndef AIRGAP_JOURNAL_ENTRY_JSON_H
#define AIRGAP_JOURNAL_ENTRY_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Each returns a new reference, or NULL when memory is short. */

/* entry_text - a text of at most @size bytes, its NUL included or not; each bad byte becomes four */
json_t *entry_text(const char *text, size_t size);

/* entry_hex - digits 0-9 a-f of at most 32 bytes; null for zeroes */
json_t *entry_hex(const uint8_t *bytes, size_t size);

/* entry_number - JSON readers keep 63 bits; a larger one can only come from a core that has gone mad */
json_int_t entry_number(uint64_t value);

/* entry_transfer - of a struct msg_record_transfer; airgap-journal(5) has its members */
json_t *entry_transfer(const void *body);

#endif
