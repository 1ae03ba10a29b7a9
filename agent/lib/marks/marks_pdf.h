/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a PDF (ISO 32000-1) that its text is read from. Which font a string is shown in is not
 * followed up: each content stream is read once for each ToUnicode table of the file, and once as it
 * stands, and what a table does not know is an unknown character. A marking is of one font, but for
 * the digits of its term, for which unknown ones will do.
 */
#ifndef AIRGAP_LIB_MARKS_PDF_H
#define AIRGAP_LIB_MARKS_PDF_H

#include "agent/lib/marks/marks_read.h"

#define MARKS_CMAPS_MAX 24u

/* From the codes of one font to UTF-16, of characters the first unit; 0: none. */
struct marks_cmap {
	size_t width; /* bytes of a code, 1 or 2 */
	uint16_t map[65536];
};

/* marks_cmap_parse - a ToUnicode table; NULL when it is none, or memory is short */
struct marks_cmap *marks_cmap_parse(const uint8_t *bytes, size_t length);

/* marks_pdf_text - the text of one content stream, its strings read by @cmap; NULL: as they stand */
void marks_pdf_text(const struct marks *marks, const uint8_t *bytes, size_t length,
		    const struct marks_cmap *cmap, struct marks_found *found);

#endif
