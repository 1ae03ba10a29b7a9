// SPDX-License-Identifier: GPL-2.0-or-later
/* What a browser sends, and what is written back of it: never markup. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

#include "agent/office/web/web.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct form form;
	struct html html = { 0 };
	char text[512];
	int r = form_parse(&form, data, size);

	MUST(r == 0 || r == -EBADMSG);
	MUST(form.count <= FORM_FIELDS_MAX && (r == 0 || form.count == 0));
	for (size_t i = 0; i < form.count; i++) {
		MUST(form_value(&form, form.fields[i].name) == form.fields[i].value);
		MUST(!strchr(form.fields[i].value, '\r'));
		MUST(form_id(form.fields[i].value) >= 0);
		html_text(&html, form.fields[i].value);
	}
	html_bytes(&html, (const char *)data, size);
	MUST(!html.used || !memchr(html.data, '<', html.used));
	MUST(!html.used || !memchr(html.data, '"', html.used));
	html_free(&html);
	snprintf(text, sizeof(text), "%.*s", (int)size, (const char *)data);
	MUST(web_language(text, text) < PAGE_LANGUAGE_COUNT);
	MUST(web_language(NULL, text) < PAGE_LANGUAGE_COUNT);
	MUST(!web_back(text) || (text[0] == '/' && text[1] != '/'));
	return 0;
}
