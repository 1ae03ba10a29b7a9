/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replies: JSON objects ended by NUL, at most DOOR_REPLY_MAX bytes each. "more" says whether another
 * object belongs to the answer; of "error" in the last one, null means success.
 *
 *	status	{"v":1,"more":false,"error":null,"text":"","connected":true,"status":{...}}
 *	devices	{"v":1,"more":true,"device":{outcome}} ... {"v":1,"more":false,"error":null,"text":"",
 *		"connected":true,"missing":0}
 *	network	{"v":1,"more":true,"link":{}} ... {"v":1,"more":true,"peer":{"link":2,"rule":"office",
 *		"text":"tcp to 10.20.0.5 port 8443"}} ... {"v":1,"more":true,"violation":{}} ..., then
 *		an end like that of devices, with "network" as in status; the objects are those of
 *		net_json.h
 *	watch	the same two kinds without end; {"v":1,"more":true,"restart":true} says that the list
 *		of devices begins anew, {"v":1,"more":true,"settled":true} that all is told for now
 *	control	{"v":1,"more":false,"error":null,"text":"..."}
 *
 * "connected" false: the core does not answer, and what is told is the last known state.
 */
#ifndef AIRGAP_DOOR_REPLY_H
#define AIRGAP_DOOR_REPLY_H

#include <stddef.h>

#include "agent/door/door_cache.h"
#include "agent/door/door_net.h"

#define DOOR_REPLY_MAX 65536

/* Each gives a NUL-terminated text that the caller frees, or NULL when memory is short. */
char *door_reply_error(const char *error, const char *text);
char *door_reply_status(const struct door_cache *cache, uint32_t sandbox, bool more);
char *door_reply_device(const struct usb_outcome *outcome);
char *door_reply_devices_end(const struct door_cache *cache);
char *door_reply_network(const struct door_net_item *item);
char *door_reply_network_end(const struct door_cache *cache, const struct door_net *net);
char *door_reply_mark(const char *mark);
char *door_reply_control(const struct msg_control_reply *reply);

#endif
