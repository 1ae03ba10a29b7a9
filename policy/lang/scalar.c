// SPDX-License-Identifier: GPL-2.0-or-later
/* Scalars: from the spelling of a token to a typed value. */
#include "policy/lang/scalar.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

#include "policy/lang/document.h"
#include "policy/lang/scalar_time.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Exactly @digits hexadecimal digits; returns what follows them, or NULL. */
static const char *read_hex(const char *text, int digits, unsigned int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return NULL;
		*number = *number << 4 | (unsigned int)digit;
	}
	return text + digits;
}

/* Decimal digits without a leading zero; returns what follows them, or NULL. */
static const char *read_decimal(const char *text, uint64_t *number)
{
	const char *start = text;

	for (*number = 0; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(*number, UINT64_C(10), number) ||
		    __builtin_add_overflow(*number, (uint64_t)(*text - '0'), number))
			return NULL;
	if (text == start || (*start == '0' && text - start > 1))
		return NULL;
	return text;
}

static bool read_name(const char *text, struct value *value)
{
	static const char more[] = "-_.";
	size_t length = strlen(text);

	(void)value;
	if (length > DOCUMENT_NAME_MAX || strchr(more, text[0]) || strchr(more, text[length - 1]))
		return false;
	for (; *text; text++)
		if (strchr(":/*+=", *text))
			return false;
	return true;
}

/* A number beyond all limits is still one: the limit is what is wrong with it. */
static bool read_number(const char *text, struct value *value)
{
	size_t digits = strspn(text, "0123456789");
	const char *end = read_decimal(text, &value->number);

	if (!end && digits >= 20 && text[0] != '0') {
		value->number = UINT64_MAX;
		end = text + digits;
	}
	return end && *end == '\0';
}

struct unit {
	char letter;
	uint64_t factor;
};

static bool read_scaled(const char *text, const struct unit *units, struct value *value)
{
	text = read_decimal(text, &value->number);
	if (!text || text[0] == '\0' || text[1] != '\0')
		return false;
	for (; units->letter; units++)
		if (*text == units->letter)
			return !__builtin_mul_overflow(value->number, units->factor,
						       &value->number);
	return false;
}

static bool read_duration(const char *text, struct value *value)
{
	static const struct unit units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 0, 0 },
	};

	return read_scaled(text, units, value);
}

static bool read_size(const char *text, struct value *value)
{
	static const struct unit units[] = {
		{ 'K', UINT64_C(1) << 10 },
		{ 'M', UINT64_C(1) << 20 },
		{ 'G', UINT64_C(1) << 30 },
		{ 'T', UINT64_C(1) << 40 },
		{ 0, 0 },
	};

	return read_scaled(text, units, value);
}

static bool read_flag(const char *text, struct value *value)
{
	value->number = strcmp(text, "yes") == 0;
	return value->number || strcmp(text, "no") == 0;
}

static bool read_usb_id(const char *text, struct value *value)
{
	struct usb_id_pattern *id = &value->id;
	unsigned int number;

	*id = (struct usb_id_pattern){ .any_vendor = true, .any_product = true };
	if (strcmp(text, "*:*") == 0)
		return true;
	text = read_hex(text, 4, &number);
	if (!text || *text != ':')
		return false;
	id->any_vendor = false;
	id->vendor = (uint16_t)number;
	if (strcmp(text, ":*") == 0)
		return true;
	text = read_hex(text + 1, 4, &number);
	id->any_product = false;
	id->product = (uint16_t)number;
	return text && *text == '\0';
}

/* Wildcards only from some part to the end: 08:*:50 would hide what it means. */
static bool read_triple(const char *text, struct value *value)
{
	uint8_t parts[3] = { 0 };
	uint8_t fixed = 0;

	for (int i = 0; i < 3; i++) {
		unsigned int number;

		if (i > 0 && *text++ != ':')
			return false;
		if (*text == '*') {
			text++;
			continue;
		}
		if (fixed < i)
			return false;
		text = read_hex(text, 2, &number);
		if (!text)
			return false;
		parts[i] = (uint8_t)number;
		fixed++;
	}
	value->triple = (struct usb_triple){ parts[0], parts[1], parts[2], fixed };
	return *text == '\0';
}

static bool read_class(const char *text, struct value *value)
{
	unsigned int number;

	text = read_hex(text, 2, &number);
	value->number = number;
	return text && *text == '\0';
}

/* usbN for a root hub, else BUS-PORT.PORT... */
static bool read_usb_port(const char *text, struct value *value)
{
	uint64_t number;

	(void)value;
	if (strncmp(text, "usb", 3) == 0) {
		text = read_decimal(text + 3, &number);
		return text && *text == '\0' && number > 0;
	}
	text = read_decimal(text, &number);
	if (!text || *text != '-' || number == 0)
		return false;
	do {
		text = read_decimal(text + 1, &number);
		if (!text || number == 0 || number > 255)
			return false;
	} while (*text == '.');
	return *text == '\0';
}

static bool read_hash(const char *text, struct value *value)
{
	size_t length = 0;

	/* libsodium 1.0.18 takes some bytes above 0x7f for digits. */
	for (const char *at = text; *at; at++)
		if (*at & 0x80)
			return false;
	return sodium_base642bin(value->hash, sizeof(value->hash), text, strlen(text), NULL,
				 &length, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       length == sizeof(value->hash);
}

static bool read_address(const char *text, struct value *value)
{
	struct address_prefix *prefix = &value->prefix;
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN];
	uint64_t bits;

	*prefix = (struct address_prefix){ 0 };
	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	if (inet_pton(AF_INET, address, prefix->bytes) == 1)
		prefix->family = 4;
	else if (inet_pton(AF_INET6, address, prefix->bytes) == 1)
		prefix->family = 6;
	else
		return false;
	bits = prefix->family == 4 ? 32 : 128;
	prefix->bits = (uint8_t)bits;
	if (!slash)
		return true;
	text = read_decimal(slash + 1, &bits);
	if (!text || *text != '\0' || bits > prefix->bits)
		return false;
	prefix->bits = (uint8_t)bits;
	return true;
}

bool address_prefix_has_host(const struct address_prefix *prefix)
{
	size_t size = prefix->family == 4 ? 4 : 16;

	for (size_t bit = prefix->bits; bit < 8 * size; bit++)
		if (prefix->bytes[bit / 8] >> (7 - bit % 8) & 1)
			return true;
	return false;
}

/* Lower case only: one spelling for each. */
static bool read_random(const char *text, struct value *value)
{
	unsigned int number;

	if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32)
		return false;
	memset(value->hash, 0, sizeof(value->hash));
	for (size_t i = 0; i < 16; i++) {
		read_hex(text + 2 * i, 2, &number);
		value->hash[i] = (uint8_t)number;
	}
	return true;
}

static bool read_digest(const char *text, struct value *value)
{
	unsigned int number;

	if (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64)
		return false;
	for (size_t i = 0; i < 32; i++) {
		read_hex(text + 2 * i, 2, &number);
		value->hash[i] = (uint8_t)number;
	}
	return true;
}

static bool read_text(const char *text, struct value *value)
{
	(void)text;
	(void)value;
	return true;
}

static const struct {
	enum token_kind token;
	bool (*read)(const char *text, struct value *value);
} readers[VALUE_TYPE_COUNT] = {
	[VALUE_NAME] = { TOKEN_WORD, read_name },
	[VALUE_TEXT] = { TOKEN_STRING, read_text },
	[VALUE_NUMBER] = { TOKEN_WORD, read_number },
	[VALUE_DURATION] = { TOKEN_WORD, read_duration },
	[VALUE_SIZE] = { TOKEN_WORD, read_size },
	[VALUE_FLAG] = { TOKEN_WORD, read_flag },
	[VALUE_USB_ID] = { TOKEN_WORD, read_usb_id },
	[VALUE_USB_INTERFACE] = { TOKEN_WORD, read_triple },
	[VALUE_USB_CLASS] = { TOKEN_WORD, read_class },
	[VALUE_USB_PORT] = { TOKEN_WORD, read_usb_port },
	[VALUE_HASH] = { TOKEN_STRING, read_hash },
	[VALUE_DATE] = { TOKEN_WORD, scalar_read_date },
	[VALUE_RANDOM] = { TOKEN_WORD, read_random },
	[VALUE_DIGEST] = { TOKEN_WORD, read_digest },
	[VALUE_TIME] = { TOKEN_WORD, scalar_read_time },
	[VALUE_HOURS] = { TOKEN_STRING, scalar_read_hours },
	[VALUE_ADDRESS] = { TOKEN_WORD, read_address },
};

bool scalar_read(enum value_type type, enum token_kind token, const char *text, struct value *value)
{
	if (!readers[type].read || readers[type].token != token)
		return false;
	value->type = type;
	return readers[type].read(text, value);
}

#define KEY(size, ...)                                                                             \
	do {                                                                                       \
		const uint8_t bytes[] = { __VA_ARGS__ };                                           \
		memcpy(key, bytes, (size));                                                        \
		return (size);                                                                     \
	} while (0)

size_t scalar_key(const struct value *value, uint8_t key[static SCALAR_KEY_MAX])
{
	size_t length;

	switch (value->type) {
	case VALUE_USB_ID:
		length = value->id.any_vendor ? 0 : value->id.any_product ? 2 : 4;
		KEY(length, (uint8_t)(value->id.vendor >> 8), (uint8_t)value->id.vendor,
		    (uint8_t)(value->id.product >> 8), (uint8_t)value->id.product);
	case VALUE_USB_INTERFACE:
		length = value->triple.fixed;
		KEY(length, value->triple.class, value->triple.subclass, value->triple.protocol);
	case VALUE_USB_CLASS:
	case VALUE_CHOICE:
		KEY(1, (uint8_t)value->number);
	case VALUE_HASH:
		memcpy(key, value->hash, sizeof(value->hash));
		return sizeof(value->hash);
	case VALUE_ADDRESS:
		memcpy(key, value->prefix.bytes, 16);
		key[16] = value->prefix.family;
		key[17] = value->prefix.bits;
		return 18;
	case VALUE_NUMBER:
		memcpy(key, &value->number, sizeof(value->number));
		return sizeof(value->number);
	default:
		length = strnlen(value->text, SCALAR_KEY_MAX);
		memcpy(key, value->text, length);
		return length;
	}
}
