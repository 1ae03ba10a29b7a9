/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notices on their way to a person's session: one JSON object a packet of PATH_NOTICES.
 *
 *	{"v":1,"event":"usb-refused","subject":"...","because":"...","rule":"...","call":"...",
 *	 "number":0,"entry":17}
 */
#ifndef AIRGAP_LIB_NOTICE_JSON_H
#define AIRGAP_LIB_NOTICE_JSON_H

#include <stddef.h>

#include "agent/lib/msg.h"

#define NOTICE_JSON_VERSION 1
#define NOTICE_JSON_MAX	    8192 /* bytes of an object */

/* notice_json - a text for free(); NULL when memory is short */
char *notice_json(const struct msg_notice *notice);

/**
 * notice_json_read - the reverse
 *
 * Returns 0, or -EBADMSG when it is not exactly such an object.
 */
int notice_json_read(const char *bytes, size_t length, struct msg_notice *notice);

#endif
