// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/utf8.h"

#include <stdint.h>

/* Reads one character; 0 at the end or where the text is not UTF-8, which *ok then tells apart. */
static uint32_t next(const uint8_t **at, bool *ok)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	const uint8_t *s = *at;
	uint32_t c = *s++;
	int more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 :
		   c >= 0xf0 && c < 0xf5 ? 3 : -1;

	*ok = more >= 0;
	if (!*ok)
		return 0;
	c = more ? c & (0x3fu >> more) : c;
	for (int i = 0; i < more; i++, s++) {
		if ((*s & 0xc0) != 0x80) {
			*ok = false;
			return 0;
		}
		c = c << 6 | (*s & 0x3fu);
	}
	*ok = c >= least[more] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
	*at = s;
	return c;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool utf8_is_text(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	bool ok;

	while (*at) {
		uint32_t c = next(&at, &ok);

		if (!ok || is_control(c))
			return false;
	}
	return true;
}
