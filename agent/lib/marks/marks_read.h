/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers behind marks_find(): each over bytes that come in pieces, or over a file. */
#ifndef AIRGAP_LIB_MARKS_READ_H
#define AIRGAP_LIB_MARKS_READ_H

#include "agent/lib/marks/marks_scan.h"

/* What may come out of compressed parts, of one and of all */
#define MARKS_PART_MAX	((size_t)64 * 1024 * 1024)
#define MARKS_TOTAL_MAX ((size_t)256 * 1024 * 1024)

/*
 * Plain text: read as UTF-8 and as GB18030 at once, as which it is shows only at its end; as UTF-16
 * when it says so with its first character.
 */
struct marks_text {
	struct marks_found utf8_found, gb_found;
	struct marks_scan utf8, gb;
	bool utf8_bad, gb_bad, strange;
	int wide; /* 1: UTF-16 little-endian, 2: big-endian */
	bool begun;
	size_t held; /* bytes of a character that is not whole yet */
	uint8_t hold[4];
	size_t gb_held;
	uint8_t gb_hold[4];
};

void marks_text_init(struct marks_text *text, const struct marks *marks);
void marks_text_put(struct marks_text *text, const uint8_t *bytes, size_t length);
/* marks_text_end - into @found, which may hold something already */
void marks_text_end(struct marks_text *text, struct marks_found *found);

/* The text of an XML document of OOXML, ODF or OFD, line by line. */
struct marks_xml {
	struct marks_scan scan;
	uint32_t state;
	bool quoted, watermark;
	uint8_t quote;
	size_t name_length;
	char name[32]; /* of the tag, or its attribute, or the entity */
	char tag[32];
	size_t held;
	uint8_t hold[4];
};

void marks_xml_init(struct marks_xml *xml, const struct marks *marks, struct marks_found *found);
void marks_xml_put(struct marks_xml *xml, const uint8_t *bytes, size_t length);
void marks_xml_end(struct marks_xml *xml);

/* marks_office - OOXML, ODF, OFD; 0 or -errno */
int marks_office(const struct marks *marks, int fd, struct marks_found *found);

/* marks_pdf - over all of a file in memory */
int marks_pdf(const struct marks *marks, const uint8_t *bytes, size_t length,
	      struct marks_found *found);

#endif
