/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How answers look: pager, colours, tables, and text from others made harmless. */
#ifndef AIRGAP_CTL_OUTPUT_H
#define AIRGAP_CTL_OUTPUT_H

#include "agent/ctl/ctl.h"

enum ctl_style {
	CTL_PLAIN,
	CTL_STRONG,
	CTL_FINE, /* good news */
	CTL_WARN,
	CTL_ALARM,
	CTL_DIM,
	CTL_STYLE_COUNT,
};

/* ctl_output_begin - find out what standard output is, and start a pager where one is wanted */
void ctl_output_begin(struct ctl *ctl);

/**
 * ctl_output_end - finish output, wait for the pager
 * @code: what main() was going to return
 *
 * Returns it, or CTL_UNREACHABLE after a message when the output could not be written.
 */
int ctl_output_end(int code);

/* ctl_on, ctl_off - the terminal's sequences around a piece of text; "" without colours */
const char *ctl_on(const struct ctl *ctl, enum ctl_style style);
const char *ctl_off(const struct ctl *ctl, enum ctl_style style);

/* ctl_print_clean - text of others, with what is not printable written out */
void ctl_print_clean(const char *text);

/* ctl_print_json - one value and a newline; takes @json. Returns 0 or -ENOMEM after a message. */
int ctl_print_json(json_t *json);

#endif
