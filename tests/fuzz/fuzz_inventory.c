// SPDX-License-Identifier: GPL-2.0-or-later
/* Recorded devices: what is accepted is complete, can be decided over, and is read alike twice. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

#include "policy/decide/decide.h"
#include "policy/study/inventory.h"

static void expected_holds(const struct inventory_expected *expected)
{
	MUST(ENDED(expected->rule));
	MUST(expected->result == POLICY_RESULT_PERMIT || expected->result == POLICY_RESULT_REFUSE);
	MUST(expected->expects || !expected->rule[0]);
}

static void device_holds(const struct inventory_device *device)
{
	struct policy_verdict verdict;
	char title[2 * USB_STRING_SIZE];

	fuzz_facts_hold(&device->facts);
	expected_holds(&device->expected);
	inventory_title(&device->facts, title, sizeof(title));
	MUST(strlen(title) >= strlen("0951:1666") && strlen(title) < sizeof(title));
	policy_decide_usb(fuzz_policy(), NULL, &device->facts, NULL, &verdict);
	fuzz_verdict_holds(&device->facts, &verdict);
	MUST(verdict.result == POLICY_RESULT_REFUSE || device->facts.flaw == USB_SOUND);
}

/* A second reading adds the same devices, or fails alike. */
static void reads_alike(struct inventory *inventory, const char *text, size_t length, int first)
{
	char error[INVENTORY_ERROR_SIZE] = "";
	size_t count = inventory->count;
	int result = inventory_read(inventory, text, length, error);

	if (count > INVENTORY_DEVICES_MAX / 2)
		return;
	MUST(result == first);
	MUST(inventory->count == 2 * count);
	for (size_t i = 0; i < count; i++)
		MUST(memcmp(&inventory->devices[i], &inventory->devices[count + i],
			    sizeof(inventory->devices[i])) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct inventory inventory = { 0 };
	char error[INVENTORY_ERROR_SIZE] = "";
	const char *text = (const char *)data;
	int result = inventory_read(&inventory, text, size, error);

	MUST(result == 0 || result == -EINVAL);
	MUST(ENDED(error) && (result == 0) == (error[0] == '\0'));
	MUST(fuzz_shown(error));
	MUST(inventory.count <= INVENTORY_DEVICES_MAX);
	for (size_t i = 0; i < inventory.count; i++)
		device_holds(&inventory.devices[i]);
	for (size_t i = 0; i < inventory.question_count; i++)
		expected_holds(&inventory.questions[i].expected);
	reads_alike(&inventory, text, size, result);
	inventory_free(&inventory);
	return 0;
}
