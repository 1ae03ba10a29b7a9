// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/usb_descriptor.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
	TYPE_DEVICE = 1,
	TYPE_CONFIGURATION = 2,
	TYPE_INTERFACE = 4,
};

enum {
	SIZE_DEVICE = 18,
	SIZE_CONFIGURATION = 9,
	SIZE_INTERFACE = 9,
};

#define RELEASE_OFFSET 12 /* of bcdDevice in the device descriptor */

/* One configuration while its descriptors pass by. */
struct walk {
	const uint8_t *start; /* NULL: no configuration yet */
	uint32_t numbers[8];  /* bit n: interface number n was seen */
	uint32_t number_count;
};

static uint16_t read_le16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static enum usb_flaw parse_device(const uint8_t *data, size_t length, struct usb_facts *facts)
{
	if (length < SIZE_DEVICE)
		return USB_FLAW_SHORT;
	if (data[0] != SIZE_DEVICE || data[1] != TYPE_DEVICE)
		return USB_FLAW_LENGTH;
	facts->class = data[4];
	facts->subclass = data[5];
	facts->protocol = data[6];
	facts->vendor = read_le16(data + 8);
	facts->product = read_le16(data + 10);
	facts->release = read_le16(data + RELEASE_OFFSET);
	return USB_SOUND;
}

/* The configuration that ends at @end must be as long, and have as many interfaces, as it said. */
static enum usb_flaw end_configuration(const struct walk *walk, const uint8_t *end)
{
	if (!walk->start)
		return USB_SOUND;
	if (read_le16(walk->start + 2) != end - walk->start)
		return USB_FLAW_LENGTH;
	if (walk->start[4] != walk->number_count)
		return USB_FLAW_COUNT;
	return USB_SOUND;
}

static enum usb_flaw begin_configuration(struct walk *walk, const uint8_t *at,
					 struct usb_facts *facts)
{
	if (at[0] < SIZE_CONFIGURATION)
		return USB_FLAW_LENGTH;
	for (uint32_t i = 0; i < facts->interface_count; i++)
		if (facts->interfaces[i].config == at[5])
			return USB_FLAW_DUPLICATE;
	if (walk->start && walk->start[5] == at[5])
		return USB_FLAW_DUPLICATE;
	*walk = (struct walk){ .start = at };
	facts->configurations++;
	return USB_SOUND;
}

static enum usb_flaw add_interface(struct walk *walk, const uint8_t *at, struct usb_facts *facts)
{
	const struct usb_interface interface = {
		.config = walk->start ? walk->start[5] : 0,
		.number = at[0] < SIZE_INTERFACE ? 0 : at[2],
		.alternate = at[0] < SIZE_INTERFACE ? 0 : at[3],
		.class = at[0] < SIZE_INTERFACE ? 0 : at[5],
		.subclass = at[0] < SIZE_INTERFACE ? 0 : at[6],
		.protocol = at[0] < SIZE_INTERFACE ? 0 : at[7],
	};
	uint32_t *word = &walk->numbers[interface.number / 32];
	uint32_t bit = 1u << (interface.number % 32);

	if (at[0] < SIZE_INTERFACE || !walk->start)
		return USB_FLAW_LENGTH;
	for (uint32_t i = 0; i < facts->interface_count; i++) {
		const struct usb_interface *other = &facts->interfaces[i];

		if (other->config == interface.config && other->number == interface.number &&
		    other->alternate == interface.alternate)
			return USB_FLAW_DUPLICATE;
	}
	if (facts->interface_count == USB_INTERFACES_MAX)
		return USB_FLAW_TOO_MANY;
	facts->interfaces[facts->interface_count++] = interface;
	if (!(*word & bit)) {
		*word |= bit;
		walk->number_count++;
	}
	return USB_SOUND;
}

static enum usb_flaw parse_configurations(const uint8_t *at, size_t left, struct usb_facts *facts)
{
	struct walk walk = { 0 };
	enum usb_flaw flaw = USB_SOUND;

	while (left > 0) {
		if (left < 2)
			return USB_FLAW_SHORT;
		if (at[0] < 2)
			return USB_FLAW_LENGTH;
		if (at[0] > left)
			return USB_FLAW_SHORT;
		if (at[1] == TYPE_CONFIGURATION) {
			flaw = end_configuration(&walk, at);
			if (flaw == USB_SOUND)
				flaw = begin_configuration(&walk, at, facts);
		} else if (at[1] == TYPE_INTERFACE) {
			flaw = add_interface(&walk, at, facts);
		} else if (!walk.start || at[1] == TYPE_DEVICE) {
			/* A second device descriptor, or anything before the first configuration. */
			flaw = USB_FLAW_LENGTH;
		}
		if (flaw != USB_SOUND)
			return flaw;
		left -= at[0];
		at += at[0];
	}
	return end_configuration(&walk, at);
}

enum usb_flaw usb_descriptor_parse(const uint8_t *data, size_t length, struct usb_facts *facts)
{
	enum usb_flaw flaw;

	facts->configurations = 0;
	facts->interface_count = 0;
	flaw = parse_device(data, length, facts);
	if (flaw == USB_SOUND)
		flaw = parse_configurations(data + SIZE_DEVICE, length - SIZE_DEVICE, facts);
	/* No configuration at all means no interface to judge. */
	if (flaw == USB_SOUND &&
	    (facts->configurations != data[17] || facts->configurations == 0 ||
	     facts->interface_count == 0))
		flaw = USB_FLAW_COUNT;
	facts->flaw = (uint8_t)flaw;
	return flaw;
}

static int is_kernel_root_hub(const struct usb_facts *facts)
{
	return facts->vendor == 0x1d6b && facts->product >= 1 && facts->product <= 3;
}

void usb_descriptor_hash(const uint8_t *data, size_t length, const struct usb_facts *facts,
			 uint8_t hash[static USB_HASH_SIZE])
{
	static const uint8_t zero[2];
	crypto_hash_sha256_state state;
	char ids[9];

	snprintf(ids, sizeof(ids), "%04x%04x", facts->vendor, facts->product);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const uint8_t *)facts->name, strlen(facts->name));
	crypto_hash_sha256_update(&state, (const uint8_t *)ids, 8);
	crypto_hash_sha256_update(&state, (const uint8_t *)facts->serial, strlen(facts->serial));
	if (is_kernel_root_hub(facts) && length >= SIZE_DEVICE) {
		crypto_hash_sha256_update(&state, data, RELEASE_OFFSET);
		crypto_hash_sha256_update(&state, zero, sizeof(zero));
		data += RELEASE_OFFSET + sizeof(zero);
		length -= RELEASE_OFFSET + sizeof(zero);
	}
	crypto_hash_sha256_update(&state, data, length);
	crypto_hash_sha256_final(&state, hash);
}
