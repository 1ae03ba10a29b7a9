// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/lang/policy.h"
#include "policy/lang/utf8.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return sodium_init() < 0;
}

_Noreturn void fuzz_broken(const char *promise, const char *file, int line)
{
	fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, promise);
	abort();
}

bool fuzz_ended(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

bool fuzz_shown(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0, size; i < length; i += size) {
		uint32_t character;

		size = 1;
		if (text[i] >= ' ' && text[i] <= '~')
			continue;
		size = utf8_decode(text + i, length - i, &character);
		if (size == 0 || utf8_is_control(character))
			return false;
	}
	return true;
}

void fuzz_facts_hold(const struct usb_facts *facts)
{
	MUST(ENDED(facts->port));
	MUST(ENDED(facts->serial));
	MUST(ENDED(facts->manufacturer));
	MUST(ENDED(facts->name));
	MUST(facts->interface_count <= USB_INTERFACES_MAX);
	MUST(facts->connect < USB_CONNECT_COUNT);
	MUST(facts->flaw < USB_FLAW_COUNT_OF);
}

void fuzz_verdict_holds(const struct usb_facts *facts, const struct policy_verdict *verdict)
{
	bool permit = verdict->result == POLICY_RESULT_PERMIT, any = false;

	MUST(permit || verdict->result == POLICY_RESULT_REFUSE);
	MUST(verdict->cause < POLICY_CAUSE_COUNT);
	MUST(ENDED(verdict->rule) && ENDED(verdict->because));
	MUST(verdict->because[0]);
	for (uint32_t i = 0; i < USB_INTERFACES_MAX; i++) {
		if (!policy_verdict_has(verdict, i))
			continue;
		any = true;
		MUST(i < facts->interface_count);
	}
	MUST(permit || !any);
	if (permit)
		MUST(facts->flaw == USB_SOUND && (verdict->cause == POLICY_CAUSE_ALLOW ||
						  verdict->cause == POLICY_CAUSE_BUILTIN));
}

static size_t count_lines(const char *text, size_t length)
{
	size_t lines = 1;

	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	return lines;
}

void fuzz_diags_hold(struct diag_list *diags, const char *text, size_t length, int result)
{
	size_t lines = count_lines(text, length), errors = 0, size = 0;
	char *shown = NULL, first[256];
	FILE *out;

	MUST(result == 0 || result == -EINVAL);
	MUST((result == 0) == (diags->errors == 0));
	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *diag = &diags->items[i];

		errors += diag->severity == DIAG_ERROR;
		MUST(diag->message[0] && fuzz_shown(diag->message));
		MUST(!diag->help || fuzz_shown(diag->help));
		MUST(diag->at.line >= 1 && diag->at.line <= lines && diag->at.column >= 1);
		MUST(diag->at.offset <= length);
	}
	MUST(errors <= diags->errors && (diags->dropped || errors == diags->errors));

	out = open_memstream(&shown, &size);
	MUST(out);
	diag_print(out, "text", text, length, diags);
	fclose(out);
	for (char *at = shown; *at; at++)
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	MUST(strlen(shown) == size && fuzz_shown(shown));
	free(shown);
	diag_format_first(diags, "text", first, sizeof(first));
	MUST((first[0] != 0) == (errors > 0));
}

const struct policy *fuzz_policy(void)
{
	static const char text[] =
		"airgap-policy 1\n"
		"policy {\n"
		"    id         \"fuzz\"\n"
		"    serial     1\n"
		"    valid      2026-01-01 .. 2026-12-31\n"
		"}\n"
		"scope {\n"
		"    unit       \"7.2.14\"\n"
		"    terminals  [ \"T-1\" ]\n"
		"    level      mimi\n"
		"}\n"
		"set ids usb [ 0951:1666  046d:* ]\n"
		"set kinds interfaces [ 08:06:*  03:*:* ]\n"
		"usb {\n"
		"    default block\n"
		"    allow a: id in @ids, interfaces within @kinds, at-most 2\n"
		"    allow b: serial \"A1\", interfaces has-any [ 08:06:50 ff:*:* ]\n"
		"    allow c: name \"Stick\", interfaces equals [ 08:06:50 ]\n"
		"    allow d: port in [ 1-1 usb1 ], connect-type hardwired, class 03\n"
		"    allow e: serial absent, manufacturer present, interfaces has-none [ 08:*:* ]\n"
		"    forbid f: interfaces has-all [ 08:*:* 03:*:* ]\n"
		"    forbid g: id not-in [ 0951:* 046d:* 1d6b:* ], serial in [ \"x\" ]\n"
		"}\n"
		"set net address [ 10.20.0.0/24  fd12:7::/48 ]\n"
		"table terminals signed [ security 1 ]\n"
		"network {\n"
		"    allow a: interface in [ eth0 eth1 ], kind in [ ethernet vlan ]\n"
		"    allow b: interface is registered\n"
		"    allow c: address in @net\n"
		"    allow d: egress to [ 10.20.0.5 fd12:7::5 ], protocol in [ tcp udp ], port in [ 53 8443 ]\n"
		"    allow e: gateway in [ 10.20.0.1 fd12:7::1 ], route to [ 10.0.0.0/8 ::/0 ]\n"
		"    forbid f: kind in [ wifi bluetooth wwan ]\n"
		"    forbid g: address not-in @net, interface not-in [ eth1 ]\n"
		"    forbid h: egress to [ 10.20.0.0/25 ], port not-in [ 53 8443 ], protocol not-in [ icmp ]\n"
		"    forbid i: route to [ 10.66.0.0/16 ]\n"
		"}\n";
	static struct policy *policy;
	struct diag_list diags = DIAG_LIST_INIT;

	if (!policy && policy_parse(text, sizeof(text) - 1, &diags, &policy) < 0) {
		diag_print(stderr, "fuzz_policy", text, sizeof(text) - 1, &diags);
		abort();
	}
	diag_list_free(&diags);
	return policy;
}
