/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Media as JSON: one form for the journal, the doors and airgapctl.
 *
 *	medium	{"id":"9f3c...","kind":"registered","right":"write","reason":"good","filesystem":"vfat",
 *		 "sequence":12,"entry":33,"port":"1-2","name":"sda","level":"mimi","unit":"7.2.14",
 *		 "custodian":"A. Novak","text":""}	id: null of a foreign one; entry: 0 when there is none
 *	event	{"type":"media","occurred_us":1,"action":"admitted","error":null,"medium":{},"verdict":{},
 *		 "reasons":["lost"],"counter":"4b0d...","usb_id":"0951:1666","serial":"S1","sectors":65536}
 */
#ifndef AIRGAP_LIB_MEDIUM_JSON_H
#define AIRGAP_LIB_MEDIUM_JSON_H

#include <jansson.h>

#include "agent/lib/msg_media.h"

/* medium_json, medium_json_event - a new reference, or NULL when memory is short */
json_t *medium_json(const struct msg_medium *medium);
json_t *medium_json_event(const struct msg_record_medium *record);

/* medium_json_right - "none", "read", "write" */
const char *medium_json_right(uint32_t right);

#endif
