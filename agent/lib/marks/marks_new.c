// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/marks/marks_scan.h"

/* What a marking has besides its label. */
static const char about[] = "★☆年月日个长期密级:【】〔〕()《》〈〉[] 0123456789";

static int by_bytes(const void *a, const void *b)
{
	const struct marks_gb *x = a, *y = b;

	return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

static void add_gb(struct marks *marks, iconv_t to, const char *text, size_t length, uint32_t code)
{
	unsigned char out[8];
	char *from = (char *)(uintptr_t)text, *at = (char *)out;
	size_t left = sizeof(out);
	uint32_t bytes = 0;

	if (code < 0x80 || marks->gb_count == MARKS_GB_MAX ||
	    iconv(to, &from, &length, &at, &left) == (size_t)-1)
		return;
	for (size_t i = 0; i < sizeof(out) - left && i < 4; i++)
		bytes = bytes << 8 | out[i];
	marks->gb[marks->gb_count++] = (struct marks_gb){ .bytes = bytes, .code = code };
}

/* Characters of a text, into @label where there is one, and into the table. */
static int add_text(struct marks *marks, iconv_t to, const char *text, struct marks_label *label)
{
	size_t length = strlen(text);

	while (length > 0) {
		uint32_t code;
		int used = marks_utf8((const uint8_t *)text, length, &code);

		if (used <= 0)
			return -EINVAL;
		if (to != (iconv_t)-1)
			add_gb(marks, to, text, (size_t)used, code);
		/* Spaces of a document are left out, so those of a label are, too. */
		if (label && code != ' ' && code != 0x3000)
			label->code[label->length++] = code;
		text += used;
		length -= (size_t)used;
	}
	return 0;
}

struct marks *marks_new(const struct marks_labels *labels)
{
	struct marks *marks = calloc(1, sizeof(*marks));
	iconv_t to = iconv_open("GB18030", "UTF-8");
	int r = marks ? add_text(marks, to, about, NULL) : -ENOMEM;

	for (uint32_t i = 0; r == 0 && labels && i < labels->count && i < POLICY_LEVELS_MAX; i++) {
		r = strnlen(labels->labels[i], MARKS_LABEL_SIZE) < MARKS_LABEL_SIZE ? 0 : -EINVAL;
		if (r == 0)
			r = add_text(marks, to, labels->labels[i], &marks->labels[i]);
		marks->count = i + 1;
	}
	if (to != (iconv_t)-1)
		iconv_close(to);
	if (r < 0) {
		free(marks);
		return NULL;
	}
	if (marks->gb_count > 0)
		qsort(marks->gb, marks->gb_count, sizeof(marks->gb[0]), by_bytes);
	return marks;
}

void marks_free(struct marks *marks)
{
	free(marks);
}

int marks_rank(const struct marks_labels *labels, const char *level)
{
	for (uint32_t i = 0; labels && i < labels->count && i < POLICY_LEVELS_MAX; i++)
		if (level[0] && strcmp(labels->levels[i], level) == 0)
			return (int)i;
	return -1;
}
