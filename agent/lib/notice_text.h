/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person at the terminal reads: what was refused, why, what to do, whom to call. Never a grade.
 */
#ifndef AIRGAP_LIB_NOTICE_TEXT_H
#define AIRGAP_LIB_NOTICE_TEXT_H

#include "agent/lib/msg.h"

struct notice_text {
	char title[256];
	char body[1280]; /* lines ended by \n */
};

/**
 * notice_text - in the language that i18n.h has set
 *
 * What others wrote (a device's name, a reason) is made printable first.
 */
void notice_text(const struct msg_notice *notice, struct notice_text *text);

/* notice_event_name - "usb-refused"; "unknown" beyond */
const char *notice_event_name(uint32_t event);

/* notice_event_find - the event of that name; NOTICE_COUNT: none */
uint32_t notice_event_find(const char *name);

#endif
