// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/sign/wire.h"

#include <string.h>

void wire_init(struct wire *wire, const uint8_t *bytes, size_t length)
{
	wire->bytes = bytes;
	wire->at = 0;
	wire->end = length;
}

size_t wire_rest(const struct wire *wire)
{
	return wire->end - wire->at;
}

bool wire_u8(struct wire *wire, uint8_t *value)
{
	if (wire->at >= wire->end)
		return false;
	*value = wire->bytes[wire->at++];
	return true;
}

bool wire_u32(struct wire *wire, uint32_t *value)
{
	const uint8_t *p;

	if (wire->end < 4 || wire->at > wire->end - 4)
		return false;
	p = wire->bytes + wire->at;
	*value = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
	wire->at += 4;
	return true;
}

bool wire_string(struct wire *wire, struct wire *string)
{
	struct wire ahead = *wire;
	uint32_t length;
	uint64_t end;

	if (!wire_u32(&ahead, &length))
		return false;
	end = (uint64_t)ahead.at + length;
	if (end > ahead.end)
		return false;
	string->bytes = ahead.bytes;
	string->at = ahead.at;
	string->end = (size_t)end;
	wire->at = (size_t)end;
	return true;
}

bool wire_raw(struct wire *wire, uint8_t *out, size_t count)
{
	size_t i;

	if (wire->end < count || wire->at > wire->end - count)
		return false;
	for (i = 0; i < count; i++)
		out[i] = wire->bytes[wire->at + i];
	wire->at += count;
	return true;
}

bool wire_is(const struct wire *wire, const char *text)
{
	size_t at;

	for (at = wire->at; at < wire->end; at++, text++)
		if (*text == '\0' || (uint8_t)*text != wire->bytes[at])
			return false;
	return *text == '\0';
}

size_t wire_put_u32(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t)(value >> 24);
	out[1] = (uint8_t)(value >> 16);
	out[2] = (uint8_t)(value >> 8);
	out[3] = (uint8_t)value;
	return 4;
}

size_t wire_put_string(uint8_t *out, const void *bytes, size_t length)
{
	wire_put_u32(out, (uint32_t)length);
	memcpy(out + 4, bytes, length);
	return 4 + length;
}
