// SPDX-License-Identifier: GPL-2.0-or-later
/* How each type of cell is written. */
#include <stdio.h>
#include <string.h>

#include "policy/lang/scalar.h"
#include "policy/table/table_cell.h"

#define DAY 86400

/* What a token says; false when it is none that says something. */
bool cell_word(const struct token *token, char word[static CELL_WORD_SIZE])
{
	word[0] = '\0';
	if ((token->kind != TOKEN_WORD && token->kind != TOKEN_STRING) ||
	    token->length >= CELL_WORD_SIZE)
		return false;
	if (token->kind == TOKEN_STRING) {
		lex_unquote(token, word);
		return true;
	}
	memcpy(word, token->text, token->length);
	word[token->length] = '\0';
	return true;
}

static bool read_media_id(struct cell_scalar *scalar)
{
	size_t length = strspn(scalar->word, "0123456789abcdef");

	scalar->length = TABLE_MEDIA_ID;
	return scalar->token == TOKEN_WORD && length == 2 * TABLE_MEDIA_ID &&
	       scalar->word[length] == '\0' &&
	       sodium_hex2bin(scalar->bytes, TABLE_MEDIA_ID, scalar->word, length, NULL, NULL,
			      NULL) == 0;
}

static bool read_usb_id(struct cell_scalar *scalar)
{
	struct value value;

	if (!scalar_read(VALUE_USB_ID, scalar->token, scalar->word, &value) ||
	    value.id.any_vendor || value.id.any_product)
		return false;
	scalar->cell = (uint32_t)value.id.vendor << 16 | value.id.product;
	return true;
}

static bool read_text(struct cell_scalar *scalar)
{
	scalar->is_text = true;
	return scalar->token == TOKEN_STRING;
}

static bool read_level(struct cell_scalar *scalar)
{
	struct value value;

	scalar->is_text = true;
	return scalar_read(VALUE_NAME, scalar->token, scalar->word, &value);
}

static bool read_date(struct cell_scalar *scalar)
{
	int64_t seconds;

	if (scalar->token != TOKEN_WORD || !scalar_date(scalar->word, &seconds))
		return false;
	scalar->cell = (uint32_t)(seconds / DAY) + 1;
	return true;
}

static bool read_status(struct cell_scalar *scalar)
{
	if (scalar->token != TOKEN_WORD)
		return false;
	for (scalar->cell = 0; table_statuses[scalar->cell]; scalar->cell++)
		if (strcmp(table_statuses[scalar->cell], scalar->word) == 0)
			return true;
	return false;
}

bool table_mac_read(const char *word, uint8_t mac[static TABLE_MAC])
{
	size_t length = strlen(word), bytes = 0;
	uint8_t any = 0;

	if (length != 3 * TABLE_MAC - 1)
		return false;
	for (size_t i = 2; i < length; i += 3)
		if (word[i] != ':')
			return false;
	if (sodium_hex2bin(mac, TABLE_MAC, word, length, ":", &bytes, NULL) || bytes != TABLE_MAC)
		return false;
	for (size_t i = 0; i < TABLE_MAC; i++)
		any |= mac[i];
	return any && !(mac[0] & 1);
}

static bool read_mac(struct cell_scalar *scalar)
{
	scalar->length = TABLE_MAC;
	return scalar->token == TOKEN_WORD && table_mac_read(scalar->word, scalar->bytes);
}

static bool read_bus_path(struct cell_scalar *scalar)
{
	scalar->is_text = true;
	return scalar->token == TOKEN_WORD;
}

static bool read_address(struct cell_scalar *scalar)
{
	struct value value;

	if (strchr(scalar->word, '/') ||
	    !scalar_read(VALUE_ADDRESS, scalar->token, scalar->word, &value))
		return false;
	memcpy(scalar->bytes, &value.prefix, sizeof(value.prefix));
	scalar->length = sizeof(value.prefix);
	return true;
}

/* BIP 173's letters; its checksum is for whoever encrypts to it. */
static bool read_age(struct cell_scalar *scalar)
{
	const char *separator = strrchr(scalar->word, '1');

	scalar->is_text = true;
	return scalar->token == TOKEN_STRING && strncmp(scalar->word, "age1", 4) == 0 &&
	       strspn(scalar->word, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
		       strlen(scalar->word) &&
	       strlen(separator + 1) >= 6 &&
	       strspn(separator + 1, "qpzry9x8gf2tvdw0s3jn54khce6mua7l") == strlen(separator + 1);
}

static bool (*const readers[COLUMN_TYPE_COUNT])(struct cell_scalar *scalar) = {
	[COLUMN_MEDIA_ID] = read_media_id, [COLUMN_USB_ID] = read_usb_id,
	[COLUMN_TEXT] = read_text,	   [COLUMN_LEVEL] = read_level,
	[COLUMN_DATE] = read_date,	   [COLUMN_STATUS] = read_status,
	[COLUMN_MAC] = read_mac,	   [COLUMN_BUS_PATH] = read_bus_path,
	[COLUMN_ADDRESS] = read_address,   [COLUMN_AGE] = read_age,
};

bool cell_scalar(struct cell_scalar *scalar)
{
	return readers[scalar->column->type](scalar);
}

static void quote(const char *word, char *out, size_t size)
{
	size_t used = 0;

	out[used++] = '"';
	for (; *word && used + 4 < size; word++) {
		if (*word == '"' || *word == '\\')
			out[used++] = '\\';
		out[used++] = *word;
	}
	out[used++] = '"';
	out[used] = '\0';
}

static void lower(char *word)
{
	for (; *word; word++)
		if (*word >= 'A' && *word <= 'Z')
			*word = (char)(*word - 'A' + 'a');
}

void cell_spell(const struct table_column *column, const struct token *token, char *out,
		size_t size)
{
	char word[CELL_WORD_SIZE];

	cell_word(token, word);
	if (token->kind == TOKEN_STRING) {
		quote(word, out, size);
		return;
	}
	if (column->type == COLUMN_USB_ID || column->type == COLUMN_MAC ||
	    column->type == COLUMN_ADDRESS)
		lower(word);
	snprintf(out, size, "%s", word);
}
