// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/usb_json.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

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

static void put_error(struct json_text *out, int error)
{
	/* Out of a message it may be any number; the least one has no opposite. */
	const char *name = error == INT_MIN ? NULL : strerrorname_np(error < 0 ? -error : error);

	if (error == 0)
		json_text_raw(out, "null");
	else
		json_text_string(out, name ? name : "EIO");
}

static void put_member(struct json_text *out, const char *name, const char *bytes)
{
	json_text_raw(out, name);
	json_text_string(out, bytes);
}

static void put_count(struct json_text *out, const char *name, uint64_t count)
{
	json_text_raw(out, name);
	json_text_number(out, count);
}

/* Four hexadecimal digits each, as ids are written. */
static void put_word(struct json_text *out, const char *name, uint16_t word)
{
	const uint8_t bytes[2] = { (uint8_t)(word >> 8), (uint8_t)word };

	json_text_raw(out, name);
	json_text_hex(out, bytes, sizeof(bytes));
}

static void put_triple(struct json_text *out, const char *name, const uint8_t triple[static 3])
{
	json_text_raw(out, name);
	for (int i = 0; i < 3; i++) {
		json_text_raw(out, i ? ":" : "\"");
		json_text_hex(out, triple + i, 1);
	}
	json_text_raw(out, "\"");
}

static void put_digest(struct json_text *out, const char *name,
		       const uint8_t bytes[static USB_HASH_SIZE])
{
	json_text_raw(out, name);
	json_text_hex(out, bytes, USB_HASH_SIZE);
	json_text_raw(out, "\"");
}

static void put_interfaces(struct json_text *out, const struct usb_facts *facts)
{
	json_text_raw(out, ",\"interfaces\":[");
	for (uint32_t i = 0; i < facts->interface_count && i < USB_INTERFACES_MAX; i++) {
		const struct usb_interface *at = &facts->interfaces[i];
		const uint8_t triple[3] = { at->class, at->subclass, at->protocol };

		put_count(out, i ? ",{\"config\":" : "{\"config\":", at->config);
		put_count(out, ",\"number\":", at->number);
		put_count(out, ",\"alternate\":", at->alternate);
		put_triple(out, ",\"class\":", triple);
		json_text_raw(out, "}");
	}
	json_text_raw(out, "]");
}

static void put_facts(struct json_text *out, const struct usb_facts *facts)
{
	const uint8_t triple[3] = { facts->class, facts->subclass, facts->protocol };

	put_member(out, "{\"port\":", facts->port);
	put_count(out, ",\"bus\":", facts->bus);
	put_count(out, ",\"device\":", facts->device);
	put_word(out, ",\"id\":\"", facts->vendor);
	put_word(out, ":", facts->product);
	put_word(out, "\",\"release\":\"", facts->release);
	put_triple(out, "\",\"class\":", triple);
	put_member(out, ",\"manufacturer\":", facts->manufacturer);
	put_member(out, ",\"name\":", facts->name);
	put_member(out, ",\"serial\":", facts->serial);
	put_member(out, ",\"connect\":", usb_json_connect_name(facts->connect));
	if (facts->flaw)
		put_member(out, ",\"flaw\":", usb_json_flaw_name(facts->flaw));
	else
		json_text_raw(out, ",\"flaw\":null");
	put_count(out, ",\"configurations\":", facts->configurations);
	put_interfaces(out, facts);
	put_digest(out, ",\"hash\":\"", facts->hash);
	put_digest(out, ",\"parent_hash\":\"", facts->parent_hash);
	json_text_raw(out, "}");
}

static void put_verdict(struct json_text *out, const struct policy_verdict *verdict)
{
	const char *before = ",\"interfaces\":[";

	put_member(out, "{\"result\":", policy_result_name((enum policy_result)verdict->result));
	put_member(out, ",\"cause\":", policy_cause_name((enum policy_cause)verdict->cause));
	if (verdict->rule[0])
		put_member(out, ",\"rule\":", verdict->rule);
	else
		json_text_raw(out, ",\"rule\":null");
	put_member(out, ",\"because\":", verdict->because);
	put_count(out, ",\"line\":", verdict->line);
	put_count(out, ",\"column\":", verdict->column);
	for (uint32_t i = 0; i < USB_INTERFACES_MAX; i++) {
		if (!policy_verdict_has(verdict, i))
			continue;
		put_count(out, before, i);
		before = ",";
	}
	json_text_raw(out, before[1] ? ",\"interfaces\":[]}" : "]}");
}

void usb_json_put_outcome(struct json_text *out, const struct usb_outcome *outcome)
{
	json_text_raw(out, "{\"facts\":");
	put_facts(out, &outcome->decided.facts);
	json_text_raw(out, ",\"verdict\":");
	put_verdict(out, &outcome->decided.verdict);
	put_member(out, ",\"state\":", usb_json_state_name(outcome->state));
	json_text_raw(out, ",\"error\":");
	put_error(out, outcome->error);
	put_count(out, ",\"plug\":", outcome->plug);
	put_count(out, ",\"seen_us\":", outcome->seen_us);
	put_count(out, ",\"settled_us\":", outcome->settled_us);
	json_text_raw(out, "}");
}

/* The longest outcome: each byte of a text becomes at most six. */
#define TEXT_MAX                                                                                   \
	(6 * (3 * USB_STRING_SIZE + USB_PORT_SIZE + POLICY_BECAUSE_SIZE + POLICY_NAME_SIZE) +      \
	 80 * USB_INTERFACES_MAX + 2048)

static json_t *load(const struct json_text *out)
{
	return out->length <= out->size ? json_loadb(out->text, out->length, 0, NULL) : NULL;
}

json_t *usb_json_facts(const struct usb_facts *facts)
{
	char text[TEXT_MAX];
	struct json_text out = { .text = text, .size = sizeof(text) };

	put_facts(&out, facts);
	return load(&out);
}

json_t *usb_json_verdict(const struct policy_verdict *verdict)
{
	char text[TEXT_MAX];
	struct json_text out = { .text = text, .size = sizeof(text) };

	put_verdict(&out, verdict);
	return load(&out);
}

json_t *usb_json_outcome(const struct usb_outcome *outcome)
{
	char text[TEXT_MAX];
	struct json_text out = { .text = text, .size = sizeof(text) };

	usb_json_put_outcome(&out, outcome);
	return load(&out);
}
