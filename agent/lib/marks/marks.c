// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/marks/marks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/marks/marks_read.h"

#define PIECE ((size_t)64 * 1024)
/* More of a PDF is not looked at. */
#define PDF_MAX ((size_t)1024 * 1024 * 1024)

static bool one_of(const char *type, const char *const *types)
{
	for (; *types; types++)
		if (strcmp(type, *types) == 0)
			return true;
	return false;
}

static const char *const texts[] = { "txt", "csv", "json", "script", "eml", "rtf", NULL };
static const char *const markups[] = { "html", "xml", "svg", NULL };
static const char *const offices[] = { "docx", "docm", "xlsx",	    "xlsm", "pptx", "pptm", "odt",
				       "ods",  "odp",  "odf-macro", "odg",  "ofd",  NULL };

/* Where text goes, piece by piece. */
struct sink {
	struct marks_text text;
	struct marks_xml xml;
	bool markup; /* its lines are those of its elements, too */
};

static int each_piece(int fd, struct sink *sink)
{
	uint8_t *buffer = malloc(PIECE);
	uint64_t at = 0;
	ssize_t count = 1;
	int r = buffer ? 0 : -ENOMEM;

	while (r == 0 && count > 0) {
		do
			count = pread(fd, buffer, PIECE, (off_t)at);
		while (count < 0 && errno == EINTR);
		if (count < 0)
			r = -errno;
		else
			marks_text_put(&sink->text, buffer, (size_t)count);
		if (r == 0 && sink->markup)
			marks_xml_put(&sink->xml, buffer, (size_t)count);
		at += count > 0 ? (uint64_t)count : 0;
	}
	free(buffer);
	return r;
}

static int find_text(const struct marks *marks, int fd, bool markup, struct marks_found *found)
{
	struct sink *sink = malloc(sizeof(*sink));
	int r;

	if (!sink)
		return -ENOMEM;
	sink->markup = markup;
	marks_text_init(&sink->text, marks);
	marks_xml_init(&sink->xml, marks, found);
	r = each_piece(fd, sink);
	marks_xml_end(&sink->xml);
	marks_text_end(&sink->text, found);
	free(sink);
	return r;
}

static int find_pdf(const struct marks *marks, int fd, struct marks_found *found)
{
	struct stat st;
	size_t length;
	uint8_t *bytes;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size <= 0)
		return 0;
	length = (uint64_t)st.st_size < PDF_MAX ? (size_t)st.st_size : PDF_MAX;
	found->cut |= (uint64_t)st.st_size > PDF_MAX;
	bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	r = marks_pdf(marks, bytes, length, found);
	munmap(bytes, length);
	return r;
}

int marks_find(const struct marks *marks, int fd, const char *type, struct marks_found *found)
{
	memset(found, 0, sizeof(*found));
	found->rank = -1;
	found->looked = 1;
	if (one_of(type, texts))
		return find_text(marks, fd, false, found);
	if (one_of(type, markups))
		return find_text(marks, fd, true, found);
	if (one_of(type, offices))
		return marks_office(marks, fd, found);
	if (strcmp(type, "pdf") == 0)
		return find_pdf(marks, fd, found);
	found->looked = 0;
	return 0;
}
