// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/marks/marks_read.h"
#include "agent/lib/marks/marks_zip.h"

/* What the members say of the whole. */
struct members {
	bool word, sheet, slides, ofd, jar, macro, scripts;
	size_t mime_length;
	char mime[80];
};

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

static bool ends(const char *name, const char *with)
{
	size_t length = strlen(name), size = strlen(with);

	return length >= size && strcmp(name + length - size, with) == 0;
}

static void note(struct members *members, const char *name)
{
	members->word |= strcmp(name, "word/document.xml") == 0;
	members->sheet |=
		strcmp(name, "xl/workbook.xml") == 0 || strcmp(name, "xl/workbook.bin") == 0;
	members->slides |= strcmp(name, "ppt/presentation.xml") == 0;
	members->ofd |= strcmp(name, "OFD.xml") == 0;
	members->jar |= strcmp(name, "META-INF/MANIFEST.MF") == 0;
	members->macro |= ends(name, "vbaProject.bin") || begins(name, "xl/macrosheets/");
	members->scripts |= begins(name, "Basic/") || begins(name, "Scripts/");
}

static bool put_mime(void *context, const uint8_t *bytes, size_t length)
{
	struct members *members = context;
	size_t room = sizeof(members->mime) - 1 - members->mime_length;

	length = length < room ? length : room;
	memcpy(members->mime + members->mime_length, bytes, length);
	members->mime_length += length;
	return members->mime_length < sizeof(members->mime) - 1;
}

static const char *open_document(const struct members *members)
{
	static const char head[] = "application/vnd.oasis.opendocument.";
	static const char *const kinds[][2] = {
		{ "text", "odt" },
		{ "spreadsheet", "ods" },
		{ "presentation", "odp" },
		{ "graphics", "odg" },
	};

	if (!begins(members->mime, head))
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(members->mime + sizeof(head) - 1, kinds[i][0]) == 0)
			return members->scripts || members->macro ? "odf-macro" : kinds[i][1];
	return NULL;
}

static const char *kind_of(const struct members *members)
{
	const char *kind = open_document(members);

	if (kind)
		return kind;
	if (members->word)
		return members->macro ? "docm" : "docx";
	if (members->sheet)
		return members->macro ? "xlsm" : "xlsx";
	if (members->slides)
		return members->macro ? "pptm" : "pptx";
	if (members->ofd)
		return "ofd";
	return members->jar ? "jar" : "zip";
}

const char *marks_zip_kind(int fd)
{
	struct members members = { 0 };
	struct marks_zip_member member;
	struct marks_zip zip;
	int r = marks_zip_open(&zip, fd);

	if (r < 0)
		return NULL;
	while ((r = marks_zip_next(&zip, &member)) == 1) {
		note(&members, member.name);
		if (strcmp(member.name, "mimetype") == 0 && members.mime_length == 0)
			(void)marks_zip_read(&zip, &member, put_mime, &members);
	}
	return r < 0 ? NULL : kind_of(&members);
}

static bool put_xml(void *context, const uint8_t *bytes, size_t length)
{
	marks_xml_put(context, bytes, length);
	return true;
}

/* Relations, fonts and the like hold no text of the document; nor do they hurt. */
static bool has_text(const char *name)
{
	return ends(name, ".xml") && !begins(name, "META-INF/");
}

int marks_office(const struct marks *marks, int fd, struct marks_found *found)
{
	struct marks_zip_member member;
	struct marks_zip zip;
	struct marks_xml xml;
	int r = marks_zip_open(&zip, fd), part;

	while (r == 0 && (r = marks_zip_next(&zip, &member)) == 1) {
		r = 0;
		/* A name too long to be read may be one of those. */
		found->cut |= member.name[0] == '\0';
		if (!has_text(member.name))
			continue;
		marks_xml_init(&xml, marks, found);
		part = marks_zip_read(&zip, &member, put_xml, &xml);
		marks_xml_end(&xml);
		if (part == -EBADMSG || part == -EFBIG)
			found->cut = 1;
		else if (part < 0)
			r = part;
	}
	if (r != -EBADMSG)
		return r;
	found->cut = 1;
	return 0;
}
