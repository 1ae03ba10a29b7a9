// SPDX-License-Identifier: GPL-2.0-or-later
/* Raw descriptors. What is sound must say the same as a second, simpler reading of the bytes. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "agent/lib/usb_descriptor.h"
#include "policy/decide/decide.h"

enum { DEVICE_SIZE = 18, TYPE_CONFIGURATION = 2, TYPE_INTERFACE = 4 };

/* Every interface descriptor in the order of the bytes, whatever stands around it. */
static uint32_t list_interfaces(const uint8_t *data, size_t size, struct usb_interface *list,
				uint32_t max, size_t *announced, uint32_t *configurations)
{
	uint32_t count = 0;
	uint8_t config = 0;

	*announced = DEVICE_SIZE;
	*configurations = 0;
	for (size_t at = DEVICE_SIZE; at + 1 < size && data[at] >= 2; at += data[at]) {
		if (data[at + 1] == TYPE_CONFIGURATION && at + 5 < size) {
			config = data[at + 5];
			*announced += (size_t)(data[at + 2] | data[at + 3] << 8);
			++*configurations;
		}
		if (data[at + 1] != TYPE_INTERFACE || at + 8 >= size)
			continue;
		if (count < max)
			list[count] = (struct usb_interface){ .config = config,
							      .number = data[at + 2],
							      .alternate = data[at + 3],
							      .class = data[at + 5],
							      .subclass = data[at + 6],
							      .protocol = data[at + 7] };
		count++;
	}
	return count;
}

static void sound_facts_hold(const uint8_t *data, size_t size, const struct usb_facts *facts)
{
	struct usb_interface list[USB_INTERFACES_MAX] = { 0 };
	uint32_t count, configurations;
	size_t announced;

	count = list_interfaces(data, size, list, USB_INTERFACES_MAX, &announced, &configurations);
	MUST(count == facts->interface_count && count > 0);
	MUST(announced == size);
	MUST(configurations == facts->configurations && configurations == data[17]);
	MUST(memcmp(list, facts->interfaces, count * sizeof(list[0])) == 0);
	MUST(facts->class == data[4] && facts->subclass == data[5] && facts->protocol == data[6]);
	MUST(facts->vendor == (data[8] | data[9] << 8));
	MUST(facts->product == (data[10] | data[11] << 8));
	MUST(facts->release == (data[12] | data[13] << 8));
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < i; j++)
			MUST(list[i].config != list[j].config || list[i].number != list[j].number ||
			     list[i].alternate != list[j].alternate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct usb_facts facts, again;
	struct policy_verdict verdict;
	enum usb_flaw flaw;
	uint8_t hash[USB_HASH_SIZE];

	memset(&facts, 0, sizeof(facts));
	memset(&again, 0, sizeof(again));
	/* What an earlier reading left must not show in this one. */
	memset(again.interfaces, 0xa5, sizeof(again.interfaces));
	again.interface_count = 77;
	again.configurations = 9;
	again.flaw = USB_FLAW_STRING;
	flaw = usb_descriptor_parse(data, size, &facts);
	MUST(flaw == usb_descriptor_parse(data, size, &again));
	MUST(facts.flaw == flaw && again.flaw == flaw);
	fuzz_facts_hold(&facts);
	MUST(facts.interface_count == again.interface_count);
	MUST(facts.configurations == again.configurations);
	MUST(memcmp(facts.interfaces, again.interfaces,
		    facts.interface_count * sizeof(facts.interfaces[0])) == 0);
	if (flaw == USB_SOUND)
		sound_facts_hold(data, size, &facts);
	usb_descriptor_hash(data, size, &facts, hash);
	memcpy(facts.hash, hash, sizeof(hash));
	strcpy(facts.port, "1-1");
	policy_decide_usb(fuzz_policy(), NULL, &facts, NULL, &verdict);
	fuzz_verdict_holds(&facts, &verdict);
	return 0;
}
