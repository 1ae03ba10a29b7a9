/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a browser's form sends: application/x-www-form-urlencoded (WHATWG URL, section 5). Untrusted. */
#ifndef AIRGAP_OFFICE_WEB_FORM_H
#define AIRGAP_OFFICE_WEB_FORM_H

#include <stddef.h>

#define FORM_BODY_MAX	16384
#define FORM_FIELDS_MAX 24

struct form {
	size_t count;
	struct {
		const char *name, *value; /* in text */
	} fields[FORM_FIELDS_MAX];
	char text[FORM_BODY_MAX + FORM_FIELDS_MAX * 2];
};

/**
 * form_parse - take a body apart
 *
 * Values are UTF-8 without NUL and control characters but newline and tab; line ends come as LF. A
 * name that comes twice, a percent sign without two digits, or anything else: -EBADMSG, and the form
 * is empty.
 */
int form_parse(struct form *form, const void *body, size_t length);

/* form_value - NULL: there is no such field */
const char *form_value(const struct form *form, const char *name);

/* form_id - a field that is a positive decimal number; 0: it is not there, or is none */
long form_id(const char *text);

#endif
