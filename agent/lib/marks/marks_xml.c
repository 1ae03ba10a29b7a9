// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No XML parser: the documents of offices have no declarations that change what their text is, and
 * what is not well-formed is to be looked through as well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/marks/marks_read.h"

enum state {
	TEXT,
	NAME,	/* of a tag */
	INSIDE, /* a tag, between attributes */
	VALUE,	/* of an attribute, within its quotes */
	ENTITY,
	DECLARED, /* <! ... >, <? ... > */
	COMMENT,
	CDATA,
};

/* Elements that begin and end a line; without their prefix. Runs of letters within a line are not here. */
static const char *const lines[] = {
	"p",	      "h",	 "br",	  "cr",	     "si",	   "is",	   "v",
	"c",	      "lpwstr",	 "title", "subject", "keywords",   "keyword",	   "description",
	"category",   "tc",	 "sp",	  "comment", "line-break", "user-defined", "TextObject",
	"CustomData", "Keyword", "Title", "Subject"
};

void marks_xml_init(struct marks_xml *xml, const struct marks *marks, struct marks_found *found)
{
	memset(xml, 0, sizeof(*xml));
	marks_scan_init(&xml->scan, marks, found);
}

static bool is_line(const char *tag)
{
	const char *local = strchr(tag, ':');

	local = local ? local + 1 : tag;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(lines[i], local) == 0)
			return true;
	return false;
}

static void add_name(struct marks_xml *xml, uint8_t byte)
{
	if (xml->name_length + 1 < sizeof(xml->name))
		xml->name[xml->name_length++] = (char)byte;
	xml->name[xml->name_length] = '\0';
}

static void clear_name(struct marks_xml *xml)
{
	xml->name_length = 0;
	xml->name[0] = '\0';
}

static void put_char(struct marks_xml *xml, uint8_t byte)
{
	uint32_t code;
	int used;

	xml->hold[xml->held++] = byte;
	while (xml->held > 0) {
		used = marks_utf8(xml->hold, xml->held, &code);
		if (used < 0)
			return;
		/* A line feed in the source is a space to the reader. */
		if (used > 0)
			marks_scan_char(&xml->scan, code == '\n' ? ' ' : code);
		used = used > 0 ? used : 1;
		xml->held -= (size_t)used;
		memmove(xml->hold, xml->hold + used, xml->held);
	}
}

static void end_tag(struct marks_xml *xml)
{
	if (is_line(xml->tag))
		marks_scan_break(&xml->scan);
	xml->state = TEXT;
	clear_name(xml);
}

static void end_entity(struct marks_xml *xml)
{
	const char *name = xml->name;
	unsigned long code = 0;

	if (name[0] == '#')
		code = name[1] == 'x' ? strtoul(name + 2, NULL, 16) : strtoul(name + 1, NULL, 10);
	else if (strcmp(name, "lt") == 0)
		code = '<';
	else if (strcmp(name, "gt") == 0)
		code = '>';
	else if (strcmp(name, "amp") == 0)
		code = '&';
	if (code > 0 && code <= 0x10ffff)
		marks_scan_char(&xml->scan, (uint32_t)code);
	xml->state = xml->quoted ? VALUE : TEXT;
	clear_name(xml);
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void in_name(struct marks_xml *xml, uint8_t byte)
{
	if (xml->name_length == 0 && byte == '/')
		return;
	if (byte != '>' && byte != '/' && !is_blank(byte)) {
		add_name(xml, byte);
		if (strcmp(xml->name, "!--") == 0)
			xml->state = COMMENT;
		else if (strcmp(xml->name, "![CDATA[") == 0)
			xml->state = CDATA;
		return;
	}
	memcpy(xml->tag, xml->name, sizeof(xml->tag));
	if (xml->name[0] == '!' || xml->name[0] == '?')
		xml->state = byte == '>' ? TEXT : DECLARED;
	else if (byte == '>')
		end_tag(xml);
	else
		xml->state = INSIDE;
	clear_name(xml);
}

/* WordArt, of which watermarks are made, has its text in an attribute: string="...". */
static void in_tag(struct marks_xml *xml, uint8_t byte)
{
	if (byte == '>') {
		end_tag(xml);
	} else if (byte == '"' || byte == '\'') {
		xml->watermark = strcmp(xml->name, "string") == 0;
		xml->quote = byte;
		xml->state = VALUE;
		if (xml->watermark)
			marks_scan_break(&xml->scan);
		clear_name(xml);
	} else if (is_blank(byte) || byte == '/') {
		clear_name(xml);
	} else if (byte != '=') {
		add_name(xml, byte);
	}
}

static void in_value(struct marks_xml *xml, uint8_t byte)
{
	if (byte == xml->quote) {
		if (xml->watermark)
			marks_scan_break(&xml->scan);
		xml->watermark = false;
		xml->state = INSIDE;
	} else if (xml->watermark && byte == '&') {
		xml->quoted = true;
		xml->state = ENTITY;
	} else if (xml->watermark) {
		put_char(xml, byte);
	}
}

/* The last three bytes are kept in name. */
static bool ends_with(struct marks_xml *xml, uint8_t byte, const char *end)
{
	if (xml->name_length >= 3) {
		memmove(xml->name, xml->name + 1, 2);
		xml->name_length = 2;
	}
	add_name(xml, byte);
	return strcmp(xml->name, end) == 0;
}

static void put_byte(struct marks_xml *xml, uint8_t byte)
{
	switch (xml->state) {
	case TEXT:
		if (byte == '<' || byte == '&') {
			xml->quoted = false;
			clear_name(xml);
			xml->state = byte == '<' ? NAME : ENTITY;
		} else {
			put_char(xml, byte);
		}
		break;
	case NAME:
		in_name(xml, byte);
		break;
	case INSIDE:
		in_tag(xml, byte);
		break;
	case VALUE:
		in_value(xml, byte);
		break;
	case ENTITY:
		if (byte == ';' || xml->name_length > 12)
			end_entity(xml);
		else
			add_name(xml, byte);
		break;
	case COMMENT:
		if (ends_with(xml, byte, "-->"))
			xml->state = TEXT;
		break;
	case CDATA:
		if (ends_with(xml, byte, "]]>"))
			xml->state = TEXT;
		else
			put_char(xml, byte);
		break;
	default:
		if (byte == '>')
			xml->state = TEXT;
	}
}

void marks_xml_put(struct marks_xml *xml, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		put_byte(xml, bytes[i]);
}

void marks_xml_end(struct marks_xml *xml)
{
	marks_scan_break(&xml->scan);
}
