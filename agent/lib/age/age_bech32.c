// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/age/age_bech32.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

/* 256 bits in groups of five: 51 groups and one bit more, filled up with four zero bits. */
#define DATA_GROUPS  52
#define CHECK_GROUPS 6
#define GROUPS	     (DATA_GROUPS + CHECK_GROUPS)

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t checksum_step(uint32_t sum, uint8_t group)
{
	static const uint32_t generator[5] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
					       0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ group;
	for (uint32_t i = 0; i < 5; i++)
		sum ^= top >> i & 1 ? generator[i] : 0;
	return sum;
}

/* Of the prefix, in lower case, and of the @count groups after it. */
static uint32_t checksum(const char *prefix, const uint8_t *groups, size_t count)
{
	uint32_t sum = 1;

	for (const char *at = prefix; *at; at++)
		sum = checksum_step(sum, (uint8_t)(tolower((unsigned char)*at) >> 5));
	sum = checksum_step(sum, 0);
	for (const char *at = prefix; *at; at++)
		sum = checksum_step(sum, (uint8_t)(tolower((unsigned char)*at) & 31));
	for (size_t i = 0; i < count; i++)
		sum = checksum_step(sum, groups[i]);
	return sum;
}

static bool is_upper(const char *prefix)
{
	return isupper((unsigned char)prefix[0]);
}

/* False when a character is none of the alphabet in the prefix's case. */
static bool read_groups(const char *text, bool upper, uint8_t groups[static GROUPS])
{
	for (size_t i = 0; i < GROUPS; i++) {
		char c = text[i];
		const char *found;

		if (c == 0 || (upper ? islower((unsigned char)c) : isupper((unsigned char)c)))
			return false;
		found = strchr(alphabet, tolower((unsigned char)c));
		if (!found)
			return false;
		groups[i] = (uint8_t)(found - alphabet);
	}
	return true;
}

/* Eight bits from five; true when the bits left over are zero. */
static bool join(const uint8_t groups[static DATA_GROUPS], uint8_t out[static AGE_BECH32_DATA])
{
	uint32_t bits = 0, held = 0;
	size_t at = 0;

	for (size_t i = 0; i < DATA_GROUPS; i++) {
		bits = (bits << 5 | groups[i]) & 0xfff;
		held += 5;
		if (held >= 8) {
			held -= 8;
			out[at++] = (uint8_t)(bits >> held);
		}
	}
	return (bits & ((1u << held) - 1)) == 0;
}

bool age_bech32_decode(const char *text, size_t length, const char *prefix,
		       uint8_t out[static AGE_BECH32_DATA])
{
	size_t before = strlen(prefix);
	uint8_t groups[GROUPS];
	bool sound;

	sound = length == before + AGE_BECH32_TAIL && memcmp(text, prefix, before) == 0 &&
		text[before] == '1' && read_groups(text + before + 1, is_upper(prefix), groups) &&
		checksum(prefix, groups, GROUPS) == 1 && join(groups, out);
	if (!sound)
		sodium_memzero(out, AGE_BECH32_DATA);
	sodium_memzero(groups, sizeof(groups));
	return sound;
}

void age_bech32_encode(const uint8_t data[static AGE_BECH32_DATA], const char *prefix, char *out)
{
	uint8_t groups[GROUPS] = { 0 };
	size_t before = strlen(prefix);
	uint32_t sum;

	for (size_t bit = 0; bit < 8 * AGE_BECH32_DATA; bit++)
		if (data[bit / 8] >> (7 - bit % 8) & 1)
			groups[bit / 5] |= (uint8_t)(16u >> bit % 5);
	sum = checksum(prefix, groups, GROUPS) ^ 1;
	for (size_t i = 0; i < CHECK_GROUPS; i++)
		groups[DATA_GROUPS + i] = (uint8_t)(sum >> 5 * (CHECK_GROUPS - 1 - i) & 31);
	memcpy(out, prefix, before);
	out[before] = '1';
	for (size_t i = 0; i < GROUPS; i++) {
		char c = alphabet[groups[i]];

		out[before + 1 + i] = is_upper(prefix) ? (char)toupper((unsigned char)c) : c;
	}
	out[before + AGE_BECH32_TAIL] = 0;
	sodium_memzero(groups, sizeof(groups));
}
