// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices as JSON, from a door or the journal: what was read is written as what reads the same. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "agent/lib/usb_json.h"

static void outcome_holds(const struct usb_outcome *outcome)
{
	const struct policy_verdict *verdict = &outcome->decided.verdict;

	fuzz_facts_hold(&outcome->decided.facts);
	MUST(verdict->result <= POLICY_RESULT_PERMIT && verdict->cause < POLICY_CAUSE_COUNT);
	MUST(ENDED(verdict->rule) && ENDED(verdict->because));
	MUST(outcome->state < USB_STATE_COUNT && outcome->error <= 0);
}

/* DEL is the one character that is not written as it was read. */
static bool has_delete(const struct usb_outcome *outcome)
{
	const struct usb_facts *facts = &outcome->decided.facts;

	return strchr(facts->port, 0x7f) || strchr(facts->serial, 0x7f) ||
	       strchr(facts->manufacturer, 0x7f) || strchr(facts->name, 0x7f) ||
	       strchr(outcome->decided.verdict.rule, 0x7f) ||
	       strchr(outcome->decided.verdict.because, 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct usb_outcome outcome, again;
	json_t *json = json_loadb((const char *)data, size, 0, NULL), *written;
	int r;

	r = usb_json_read_outcome(json, &outcome);
	MUST(r == 0 || r == -EINVAL);
	if (r == 0) {
		outcome_holds(&outcome);
		written = usb_json_outcome(&outcome);
		MUST(written);
		if (!has_delete(&outcome)) {
			MUST(usb_json_read_outcome(written, &again) == 0);
			MUST(memcmp(&outcome, &again, sizeof(outcome)) == 0);
		}
		json_decref(written);
	}
	json_decref(json);
	return 0;
}
