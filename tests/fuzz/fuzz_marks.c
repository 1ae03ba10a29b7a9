// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documents of strangers: whatever their bytes, looking for markings ends, stays within them, and finds nothing
 * but a rank that there is, with a text that can be shown.
 *
 * The first byte chooses how the rest is read: 0 text, 1 XML, 2 an archive, 3 a PDF, 4 the same deflated into
 * one stream of a PDF, behind a table of characters.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "agent/lib/marks/marks_pdf.h"
#include "agent/lib/marks/marks_read.h"
#include "agent/lib/marks/marks_zip.h"

#define FILE_MAX 65536u

static const struct marks_labels labels = {
	.count = 4,
	.levels = { "neibu", "mimi", "jimi", "top" },
	.labels = { "内部", "秘密", "机密", "TOP SECRET" },
};

static const char cmap[] =
	"1 beginbfchar <0003> <673A> endbfchar 1 beginbfrange <0004> <0006> <5BC6> endbfrange";
static struct marks *marks;
static uint8_t file[FILE_MAX];
static int memory = -1;

static void begin(void)
{
	if (marks)
		return;
	marks = marks_new(&labels);
	memory = memfd_create("marks", 0);
	MUST(marks && memory >= 0);
}

static void holds(const struct marks_found *found)
{
	MUST(found->rank >= -1 && found->rank < (int)labels.count);
	MUST(ENDED(found->text) && fuzz_shown(found->text));
	MUST((found->rank >= 0) == (found->text[0] != '\0'));
	MUST(found->cut <= 1 && found->strange <= 1 && found->looked <= 1);
}

/* In two pieces or in one: the same is found. */
static void in_pieces(const uint8_t *data, size_t size, bool xml)
{
	struct marks_found found[2] = { { .rank = -1 }, { .rank = -1 } };
	static struct marks_text text;
	static struct marks_xml markup;

	for (size_t i = 0; i < 2; i++) {
		size_t first = i == 0 || size < 2 ? size : 2 + (size - 2) / 2;

		marks_text_init(&text, marks);
		marks_xml_init(&markup, marks, &found[i]);
		if (xml) {
			marks_xml_put(&markup, data, first);
			marks_xml_put(&markup, data + first, size - first);
			marks_xml_end(&markup);
		} else {
			marks_text_put(&text, data, first);
			marks_text_put(&text, data + first, size - first);
			marks_text_end(&text, &found[i]);
		}
		holds(&found[i]);
	}
	MUST(memcmp(&found[0], &found[1], sizeof(found[0])) == 0);
}

static void archive(const uint8_t *data, size_t size)
{
	struct marks_found found;
	const char *kind;

	MUST(ftruncate(memory, 0) == 0 && pwrite(memory, data, size, 0) == (ssize_t)size);
	kind = marks_zip_kind(memory);
	MUST(!kind || strlen(kind) < 16);
	MUST(marks_find(marks, memory, "docx", &found) == 0);
	holds(&found);
	/* What has no directory has been seen by nobody. */
	MUST(kind || found.cut == 1);
}

static void pdf(const uint8_t *data, size_t size)
{
	struct marks_found found = { .rank = -1 };

	MUST(marks_pdf(marks, data, size, &found) == 0);
	holds(&found);
}

static size_t add(size_t at, const char *text)
{
	memcpy(file + at, text, strlen(text));
	return at + strlen(text);
}

static void content(const uint8_t *data, size_t size)
{
	uLongf packed = 32768;
	size_t at = 0;

	if (size > 16384)
		return;
	at = add(at, "1 0 obj<<>>stream\n");
	at = add(at, cmap);
	at = add(at, "\nendstream endobj 2 0 obj<</Filter/FlateDecode>>stream\n");
	MUST(compress2(file + at, &packed, data, size, 1) == Z_OK);
	at = add(at + packed, "\nendstream endobj");
	pdf(file, at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	begin();
	switch (data[0] % 5) {
	case 0:
		in_pieces(data + 1, size - 1, false);
		break;
	case 1:
		in_pieces(data + 1, size - 1, true);
		break;
	case 2:
		archive(data + 1, size - 1);
		break;
	case 3:
		pdf(data + 1, size - 1);
		break;
	default:
		content(data + 1, size - 1);
	}
	return 0;
}
