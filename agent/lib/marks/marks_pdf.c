// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Streams are found by their keyword, as a reader that mends a damaged file finds them: cross-reference
 * tables may lie, and what they leave out may be shown nevertheless.
 */
#include "agent/lib/marks/marks_pdf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* How far before its stream a dictionary may begin. */
#define DICTIONARY_MAX 4096u
#define STREAM_MAX     ((size_t)16 * 1024 * 1024)
#define CONTENT_MAX    ((size_t)64 * 1024 * 1024)

struct pdf {
	const struct marks *marks;
	struct marks_found *found;
	size_t cmap_count;
	struct marks_cmap *cmaps[MARKS_CMAPS_MAX];
	size_t read;	 /* bytes of content */
	uint8_t *buffer; /* of STREAM_MAX bytes; borrowed */
};

/* A stream as it lies in the file. */
struct stream {
	const uint8_t *dictionary;
	size_t dictionary_length;
	const uint8_t *data;
	size_t left; /* bytes to the end of the file */
};

typedef int visit(struct pdf *pdf, const uint8_t *bytes, size_t length);

static bool has(const uint8_t *bytes, size_t length, const char *word)
{
	return memmem(bytes, length, word, strlen(word)) != NULL;
}

static bool says(const struct stream *stream, const char *word)
{
	return has(stream->dictionary, stream->dictionary_length, word);
}

/* Pictures, fonts, colours: nothing that shows text. */
static bool is_dull(const struct stream *stream)
{
	return says(stream, "/Image") || says(stream, "/DCTDecode") || says(stream, "/JPXDecode") ||
	       says(stream, "/Length1") || says(stream, "/Type1C") ||
	       says(stream, "/CIDFontType0C") || says(stream, "/OpenType") ||
	       says(stream, "/ICCBased") || says(stream, "/XRef");
}

/* Filters that we do not undo. */
static bool is_closed(const struct stream *stream)
{
	return says(stream, "/LZW") || says(stream, "/ASCII85") || says(stream, "/A85") ||
	       says(stream, "/ASCIIHex") || says(stream, "/AHx") || says(stream, "/RunLength") ||
	       says(stream, "/Crypt");
}

/* As much as there is, up to STREAM_MAX; what is damaged is given as far as it goes. */
static size_t inflate_stream(struct pdf *pdf, const struct stream *stream, size_t *used)
{
	z_stream z = { 0 };
	size_t limit = stream->left < 4 * STREAM_MAX ? stream->left : 4 * STREAM_MAX;
	int r;

	*used = 0;
	if (inflateInit(&z) != Z_OK)
		return 0;
	/* zlib does not write to what it reads. */
	z.next_in = (Bytef *)(uintptr_t)stream->data;
	z.avail_in = (uInt)limit;
	z.next_out = pdf->buffer;
	z.avail_out = (uInt)STREAM_MAX;
	r = inflate(&z, Z_SYNC_FLUSH);
	if (r != Z_STREAM_END)
		pdf->found->cut = 1;
	*used = limit - z.avail_in;
	inflateEnd(&z);
	return STREAM_MAX - z.avail_out;
}

static int visit_stream(struct pdf *pdf, const struct stream *stream, visit *see, size_t *used)
{
	const uint8_t *end;
	size_t length;

	*used = 0;
	if (is_dull(stream))
		return 0;
	if (is_closed(stream)) {
		pdf->found->cut = 1;
		return 0;
	}
	if (says(stream, "/Fl")) {
		length = inflate_stream(pdf, stream, used);
		return see(pdf, pdf->buffer, length);
	}
	end = memmem(stream->data, stream->left, "endstream", 9);
	length = end ? (size_t)(end - stream->data) : stream->left;
	*used = length;
	return see(pdf, stream->data, length < STREAM_MAX ? length : STREAM_MAX);
}

/* The dictionary before the keyword: from the "obj" that begins its object. */
static void find_dictionary(const uint8_t *bytes, const uint8_t *keyword, struct stream *stream)
{
	size_t length = (size_t)(keyword - bytes);

	length = length < DICTIONARY_MAX ? length : DICTIONARY_MAX;
	for (const uint8_t *at = keyword - 3; at > keyword - length + 3; at--) {
		if (memcmp(at, "obj", 3) != 0)
			continue;
		length = (size_t)(keyword - at);
		break;
	}
	stream->dictionary = keyword - length;
	stream->dictionary_length = length;
}

static int each_stream(struct pdf *pdf, const uint8_t *bytes, size_t length, visit *see)
{
	const uint8_t *end = bytes + length, *at = bytes, *keyword;
	struct stream stream;
	size_t used;
	int r = 0;

	while (r == 0 && (keyword = memmem(at, (size_t)(end - at), "stream", 6))) {
		at = keyword + 6;
		if (keyword - bytes < 8 || memcmp(keyword - 3, "end", 3) == 0)
			continue;
		if (at < end && *at == '\r')
			at++;
		if (at >= end || *at != '\n')
			continue;
		at++;
		find_dictionary(bytes, keyword, &stream);
		stream.data = at;
		stream.left = (size_t)(end - at);
		r = visit_stream(pdf, &stream, see, &used);
		at += used;
	}
	return r;
}

static int see_cmap(struct pdf *pdf, const uint8_t *bytes, size_t length)
{
	if (!has(bytes, length, "beginbf"))
		return 0;
	if (pdf->cmap_count == MARKS_CMAPS_MAX) {
		pdf->found->cut = 1;
		return 0;
	}
	pdf->cmaps[pdf->cmap_count] = marks_cmap_parse(bytes, length);
	if (!pdf->cmaps[pdf->cmap_count])
		return -ENOMEM;
	pdf->cmap_count++;
	return 0;
}

static int see_content(struct pdf *pdf, const uint8_t *bytes, size_t length)
{
	if (has(bytes, length, "beginbf"))
		return 0;
	pdf->read += length;
	if (pdf->read > CONTENT_MAX) {
		pdf->found->cut = 1;
		return 0;
	}
	marks_pdf_text(pdf->marks, bytes, length, NULL, pdf->found);
	/* Only what shows text can be in a font. */
	if (!has(bytes, length, "Tj") && !has(bytes, length, "TJ"))
		return 0;
	for (size_t i = 0; i < pdf->cmap_count; i++)
		marks_pdf_text(pdf->marks, bytes, length, pdf->cmaps[i], pdf->found);
	return 0;
}

/* Titles and the like stand outside of streams: UTF-16 in strings. */
static void see_rest(struct pdf *pdf, const uint8_t *bytes, size_t length)
{
	const uint8_t *end = bytes + length, *at = bytes;

	while ((at = memmem(at, (size_t)(end - at), "\xfe\xff", 2))) {
		size_t left = (size_t)(end - at), rest = left < 1024 ? left : 1024;
		uint8_t text[1026];

		at += 2;
		if (at - bytes < 3 || at[-3] != '(')
			continue;
		text[0] = '(';
		memcpy(text + 1, at - 2, rest);
		marks_pdf_text(pdf->marks, text, rest + 1, NULL, pdf->found);
	}
}

int marks_pdf(const struct marks *marks, const uint8_t *bytes, size_t length,
	      struct marks_found *found)
{
	uint8_t *buffer = malloc(STREAM_MAX);
	struct pdf pdf = { .marks = marks, .found = found, .buffer = buffer };
	int r = buffer ? 0 : -ENOMEM;

	/* What is encrypted reads as noise. */
	if (has(bytes, length, "/Encrypt"))
		found->cut = 1;
	if (r == 0)
		r = each_stream(&pdf, bytes, length, see_cmap);
	if (r == 0)
		r = each_stream(&pdf, bytes, length, see_content);
	if (r == 0)
		see_rest(&pdf, bytes, length);
	for (size_t i = 0; i < pdf.cmap_count; i++)
		free(pdf.cmaps[i]);
	free(buffer);
	return r;
}
