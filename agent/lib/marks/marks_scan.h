/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rule of what is a marking, over characters and lines (marks.h says it). */
#ifndef AIRGAP_LIB_MARKS_SCAN_H
#define AIRGAP_LIB_MARKS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/marks/marks.h"

#define MARKS_LABEL_MAX MARKS_LABEL_SIZE
#define MARKS_LINE_MAX	96
#define MARKS_GB_MAX	512
/* A character that is there and cannot be told. */
#define MARKS_UNKNOWN 0xfffdu

struct marks_label {
	size_t length;
	uint32_t code[MARKS_LABEL_MAX];
};

/* How one character is written in GB18030, big-endian: the few that a marking may be made of. */
struct marks_gb {
	uint32_t bytes;
	uint32_t code;
};

struct marks {
	uint32_t count;
	struct marks_label labels[POLICY_LEVELS_MAX];
	size_t gb_count;
	struct marks_gb gb[MARKS_GB_MAX];
};

/* One stream of characters on its way. */
struct marks_scan {
	const struct marks *marks;
	struct marks_found *found;
	size_t length;
	bool full;		       /* the line is longer than a marking, and its head is gone */
	uint32_t line[MARKS_LINE_MAX]; /* without spaces */
};

void marks_scan_init(struct marks_scan *scan, const struct marks *marks, struct marks_found *found);

/* marks_scan_char - one more character; a line feed is a break */
void marks_scan_char(struct marks_scan *scan, uint32_t code);

/* marks_scan_break - the line ends; also to be called at the end of all */
void marks_scan_break(struct marks_scan *scan);

/* marks_utf8 - one character of UTF-8: how many bytes; 0: none; -1: @length of them are too few */
int marks_utf8(const uint8_t *bytes, size_t length, uint32_t *code);

#endif
