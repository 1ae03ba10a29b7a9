// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/cli/account.h"

#include <jansson.h>
#include <stdio.h>

static void print_signers(const struct trust_account *account)
{
	const struct trust_signer *signer;
	uint32_t i;

	for (i = 0; i < account->signer_count; i++) {
		signer = &account->signers[i];
		printf("  signature    line %u: ", signer->line);
		if (signer->id[0])
			printf("%s%s%s, ", signer->id, signer->person[0] ? ", " : "",
			       signer->person);
		if (signer->duty < TRUST_DUTY_COUNT)
			printf("%s, ", trust_duty_name(signer->duty));
		printf("%s: %s\n", signer->fingerprint, trust_mark_text(signer->mark));
	}
}

static void print_needs(const struct trust_account *account)
{
	uint32_t duty;

	for (duty = 0; duty < TRUST_DUTY_COUNT; duty++)
		if (account->need.duty[duty])
			printf("  %-12s needs %u, has %u\n", trust_duty_name(duty),
			       account->need.duty[duty], account->have.duty[duty]);
}

void account_print_text(struct verdict *verdict)
{
	const struct trust_account *account = &verdict->account;
	char digest[SIGNED_DIGEST_TEXT];

	if (verdict->good)
		printf("%s: good\n", verdict->path);
	if (account->cause != TRUST_CAUSE_GOOD)
		fprintf(stderr, "%s: refused: %s\n", verdict->subject, account->reason);
	if (verdict->trust && verdict->ns != SIGN_NAMESPACE_COUNT) {
		signed_digest_format(account->digest, digest);
		printf("  purpose      %s\n  digest       %s\n", namespace_name(verdict->ns),
		       digest);
		signed_digest_format(verdict->trust->digest, digest);
		printf("  list         %llu, %s\n", (unsigned long long)verdict->trust->number,
		       digest);
		print_needs(account);
		print_signers(account);
	}
	if (verdict->note)
		printf("  note         %s\n", verdict->note);
	fflush(stdout);
	if (verdict->diags.count)
		diag_print(stderr, verdict->subject, verdict->bytes, verdict->text_length,
			   &verdict->diags);
}

static json_t *json_needs(const struct trust_need *need)
{
	json_t *object = json_object();
	uint32_t duty;

	for (duty = 0; duty < TRUST_DUTY_COUNT; duty++)
		if (need->duty[duty])
			json_object_set_new(object, trust_duty_name(duty),
					    json_integer((json_int_t)need->duty[duty]));
	return object;
}

static json_t *json_signers(const struct trust_account *account)
{
	const struct trust_signer *signer;
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < account->signer_count; i++) {
		signer = &account->signers[i];
		json_array_append_new(array, json_pack("{s:i, s:s, s:s, s:s, s:s, s:s}", "line",
						       (int)signer->line, "key", signer->id,
						       "person", signer->person, "duty",
						       trust_duty_name(signer->duty), "fingerprint",
						       signer->fingerprint, "mark",
						       trust_mark_name(signer->mark)));
	}
	return array;
}

static json_t *json_findings(struct diag_list *diags)
{
	json_t *array = json_array();
	const struct diag *diag;
	size_t i;

	diag_sort(diags);
	for (i = 0; i < diags->count; i++) {
		diag = &diags->items[i];
		json_array_append_new(
			array, json_pack("{s:i, s:i, s:s, s:s, s:s?}", "line", (int)diag->at.line,
					 "column", (int)diag->at.column, "severity",
					 diag->severity == DIAG_ERROR ? "error" : "warning",
					 "message", diag->message, "help", diag->help));
	}
	return array;
}

static json_t *json_list(const struct verdict *verdict)
{
	char digest[SIGNED_DIGEST_TEXT];

	if (!verdict->trust)
		return json_pack("{s:s}", "file", verdict->list_path);
	signed_digest_format(verdict->trust->digest, digest);
	return json_pack("{s:s, s:I, s:s}", "file", verdict->list_path, "number",
			 (json_int_t)verdict->trust->number, "digest", digest);
}

void account_print_json(struct verdict *verdict)
{
	const struct trust_account *account = &verdict->account;
	char digest[SIGNED_DIGEST_TEXT];
	json_t *root;

	signed_digest_format(account->digest, digest);
	root = json_pack("{s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s?}",
			 "file", verdict->path, "good", verdict->good, "cause",
			 trust_cause_name(account->cause), "subject", verdict->subject, "reason",
			 account->reason, "namespace", namespace_name(verdict->ns), "digest",
			 digest, "list", json_list(verdict), "need", json_needs(&account->need),
			 "have", json_needs(&account->have), "signatures", json_signers(account),
			 "findings", json_findings(&verdict->diags), "note", verdict->note);
	if (root)
		json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}
