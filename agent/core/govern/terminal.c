// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "policy/lang/document.h"

#define TERMINAL_LIMIT 4096

static int take(const struct document *document, const char *keyword, const char *name, char *out,
		size_t size)
{
	const char *text = document_text(document, "terminal", keyword, name);

	if (!text || strlen(text) >= size)
		return -EINVAL;
	strcpy(out, text);
	return 0;
}

static int parse(const char *path, const uint8_t *data, size_t length, struct terminal *terminal,
		 char *reason, size_t size)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct document *document;
	int r;

	r = document_parse("airgap-terminal", (const char *)data, length, &diags, &document);
	if (r < 0) {
		diag_format_first(&diags, path, reason, size);
	} else {
		r = take(document, "number", "number", terminal->number, sizeof(terminal->number));
		if (r == 0)
			r = take(document, "unit", "unit", terminal->unit, sizeof(terminal->unit));
		if (r == 0)
			r = take(document, "level", "level", terminal->level,
				 sizeof(terminal->level));
		if (r < 0)
			snprintf(reason, size,
				 "%s: number, unit and level must each have at most 63 bytes",
				 path);
		document_free(document);
	}
	diag_list_free(&diags);
	return r;
}

int terminal_load(const char *root, struct terminal *terminal, char *reason, size_t size)
{
	char path[PATH_MAX];
	uint8_t *data = NULL;
	size_t length = 0;
	int r;

	*terminal = (struct terminal){ 0 };
	r = path_join(path, root, PATH_TERMINAL);
	if (r == 0)
		r = file_read(path, TERMINAL_LIMIT, &data, &length);
	if (r < 0) {
		snprintf(reason, size,
			 "cannot read %s (%s): write the terminal's number, unit and level there",
			 PATH_TERMINAL, strerror(-r));
		return r;
	}
	r = parse(PATH_TERMINAL, data, length, terminal, reason, size);
	if (r < 0)
		*terminal = (struct terminal){ 0 };
	free(data);
	return r;
}
