// SPDX-License-Identifier: GPL-2.0-or-later
/* USBGuard's rules: whatever is made of them is a policy, in normal form, and permits no liar. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/decide.h"
#include "policy/import/usbguard.h"
#include "policy/lang/policy.h"

/* So that what is made may take effect: the parser accepts it whole. */
static const struct usbguard_head head = {
	.id = "fuzz",
	.serial = "1",
	.valid = "2026-01-01 .. 2026-12-31",
	.unit = "7.2.14",
	.level = "mimi",
	.terminals = "registered",
};

static void findings_hold(const struct finding_list *findings, size_t length)
{
	size_t errors = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		MUST(finding->name && finding->why && finding->why[0] && fuzz_shown(finding->why));
		MUST(!finding->what || fuzz_shown(finding->what));
		MUST(finding->at.offset <= length);
		/* At its end there is no character to point at; one is pointed at all the same. */
		MUST(finding->at.length <= 1 || finding->at.length <= length - finding->at.offset);
		errors += finding->severity == DIAG_ERROR;
	}
	MUST(errors == findings->errors);
}

static void findings_print(struct finding_list *findings, const char *text, size_t length)
{
	char *shown = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&shown, &size);
	json_t *json = finding_json(findings);

	MUST(out && json);
	MUST(finding_print(out, "rules", text, length, findings) == 0);
	fclose(out);
	MUST(strlen(shown) == size);
	free(shown);
	json_decref(json);
}

static void decides(const struct policy *policy)
{
	static const struct usb_facts liar = { .flaw = USB_FLAW_MISMATCH, .port = "1-3" };
	uint32_t *in_use = calloc(policy_usb_rule_count(policy) + 1, sizeof(*in_use));
	struct policy_verdict verdict;

	MUST(in_use);
	policy_decide_usb(policy, NULL, &liar, in_use, &verdict);
	fuzz_verdict_holds(&liar, &verdict);
	MUST(verdict.result == POLICY_RESULT_REFUSE);
	free(in_use);
}

static void policy_holds(const char *text, size_t length)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;
	size_t printed_length = 0;
	char *printed;

	MUST(strlen(text) == length);
	MUST(policy_parse(text, length, &diags, &policy) == 0);
	diag_list_free(&diags);
	decides(policy);
	policy_free(policy);
	printed = fuzz_document_prints("airgap-policy", text, length, &printed_length);
	MUST(printed && printed_length == length && memcmp(printed, text, length) == 0);
	free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct finding_list findings = FINDING_LIST_INIT;
	struct usbguard_file *file = NULL;
	const char *text = (const char *)data;
	char *policy = NULL;
	size_t length = 0;
	int result = usbguard_parse(text, size, &findings, &file);

	MUST(result == 0 || result == -EINVAL);
	MUST((result == 0) == (findings.errors == 0) && (result == 0) == (file != NULL));
	if (result == 0) {
		MUST(file->rule_count <= USBGUARD_RULES_MAX);
		result = usbguard_translate(file, "rules.conf", &head, &findings, &policy, &length);
		MUST(result == 0 || (result == -EINVAL && findings.errors > 0));
		MUST((result == 0) == (policy != NULL));
	}
	findings_hold(&findings, size);
	findings_print(&findings, text, size);
	if (policy)
		policy_holds(policy, length);
	usbguard_free(file);
	finding_list_free(&findings);
	free(policy);
	return 0;
}
