/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts, verdicts and outcomes as JSON: one form for the journal, the doors and airgapctl.
 *
 *	facts	{"port":"1-2","bus":1,"device":5,"id":"0951:1666","release":"0110",
 *		 "class":"00:00:00","manufacturer":"Kingston","name":"DataTraveler","serial":"A1",
 *		 "connect":"hotplug","flaw":null,"configurations":1,
 *		 "interfaces":[{"config":1,"number":0,"alternate":0,"class":"08:06:50"}],
 *		 "hash":"<64 hexadecimal digits>","parent_hash":"..."}
 *	verdict	{"result":"permit","cause":"allow","rule":"storage","because":"...","line":27,
 *		 "column":5,"interfaces":[0]}		places in the facts' list; rule null: none
 *	outcome	{"facts":{},"verdict":{},"state":"authorised","error":null,"plug":3,"seen_us":1,
 *		 "settled_us":2}			error: a name of errno(3), such as "EIO"
 *
 * Members come in this order. Texts that are not UTF-8 have their bad bytes written as \xNN.
 */
#ifndef AIRGAP_LIB_USB_JSON_H
#define AIRGAP_LIB_USB_JSON_H

#include <jansson.h>

#include "agent/lib/json_text.h"
#include "policy/decide/facts.h"

/* usb_json_put_outcome - as text, without a detour */
void usb_json_put_outcome(struct json_text *out, const struct usb_outcome *outcome);

/* usb_json_facts, _verdict, _outcome - a new reference, or NULL when memory is short */
json_t *usb_json_facts(const struct usb_facts *facts);
json_t *usb_json_verdict(const struct policy_verdict *verdict);
json_t *usb_json_outcome(const struct usb_outcome *outcome);

/**
 * usb_json_read_facts, _outcome - the way back
 *
 * Strict: every member must be there, of its type and in its range. Returns 0, or -EINVAL and the
 * result is undefined.
 */
int usb_json_read_facts(const json_t *json, struct usb_facts *facts);
int usb_json_read_outcome(const json_t *json, struct usb_outcome *outcome);

/* Names as above; of a value out of range, "unknown". A flaw of USB_SOUND is "sound". */
const char *usb_json_connect_name(uint32_t connect);
const char *usb_json_flaw_name(uint32_t flaw);
const char *usb_json_state_name(uint32_t state);

/* usb_json_error - a name of errno(3) for 0 or -errno: JSON null, or "EIO" */
json_t *usb_json_error(int error);
/* usb_json_read_error - the way back; an unknown name is -EIO */
int usb_json_read_error(const json_t *json);

#endif
