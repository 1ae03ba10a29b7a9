/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of USBGuard's rules, character by character. Shared by the files of its parser. */
#ifndef AIRGAP_POLICY_USBGUARD_SCAN_H
#define AIRGAP_POLICY_USBGUARD_SCAN_H

#include "policy/import/usbguard.h"

struct scan {
	struct arena *arena;
	struct finding_list *findings; /* NULL: say nothing */
	const char *line;
	size_t length;
	size_t at;
	uint32_t number; /* of the line */
	uint32_t offset; /* of the line in the text */
	bool no_memory;
};

/** scan_peek - the next byte, or 0 at the end of the line or at a comment */
char scan_peek(const struct scan *scan);
/** scan_blanks - pass spaces and tabs; whether there was one */
bool scan_blanks(struct scan *scan);
/** scan_take - pass this byte if it is next */
bool scan_take(struct scan *scan, char byte);
/** scan_word - letters, digits, - : * up to anything else; "" when there is none */
const char *scan_word(struct scan *scan);
/** scan_from - the span from a byte of the line up to where the scan stands */
struct span scan_from(const struct scan *scan, size_t start);
/** scan_fail - an error at the place of the scan; returns false */
bool scan_fail(struct scan *scan, const char *help, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void *scan_alloc(struct scan *scan, size_t size);

/* Each returns false after having reported. */
bool scan_value(struct scan *scan, enum usbguard_attribute attribute, struct usbguard_value *value);
bool scan_set(struct scan *scan, enum usbguard_attribute attribute, struct usbguard_set *set);
bool scan_conditions(struct scan *scan, struct usbguard_rule *rule);
/** scan_attributes - up to the end of the line */
bool scan_attributes(struct scan *scan, struct usbguard_rule *rule);
/** scan_operator - an operator, if the next word is one; else nothing is passed */
bool scan_operator(struct scan *scan, enum usbguard_op *op);

#endif
