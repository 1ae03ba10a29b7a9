// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/usb_json.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/printable.h"
#include "policy/decide/decide.h"

static const char *const connect_names[USB_CONNECT_COUNT] = {
	[USB_CONNECT_UNKNOWN] = "unknown",
	[USB_CONNECT_HOTPLUG] = "hotplug",
	[USB_CONNECT_HARDWIRED] = "hardwired",
	[USB_CONNECT_NOT_USED] = "not used",
};

static const char *const flaw_names[USB_FLAW_COUNT_OF] = {
	[USB_SOUND] = "sound",
	[USB_FLAW_UNREADABLE] = "unreadable",
	[USB_FLAW_SHORT] = "short",
	[USB_FLAW_LENGTH] = "length",
	[USB_FLAW_COUNT] = "count",
	[USB_FLAW_DUPLICATE] = "duplicate",
	[USB_FLAW_TOO_MANY] = "too many",
	[USB_FLAW_MISMATCH] = "mismatch",
	[USB_FLAW_STRING] = "string",
};

static const char *const state_names[USB_STATE_COUNT] = {
	[USB_STATE_BLOCKED] = "blocked",
	[USB_STATE_PENDING] = "pending",
	[USB_STATE_AUTHORISED] = "authorised",
	[USB_STATE_FAILED] = "failed",
	[USB_STATE_GONE] = "gone",
};

const char *usb_json_connect_name(uint32_t connect)
{
	return connect < USB_CONNECT_COUNT ? connect_names[connect] : "unknown";
}

const char *usb_json_flaw_name(uint32_t flaw)
{
	return flaw < USB_FLAW_COUNT_OF ? flaw_names[flaw] : "unknown";
}

const char *usb_json_state_name(uint32_t state)
{
	return state < USB_STATE_COUNT ? state_names[state] : "unknown";
}

json_t *usb_json_error(int error)
{
	const char *name;

	if (error == 0)
		return json_null();
	/* Out of a message it may be any number; the least one has no opposite. */
	name = error == INT_MIN ? NULL : strerrorname_np(error < 0 ? -error : error);
	return json_string(name ? name : "EIO");
}

/* As a JSON string whatever the bytes are. */
static json_t *text(const char *bytes)
{
	char clean[USB_STRING_SIZE * 4];

	return json_string(printable_utf8(clean, sizeof(clean), bytes));
}

static json_t *text_or_null(const char *bytes)
{
	return bytes[0] ? text(bytes) : json_null();
}

static json_t *count(uint64_t number)
{
	return json_integer(number > INT64_MAX ? INT64_MAX : (json_int_t)number);
}

static json_t *triple(uint8_t class, uint8_t subclass, uint8_t protocol)
{
	return json_sprintf("%02x:%02x:%02x", class, subclass, protocol);
}

static json_t *digest(const uint8_t bytes[static USB_HASH_SIZE])
{
	char hex[2 * USB_HASH_SIZE + 1];

	for (size_t i = 0; i < USB_HASH_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	return json_string(hex);
}

static json_t *interface_list(const struct usb_facts *facts)
{
	json_t *list = json_array();

	for (uint32_t i = 0; list && i < facts->interface_count && i < USB_INTERFACES_MAX; i++) {
		const struct usb_interface *at = &facts->interfaces[i];
		json_t *entry = json_pack("{s:i, s:i, s:i, s:o}", "config", at->config, "number",
					  at->number, "alternate", at->alternate, "class",
					  triple(at->class, at->subclass, at->protocol));

		if (json_array_append_new(list, entry) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *usb_json_facts(const struct usb_facts *facts)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:i, s:o, s:o, s:o}",
		"port", text(facts->port), "bus", count(facts->bus), "device", count(facts->device),
		"id", json_sprintf("%04x:%04x", facts->vendor, facts->product), "release",
		json_sprintf("%04x", facts->release), "class",
		triple(facts->class, facts->subclass, facts->protocol), "manufacturer",
		text(facts->manufacturer), "name", text(facts->name), "serial", text(facts->serial),
		"connect", usb_json_connect_name(facts->connect), "flaw",
		facts->flaw ? json_string(usb_json_flaw_name(facts->flaw)) : json_null(),
		"configurations", facts->configurations, "interfaces", interface_list(facts),
		"hash", digest(facts->hash), "parent_hash", digest(facts->parent_hash));
}

json_t *usb_json_verdict(const struct policy_verdict *verdict)
{
	json_t *list = json_array();

	for (uint32_t i = 0; list && i < USB_INTERFACES_MAX; i++)
		if (policy_verdict_has(verdict, i))
			json_array_append_new(list, count(i));
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "result",
			 policy_result_name((enum policy_result)verdict->result), "cause",
			 policy_cause_name((enum policy_cause)verdict->cause), "rule",
			 text_or_null(verdict->rule), "because", text(verdict->because), "line",
			 count(verdict->line), "column", count(verdict->column), "interfaces",
			 list);
}

json_t *usb_json_outcome(const struct usb_outcome *outcome)
{
	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "facts",
			 usb_json_facts(&outcome->decided.facts), "verdict",
			 usb_json_verdict(&outcome->decided.verdict), "state",
			 usb_json_state_name(outcome->state), "error",
			 usb_json_error(outcome->error), "plug", count(outcome->plug), "seen_us",
			 count(outcome->seen_us), "settled_us", count(outcome->settled_us));
}
