// SPDX-License-Identifier: GPL-2.0-or-later
/* One row a member: its name, where it goes, how it is read. */
#include "policy/study/inventory_facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "policy/lang/utf8.h"

static const char *const connect_names[] = { "unknown", "hotplug", "hardwired", "not used", NULL };
static const char *const flaw_names[] = { "sound",     "unreadable", "short",	 "length", "count",
					  "duplicate", "too many",   "mismatch", "string", NULL };

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* @count bytes in hexadecimal, a colon after each @group of them. */
static bool read_hex(const json_t *json, size_t group, uint8_t *out, size_t count)
{
	const char *at = json_string_value(json);

	for (size_t i = 0; at && i < count; i++, at += 2) {
		int high, low;

		if (i > 0 && i % group == 0 && *at++ != ':')
			return false;
		high = hex_digit(at[0]);
		low = high < 0 ? -1 : hex_digit(at[1]);
		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return at && *at == '\0';
}

/* No control characters: titles are shown on terminals. */
static bool read_text(const json_t *json, char *out, size_t size)
{
	const char *text = json_string_value(json);
	size_t length = json_string_length(json);
	uint32_t character;

	if (!text || length >= size || strlen(text) != length)
		return false;
	for (size_t i = 0; i < length;) {
		size_t bytes = utf8_decode(text + i, length - i, &character);

		if (bytes == 0 || utf8_is_control(character))
			return false;
		i += bytes;
	}
	memcpy(out, text, length);
	return true;
}

static bool read_number(const json_t *json, json_int_t most, json_int_t *out)
{
	*out = json_integer_value(json);
	return json_is_integer(json) && *out >= 0 && *out <= most;
}

static bool read_word(const json_t *json, const char *const *words, uint8_t *out)
{
	const char *text = json_string_value(json);

	for (uint8_t i = 0; text && words[i]; i++) {
		if (strcmp(words[i], text) != 0)
			continue;
		*out = i;
		return true;
	}
	return false;
}

#define TEXT_FIELD(member)                                                                         \
	static bool read_##member(const json_t *json, struct usb_facts *facts)                     \
	{                                                                                          \
		return read_text(json, facts->member, sizeof(facts->member));                      \
	}

TEXT_FIELD(port)
TEXT_FIELD(manufacturer)
TEXT_FIELD(name)
TEXT_FIELD(serial)

static bool read_bus(const json_t *json, struct usb_facts *facts)
{
	json_int_t number;
	bool good = read_number(json, UINT32_MAX, &number);

	facts->bus = (uint32_t)number;
	return good;
}

static bool read_device(const json_t *json, struct usb_facts *facts)
{
	json_int_t number;
	bool good = read_number(json, UINT32_MAX, &number);

	facts->device = (uint32_t)number;
	return good;
}

static bool read_configurations(const json_t *json, struct usb_facts *facts)
{
	json_int_t number;
	bool good = read_number(json, UINT8_MAX, &number);

	facts->configurations = (uint8_t)number;
	return good;
}

static bool read_id(const json_t *json, struct usb_facts *facts)
{
	uint8_t id[4];

	if (!read_hex(json, 2, id, sizeof(id)))
		return false;
	facts->vendor = (uint16_t)(id[0] << 8 | id[1]);
	facts->product = (uint16_t)(id[2] << 8 | id[3]);
	return true;
}

static bool read_release(const json_t *json, struct usb_facts *facts)
{
	uint8_t release[2];

	if (!read_hex(json, 2, release, sizeof(release)))
		return false;
	facts->release = (uint16_t)(release[0] << 8 | release[1]);
	return true;
}

static bool read_class(const json_t *json, struct usb_facts *facts)
{
	uint8_t class[3];

	if (!read_hex(json, 1, class, sizeof(class)))
		return false;
	facts->class = class[0];
	facts->subclass = class[1];
	facts->protocol = class[2];
	return true;
}

static bool read_connect(const json_t *json, struct usb_facts *facts)
{
	return read_word(json, connect_names, &facts->connect);
}

static bool read_flaw(const json_t *json, struct usb_facts *facts)
{
	return json_is_null(json) || read_word(json, flaw_names, &facts->flaw);
}

static bool read_hash(const json_t *json, struct usb_facts *facts)
{
	return read_hex(json, USB_HASH_SIZE, facts->hash, USB_HASH_SIZE);
}

static bool read_parent_hash(const json_t *json, struct usb_facts *facts)
{
	return read_hex(json, USB_HASH_SIZE, facts->parent_hash, USB_HASH_SIZE);
}

static bool read_interface(const json_t *json, struct usb_interface *interface)
{
	json_int_t config, number, alternate;
	uint8_t class[3];

	if (json_object_size(json) != 4 ||
	    !read_number(json_object_get(json, "config"), UINT8_MAX, &config) ||
	    !read_number(json_object_get(json, "number"), UINT8_MAX, &number) ||
	    !read_number(json_object_get(json, "alternate"), UINT8_MAX, &alternate) ||
	    !read_hex(json_object_get(json, "class"), 1, class, sizeof(class)))
		return false;
	*interface = (struct usb_interface){
		.config = (uint8_t)config,
		.number = (uint8_t)number,
		.alternate = (uint8_t)alternate,
		.class = class[0],
		.subclass = class[1],
		.protocol = class[2],
	};
	return true;
}

static bool read_interfaces(const json_t *json, struct usb_facts *facts)
{
	size_t count = json_array_size(json);

	if (!json_is_array(json) || count > USB_INTERFACES_MAX)
		return false;
	facts->interface_count = (uint32_t)count;
	for (size_t i = 0; i < count; i++)
		if (!read_interface(json_array_get(json, i), &facts->interfaces[i]))
			return false;
	return true;
}

static const struct {
	const char *name;
	bool (*read)(const json_t *json, struct usb_facts *facts);
} members[] = {
	{ "port", read_port },
	{ "bus", read_bus },
	{ "device", read_device },
	{ "id", read_id },
	{ "release", read_release },
	{ "class", read_class },
	{ "manufacturer", read_manufacturer },
	{ "name", read_name },
	{ "serial", read_serial },
	{ "connect", read_connect },
	{ "flaw", read_flaw },
	{ "configurations", read_configurations },
	{ "interfaces", read_interfaces },
	{ "hash", read_hash },
	{ "parent_hash", read_parent_hash },
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

static const char *unknown_member(const json_t *json)
{
	void *at = json_object_iter((json_t *)(uintptr_t)json);

	for (; at; at = json_object_iter_next((json_t *)(uintptr_t)json, at)) {
		const char *name = json_object_iter_key(at);
		size_t i = 0;

		while (i < MEMBERS && strcmp(members[i].name, name) != 0)
			i++;
		if (i == MEMBERS)
			return name;
	}
	return NULL;
}

const char *inventory_facts(const json_t *json, struct usb_facts *facts)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		const json_t *value = json_object_get(json, members[i].name);

		if (!value || !members[i].read(value, facts))
			return members[i].name;
	}
	return unknown_member(json);
}
