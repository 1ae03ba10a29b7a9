// SPDX-License-Identifier: GPL-2.0-or-later
/* From JSON back to facts and outcomes. */
#include "agent/lib/usb_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "policy/decide/decide.h"

#define ERRNO_LIMIT 4096

static int read_text(const json_t *object, const char *key, char *out, size_t size)
{
	const char *value = json_string_value(json_object_get(object, key));
	size_t length = value ? strlen(value) : size;

	if (length >= size)
		return -EINVAL;
	memset(out, 0, size);
	memcpy(out, value, length);
	return 0;
}

static int read_number(const json_t *object, const char *key, uint64_t limit, uint64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) > limit)
		return -EINVAL;
	*out = (uint64_t)json_integer_value(value);
	return 0;
}

static int read_u32(const json_t *object, const char *key, uint32_t *out)
{
	uint64_t value;
	int r = read_number(object, key, UINT32_MAX, &value);

	if (r == 0)
		*out = (uint32_t)value;
	return r;
}

static int read_u8(const json_t *object, const char *key, uint8_t *out)
{
	uint64_t value;
	int r = read_number(object, key, UINT8_MAX, &value);

	if (r == 0)
		*out = (uint8_t)value;
	return r;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal digits in groups of @group bytes with a colon between, exactly @count bytes. */
static int read_hex(const json_t *object, const char *key, size_t group, uint8_t *out, size_t count)
{
	const char *at = json_string_value(json_object_get(object, key));

	for (size_t i = 0; at && i < count; i++, at += 2) {
		int high, low;

		if (i > 0 && i % group == 0 && *at++ != ':')
			return -EINVAL;
		high = hex_digit(at[0]);
		low = high < 0 ? -1 : hex_digit(at[1]);
		if (low < 0)
			return -EINVAL;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return at && *at == 0 ? 0 : -EINVAL;
}

static int read_name(const json_t *object, const char *key, const char *(*name)(uint32_t),
		     uint32_t limit, uint32_t *out)
{
	const char *value = json_string_value(json_object_get(object, key));

	for (uint32_t i = 0; value && i < limit; i++)
		if (strcmp(value, name(i)) == 0) {
			*out = i;
			return 0;
		}
	return -EINVAL;
}

static int read_interfaces(const json_t *list, struct usb_facts *facts)
{
	uint8_t code[3];

	if (!json_is_array(list) || json_array_size(list) > USB_INTERFACES_MAX)
		return -EINVAL;
	facts->interface_count = (uint32_t)json_array_size(list);
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		const json_t *entry = json_array_get(list, i);
		struct usb_interface *at = &facts->interfaces[i];

		if (read_u8(entry, "config", &at->config) < 0 ||
		    read_u8(entry, "number", &at->number) < 0 ||
		    read_u8(entry, "alternate", &at->alternate) < 0 ||
		    read_hex(entry, "class", 1, code, 3) < 0)
			return -EINVAL;
		at->class = code[0];
		at->subclass = code[1];
		at->protocol = code[2];
	}
	return 0;
}

static int read_ids(const json_t *json, struct usb_facts *facts)
{
	uint8_t id[4], release[2], class[3];

	if (read_hex(json, "id", 2, id, 4) < 0 || read_hex(json, "release", 2, release, 2) < 0 ||
	    read_hex(json, "class", 1, class, 3) < 0)
		return -EINVAL;
	facts->vendor = (uint16_t)(id[0] << 8 | id[1]);
	facts->product = (uint16_t)(id[2] << 8 | id[3]);
	facts->release = (uint16_t)(release[0] << 8 | release[1]);
	facts->class = class[0];
	facts->subclass = class[1];
	facts->protocol = class[2];
	return 0;
}

int usb_json_read_facts(const json_t *json, struct usb_facts *facts)
{
	uint32_t connect, flaw = USB_SOUND;

	memset(facts, 0, sizeof(*facts));
	if (read_ids(json, facts) < 0 || read_u32(json, "bus", &facts->bus) < 0 ||
	    read_u32(json, "device", &facts->device) < 0 ||
	    read_u8(json, "configurations", &facts->configurations) < 0 ||
	    read_text(json, "port", facts->port, sizeof(facts->port)) < 0 ||
	    read_text(json, "manufacturer", facts->manufacturer, sizeof(facts->manufacturer)) < 0 ||
	    read_text(json, "name", facts->name, sizeof(facts->name)) < 0 ||
	    read_text(json, "serial", facts->serial, sizeof(facts->serial)) < 0 ||
	    read_name(json, "connect", usb_json_connect_name, USB_CONNECT_COUNT, &connect) < 0 ||
	    read_interfaces(json_object_get(json, "interfaces"), facts) < 0 ||
	    read_hex(json, "hash", USB_HASH_SIZE, facts->hash, USB_HASH_SIZE) < 0 ||
	    read_hex(json, "parent_hash", USB_HASH_SIZE, facts->parent_hash, USB_HASH_SIZE) < 0)
		return -EINVAL;
	if (!json_is_null(json_object_get(json, "flaw")) &&
	    read_name(json, "flaw", usb_json_flaw_name, USB_FLAW_COUNT_OF, &flaw) < 0)
		return -EINVAL;
	facts->connect = (uint8_t)connect;
	facts->flaw = (uint8_t)flaw;
	return 0;
}

static const char *result_name(uint32_t value)
{
	return policy_result_name((enum policy_result)value);
}

static const char *cause_name(uint32_t value)
{
	return policy_cause_name((enum policy_cause)value);
}

static int read_verdict(const json_t *json, struct policy_verdict *verdict)
{
	const json_t *list = json_object_get(json, "interfaces");

	memset(verdict, 0, sizeof(*verdict));
	if (read_name(json, "result", result_name, POLICY_RESULT_PERMIT + 1, &verdict->result) <
		    0 ||
	    read_name(json, "cause", cause_name, POLICY_CAUSE_COUNT, &verdict->cause) < 0 ||
	    read_text(json, "because", verdict->because, sizeof(verdict->because)) < 0 ||
	    read_u32(json, "line", &verdict->line) < 0 ||
	    read_u32(json, "column", &verdict->column) < 0 || !json_is_array(list))
		return -EINVAL;
	if (!json_is_null(json_object_get(json, "rule")) &&
	    read_text(json, "rule", verdict->rule, sizeof(verdict->rule)) < 0)
		return -EINVAL;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_int_t place = json_integer_value(json_array_get(list, i));

		if (!json_is_integer(json_array_get(list, i)) || place < 0 ||
		    place >= USB_INTERFACES_MAX)
			return -EINVAL;
		verdict->interfaces[place / 8] |= (uint8_t)(1u << (place % 8));
	}
	return 0;
}

int usb_json_read_error(const json_t *json)
{
	const char *name = json_string_value(json);

	if (!name)
		return 0;
	for (int i = 1; i < ERRNO_LIMIT; i++) {
		const char *known = strerrorname_np(i);

		if (known && strcmp(known, name) == 0)
			return -i;
	}
	return -EIO;
}

int usb_json_read_outcome(const json_t *json, struct usb_outcome *outcome)
{
	const json_t *error = json_object_get(json, "error");

	memset(outcome, 0, sizeof(*outcome));
	if (!error ||
	    usb_json_read_facts(json_object_get(json, "facts"), &outcome->decided.facts) < 0 ||
	    read_verdict(json_object_get(json, "verdict"), &outcome->decided.verdict) < 0 ||
	    read_name(json, "state", usb_json_state_name, USB_STATE_COUNT, &outcome->state) < 0 ||
	    read_number(json, "plug", INT64_MAX, &outcome->plug) < 0 ||
	    read_number(json, "seen_us", INT64_MAX, &outcome->seen_us) < 0 ||
	    read_number(json, "settled_us", INT64_MAX, &outcome->settled_us) < 0)
		return -EINVAL;
	outcome->error = usb_json_read_error(error);
	return 0;
}
