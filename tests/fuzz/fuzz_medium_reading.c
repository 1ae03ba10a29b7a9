// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What airgap-transferd says of a medium, taken by the core: whatever it says, of the device the kernel's
 * word counts, and no record is a good one that officers did not sign.
 *
 * The message's body, cut or filled up with zeroes; the record stands at its end.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "agent/core/media/media_finding.h"
#include "agent/lib/msg.h"
#include "agent/lib/msg_fields.h"
#include "policy/sign/trust.h"
#include "tests/unit/signer.h"

static const struct trust *officers(void)
{
	static struct trust trust;
	static struct signer signers[2];

	if (trust.key_count)
		return &trust;
	trust.number = 1;
	for (int i = 0; i < 2; i++) {
		struct trust_key *key = &trust.keys[trust.key_count++];

		signer_make(&signers[i], (uint8_t)(i + 3), false);
		snprintf(key->id, sizeof(key->id), "k%d", i);
		snprintf(key->person, sizeof(key->person), "P%d", i);
		key->duty = i == 0 ? TRUST_DUTY_SECURITY : TRUST_DUTY_APPROVAL;
		memcpy(key->key.point, signers[i].public, sizeof(signers[i].public));
	}
	trust.policy.duty[TRUST_DUTY_SECURITY] = 1;
	trust.policy.duty[TRUST_DUTY_APPROVAL] = 1;
	return &trust;
}

/* Is it the text that two officers signed? Whatever else is good would be a forgery. */
static void record_holds(const struct medium_finding *finding)
{
	static const struct medium_record none;
	const struct medium_facts *facts = &finding->facts;

	MUST(facts->record_state < MEDIUM_RECORD_COUNT);
	if (facts->record_state != MEDIUM_RECORD_GOOD) {
		MUST(memcmp(&facts->record, &none, sizeof(none)) == 0);
		return;
	}
	MUST(strstr(finding->signers, "k0") && strstr(finding->signers, "k1"));
	MUST(ENDED(facts->record.serial) && facts->record.sectors > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct media_disk disk = {
		.sectors = 60555264, .vendor = 0x0951, .product = 0x1666, .serial = "60A44C413FAE"
	};
	static struct msg_medium_reading reading;
	struct medium_memory memory = { .known = false };
	struct govern govern = { .mode = AGENT_MODE_ENFORCING };
	struct medium_finding finding;

	memset(&reading, 0, sizeof(reading));
	memcpy(&reading, data, size < sizeof(reading) ? size : sizeof(reading));
	if (!msg_fields_hold(MSG_MEDIUM_READING, (const uint8_t *)&reading))
		return 0;
	media_finding_take(&finding, &reading, &disk, officers());
	MUST(finding.facts.vendor == disk.vendor && finding.facts.product == disk.product);
	MUST(finding.facts.sectors == disk.sectors);
	MUST(strcmp(finding.facts.serial, disk.serial) == 0);
	MUST(finding.kind < MEDIA_KIND_COUNT && finding.filesystem < MEDIA_FILESYSTEM_COUNT);
	record_holds(&finding);
	/* Nothing governs: nothing is permitted, whatever was said. */
	media_finding_decide(&finding, &govern, &memory);
	MUST(!media_finding_may(&finding) && finding.decided.right == MEDIA_RIGHT_NONE);
	MUST(finding.decided.verdict.because[0]);
	return 0;
}
