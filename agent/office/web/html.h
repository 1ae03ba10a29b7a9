/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTML being written: markup comes from this program's own literals, everything else is escaped.
 *
 * There is no way to put a text in unescaped: html_put() takes its markup from the format, and every
 * %s in it is escaped; html_say() escapes the format too, for translated sentences. What a character
 * may do to a reader's eye (control, direction, invisible ones) is written out, as in printable.h.
 */
#ifndef AIRGAP_OFFICE_WEB_HTML_H
#define AIRGAP_OFFICE_WEB_HTML_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty one. */
struct html {
	char *data; /* not ended by a NUL */
	size_t used, room;
	bool failed; /* no memory: what is there is not whole */
};

void html_free(struct html *html);

/**
 * html_put - markup with holes
 *
 * Conversions: %s (escaped), %d %u %ld %lu %lld %llu %zu, %%. Nothing else, no widths.
 */
void html_put(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* html_say - a sentence with holes: the same, and the format itself is text */
void html_say(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* html_text - text, escaped; newlines stay */
void html_text(struct html *html, const char *text);

/* html_bytes - @length bytes of text, escaped */
void html_bytes(struct html *html, const char *text, size_t length);

#endif
