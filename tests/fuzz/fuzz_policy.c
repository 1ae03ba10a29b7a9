// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policies, and all other documents of the language. What is accepted is printed as a text that
 * means the same; both decide alike over some devices, and no verdict breaks what holds for all.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "policy/decide/decide.h"
#include "policy/lang/document.h"
#include "policy/lang/lex.h"
#include "policy/lang/policy.h"

static const struct usb_facts devices[] = {
	{ .vendor = 0x0951,
	  .product = 0x1666,
	  .configurations = 1,
	  .interface_count = 1,
	  .interfaces = { { .config = 1, .class = 8, .subclass = 6, .protocol = 0x50 } },
	  .port = "1-2.3",
	  .serial = "A1",
	  .name = "Stick" },
	{ .vendor = 0x046d,
	  .product = 0xc31c,
	  .configurations = 1,
	  .interface_count = 2,
	  .interfaces = { { .config = 1, .class = 3, .subclass = 1, .protocol = 1 },
			  { .config = 1,
			    .number = 1,
			    .class = 8,
			    .subclass = 6,
			    .protocol = 0x50 } },
	  .port = "1-1",
	  .connect = USB_CONNECT_HARDWIRED },
	{ .class = 9,
	  .configurations = 1,
	  .interface_count = 1,
	  .interfaces = { { .config = 1, .class = 9 } },
	  .port = "usb1" },
	{ .flaw = USB_FLAW_MISMATCH, .port = "1-3" },
};
#define DEVICES (sizeof(devices) / sizeof(devices[0]))

static void decide_alike(const struct policy *a, const struct policy *b)
{
	size_t rules = policy_usb_rule_count(a);
	uint32_t *in_use = calloc(rules + 1, sizeof(*in_use));

	MUST(in_use && rules == policy_usb_rule_count(b));
	for (size_t i = 0; i < DEVICES; i++) {
		struct policy_verdict one, two;

		policy_decide_usb(a, NULL, &devices[i], in_use, &one);
		policy_decide_usb(b, NULL, &devices[i], in_use, &two);
		fuzz_verdict_holds(&devices[i], &one);
		one.line = one.column = two.line = two.column = 0;
		MUST(memcmp(&one, &two, sizeof(one)) == 0);
		policy_count_usb(a, NULL, &devices[i], in_use);
	}
	free(in_use);
}

static void same_head(const struct policy *a, const struct policy *b)
{
	MUST(strcmp(policy_id(a), policy_id(b)) == 0);
	MUST(policy_serial(a) == policy_serial(b) && policy_serial(a) > 0);
	MUST(policy_mode(a) == policy_mode(b) && policy_class(a) == policy_class(b));
	MUST(policy_monitor_limit(a) == policy_monitor_limit(b));
	MUST((policy_mode(a) == POLICY_MODE_MONITOR) == (policy_monitor_limit(a) > 0));
	MUST(policy_valid_from(a) == policy_valid_from(b));
	MUST(policy_valid_until(a) == policy_valid_until(b));
	MUST(policy_valid_from(a) <= policy_valid_until(a));
	MUST(policy_terminal_count(a) == policy_terminal_count(b));
	for (enum policy_failure i = 0; i < POLICY_FAILURE_COUNT; i++)
		MUST(policy_failure_action(a, i) == policy_failure_action(b, i));
	MUST(policy_unenforced(a, UINT64_MAX, NULL, 0) == 0);
}

/* Every token takes at least one byte of the text and lies in it. */
static void lex(const char *text, size_t length)
{
	char *content = malloc(length + 1);
	struct lexer lexer;
	struct token token;

	MUST(content);
	lex_init(&lexer, text, length, NULL);
	do {
		size_t before = lexer.offset;

		token = lex_next(&lexer);
		MUST(token.kind == TOKEN_END || lexer.offset > before);
		MUST(lexer.offset <= length && token.length <= lexer.offset - before);
		MUST(token.at.offset >= before && token.at.offset <= lexer.offset);
		MUST(token.at.line == lexer.line || token.kind == TOKEN_NEWLINE);
		if (token.length > 0)
			MUST(token.text >= text && token.text + token.length <= text + length);
		if (token.kind == TOKEN_STRING)
			MUST(lex_unquote(&token, content) <= token.length);
	} while (token.kind != TOKEN_END);
	MUST(lexer.offset == length);
	free(content);
}

static struct policy *parse(const char *text, size_t length)
{
	struct diag_list diags = DIAG_LIST_INIT;
	struct policy *policy = NULL;
	int result = policy_parse(text, length, &diags, &policy);

	fuzz_diags_hold(&diags, text, document_text_length(text, length), result);
	MUST((result == 0) == (policy != NULL));
	diag_list_free(&diags);
	return policy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct policy *policy = parse(text, size), *again;
	size_t printed;
	char *once;

	lex(text, size);
	once = fuzz_document_prints(NULL, text, document_text_length(text, size), &printed);
	if (policy && once) {
		again = parse(once, printed);
		MUST(again);
		same_head(policy, again);
		decide_alike(policy, again);
		policy_free(again);
	}
	policy_free(policy);
	free(once);
	return 0;
}
