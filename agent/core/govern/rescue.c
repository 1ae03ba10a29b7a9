// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/govern/rescue.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/path.h"
#include "agent/lib/usb_sysfs.h"

#define RESCUE_NAME  "rescue"
#define LINE_SIZE    (2 * USB_HASH_SIZE + 1 + USB_PORT_SIZE + 1)
#define RESCUE_LIMIT (RESCUE_MAX * LINE_SIZE)

static bool parse_line(const char *line, struct rescue_entry *entry)
{
	const char *end;
	size_t length = 0;

	if (sodium_hex2bin(entry->hash, sizeof(entry->hash), line, strnlen(line, LINE_SIZE), NULL,
			   &length, &end) != 0 ||
	    length != sizeof(entry->hash) || *end != ' ')
		return false;
	if (strlen(end + 1) >= sizeof(entry->port) || !usb_sysfs_port_valid(end + 1))
		return false;
	strcpy(entry->port, end + 1);
	return true;
}

void rescue_load(const char *root, struct rescue *rescue)
{
	char path[PATH_MAX], *line, *rest;
	uint8_t *data = NULL;
	size_t length = 0;

	*rescue = (struct rescue){ 0 };
	if (path_join(path, root, PATH_STATE_DIR "/" RESCUE_NAME) < 0 ||
	    file_read(path, RESCUE_LIMIT, &data, &length) < 0)
		return;
	rest = (char *)data;
	while ((line = strsep(&rest, "\n")) && rescue->count < RESCUE_MAX)
		rescue->count += parse_line(line, &rescue->entries[rescue->count]);
	free(data);
}

static int save(const char *root, const struct rescue *rescue)
{
	char text[RESCUE_LIMIT + 1], folder[PATH_MAX];
	size_t used = 0;
	int r;

	for (uint32_t i = 0; i < rescue->count; i++) {
		const struct rescue_entry *entry = &rescue->entries[i];

		sodium_bin2hex(text + used, sizeof(text) - used, entry->hash, sizeof(entry->hash));
		used += 2 * sizeof(entry->hash);
		used += (size_t)snprintf(text + used, sizeof(text) - used, " %s\n", entry->port);
	}
	r = path_join(folder, root, PATH_STATE_DIR);
	return r < 0 ? r : file_replace(folder, RESCUE_NAME, 0600, text, used);
}

static bool is_keyboard(const struct usb_interface *interface)
{
	return interface->class == 3 && interface->subclass == 1 && interface->protocol == 1;
}

uint32_t rescue_interfaces(const struct usb_facts *facts, uint8_t bits[USB_INTERFACES_MAX / 8])
{
	uint32_t count = 0;

	memset(bits, 0, USB_INTERFACES_MAX / 8);
	if (facts->flaw != USB_SOUND)
		return 0;
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		if (!is_keyboard(&facts->interfaces[i]))
			continue;
		bits[i / 8] |= (uint8_t)(1u << (i % 8));
		count++;
	}
	return count;
}

bool rescue_knows(const struct rescue *rescue, const struct usb_facts *facts)
{
	for (uint32_t i = 0; i < rescue->count; i++)
		if (memcmp(rescue->entries[i].hash, facts->hash, USB_HASH_SIZE) == 0 &&
		    strcmp(rescue->entries[i].port, facts->port) == 0)
			return true;
	return false;
}

static bool grants_keyboard(const struct usb_verdict *verdict)
{
	uint8_t bits[USB_INTERFACES_MAX / 8];

	if (verdict->verdict.result != POLICY_RESULT_PERMIT ||
	    rescue_interfaces(&verdict->facts, bits) == 0)
		return false;
	for (size_t i = 0; i < sizeof(bits); i++)
		if (bits[i] & ~verdict->verdict.interfaces[i])
			return false;
	return true;
}

int rescue_learn(const char *root, struct rescue *rescue, const struct usb_verdict *verdict)
{
	const struct usb_facts *facts = &verdict->facts;
	struct rescue_entry *entry;

	if (!grants_keyboard(verdict) || rescue_knows(rescue, facts))
		return 0;
	if (rescue->count == RESCUE_MAX) {
		memmove(&rescue->entries[0], &rescue->entries[1],
			(RESCUE_MAX - 1) * sizeof(rescue->entries[0]));
		rescue->count--;
	}
	entry = &rescue->entries[rescue->count++];
	memcpy(entry->hash, facts->hash, USB_HASH_SIZE);
	strcpy(entry->port, facts->port);
	return save(root, rescue);
}
