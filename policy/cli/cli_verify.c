// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-policy verify --trust LIST FILE: do the signatures of a file suffice, and may it be used?
 *
 * The order is that of a terminal: first the list, then the signatures, the text last.
 */
#include "policy/cli/account.h"
#include "policy/cli/cli.h"
#include "policy/cli/texts.h"
#include "policy/cli/verify_slip.h"
#include "policy/cli/verify_table.h"
#include "policy/lang/document.h"
#include "policy/lang/policy.h"
#include "policy/sign/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	OPTION_TRUST,
	OPTION_DIGEST,
	OPTION_NEED,
	OPTION_NAMESPACE,
	OPTION_POLICY,
	OPTION_WITHDRAWS,
	OPTION_JSON,
	OPTION_TERMINALS,
};

struct run {
	const struct cli_args *args;
	struct verdict verdict;
	struct trust *trust;
	struct trust_need need;
	const struct trust_need *needed; /* &need, or NULL for the list's own */
	char *list_bytes;
	size_t list_text_length;
	char *bytes;
	size_t length;
};

/* Reads one duty and its number; returns what follows, or NULL. */
static const char *parse_duty(const char *text, struct trust_need *need)
{
	size_t length = strcspn(text, " ");
	unsigned long wanted;
	char duty[16], *end;
	uint32_t which;

	if (length >= sizeof(duty))
		return NULL;
	memcpy(duty, text, length);
	duty[length] = '\0';
	which = trust_duty(duty);
	text += length + strspn(text + length, " ");
	if (which == TRUST_DUTY_COUNT || need->duty[which] || *text < '1' || *text > '9')
		return NULL;
	wanted = strtoul(text, &end, 10);
	if (wanted > SIGNED_BLOCKS_MAX || (*end != '\0' && *end != ' '))
		return NULL;
	need->duty[which] = (uint32_t)wanted;
	return end + strspn(end, " ");
}

/* Reads "security 2 approval 1". */
static bool parse_need(const char *text, struct trust_need *need)
{
	memset(need, 0, sizeof(*need));
	do {
		text = parse_duty(text, need);
	} while (text && *text);
	return text != NULL;
}

static int refuse(struct run *run, const char *subject, enum trust_cause cause)
{
	run->verdict.subject = subject;
	run->verdict.account.cause = cause;
	return CLI_FINDINGS;
}

static int open_list(struct run *run, const uint8_t *digest)
{
	struct verdict *verdict = &run->verdict;
	size_t length;
	int error;

	verdict->subject = verdict->list_path;
	if (cli_read(verdict->list_path, &run->list_bytes, &length) != 0)
		return CLI_FINDINGS;
	error = trust_open((const uint8_t *)run->list_bytes, length, digest, &verdict->diags,
			   &run->trust, &verdict->account);
	verdict->bytes = run->list_bytes;
	run->list_text_length = document_text_length(run->list_bytes, length);
	verdict->text_length = run->list_text_length;
	verdict->trust = run->trust;
	if (error)
		return CLI_FINDINGS;
	/* Warnings about the list are for whoever checks the list. */
	diag_list_free(&verdict->diags);
	return CLI_GOOD;
}

/* Which kind the file says it is; the signatures must then be for that kind. */
static int choose_namespace(struct run *run)
{
	struct verdict *verdict = &run->verdict;
	const char *name = run->args->options[OPTION_NAMESPACE];
	size_t text_length = 0;

	if (name) {
		verdict->ns = namespace_of_name(name);
		if (verdict->ns == SIGN_NAMESPACE_COUNT)
			return cli_usage_error(run->args, "'%s' is not one of our namespaces",
					       name);
		return CLI_GOOD;
	}
	if (signed_text((const uint8_t *)run->bytes, run->length, &text_length,
			verdict->account.reason) != 0)
		return refuse(run, verdict->path, TRUST_CAUSE_MALFORMED);
	verdict->ns = namespace_of_text((const uint8_t *)run->bytes, text_length);
	if (verdict->ns != SIGN_NAMESPACE_COUNT)
		return CLI_GOOD;
	text_put(
		verdict->account.reason, SIGNED_REASON_SIZE,
		"the text does not begin with a word such as '%s', so what it is for is not known.",
		namespace_word(SIGN_NAMESPACE_POLICY));
	return refuse(run, verdict->path, TRUST_CAUSE_MALFORMED);
}

/* A list: the very one that --trust names, or the one that follows it. */
static int verify_list(struct run *run)
{
	struct verdict *verdict = &run->verdict;
	const uint8_t *bytes = (const uint8_t *)run->bytes;
	struct trust *list = NULL;
	int error;

	if (verdict->text_length == run->list_text_length &&
	    memcmp(run->bytes, run->list_bytes, verdict->text_length) == 0) {
		error = trust_open(bytes, run->length, NULL, &verdict->diags, &list,
				   &verdict->account);
		if (!run->args->options[OPTION_DIGEST])
			verdict->note =
				"this is the list itself: only its digest, compared with the "
				"office's, shows that it is the right one";
	} else {
		error = trust_follow(run->trust, bytes, run->length, &verdict->diags, &list,
				     &verdict->account);
	}
	trust_free(list);
	return error ? CLI_FINDINGS : CLI_GOOD;
}

/* What the list says of a policy beside its signatures. */
static void compare_policy(struct run *run, const struct policy *policy)
{
	static const struct span top = { .line = 1, .column = 1 };
	struct verdict *verdict = &run->verdict;

	if (policy_serial(policy) < run->trust->minimum_serial)
		diag_error(&verdict->diags, top,
			   "give the policy a higher serial and sign it again",
			   "serial %llu is below %llu, the least that signers' list %llu permits",
			   (unsigned long long)policy_serial(policy),
			   (unsigned long long)run->trust->minimum_serial,
			   (unsigned long long)run->trust->number);
	if (trust_level(run->trust, policy_level(policy)) < 0)
		diag_error(&verdict->diags, top, "use a level that the signers' list declares",
			   "signers' list %llu has no level '%s'",
			   (unsigned long long)run->trust->number, policy_level(policy));
}

/* The text, now that the signatures hold. */
static int check_text(struct run *run)
{
	struct verdict *verdict = &run->verdict;
	struct policy *policy = NULL;
	int error = 0;

	if (verdict->ns == SIGN_NAMESPACE_POLICY) {
		error = policy_parse(run->bytes, verdict->text_length, &verdict->diags, &policy);
		if (!error)
			compare_policy(run, policy);
		policy_free(policy);
	} else if (verdict->ns == SIGN_NAMESPACE_TABLE) {
		error = verify_table_text(verdict, run->args->options[OPTION_WITHDRAWS]);
	} else if (schema_find(namespace_word(verdict->ns))) {
		error = texts_check(namespace_word(verdict->ns), run->bytes, verdict->text_length,
				    &verdict->diags);
	} else {
		verdict->note = "the signatures were verified; the text was not checked";
	}
	if (!error && verdict->diags.errors == 0)
		return CLI_GOOD;
	text_put(verdict->account.reason, SIGNED_REASON_SIZE,
		 "the signatures suffice, but the text has errors.");
	return refuse(run, verdict->path, TRUST_CAUSE_TEXT);
}

/* A policy, an order and a record need what the list says; a table what a policy or the caller says. */
static int choose_need(struct run *run)
{
	const char *const *options = run->args->options;
	struct verdict *verdict = &run->verdict;
	bool table = verdict->ns == SIGN_NAMESPACE_TABLE;
	int code;

	if (!table && (options[OPTION_POLICY] || options[OPTION_WITHDRAWS]))
		return cli_usage_error(run->args, "--policy and --withdraws are for tables");
	if (!run->needed && verdict->ns == SIGN_NAMESPACE_CARD) {
		/* One officer has compared its fingerprint. */
		run->need = (struct trust_need){ .duty[TRUST_DUTY_SECURITY] = 1 };
		run->needed = &run->need;
	}
	if (run->needed || verdict->ns == SIGN_NAMESPACE_POLICY ||
	    verdict->ns == SIGN_NAMESPACE_ORDER || verdict->ns == SIGN_NAMESPACE_MEDIA)
		return CLI_GOOD;
	if (!table || !options[OPTION_POLICY])
		return cli_usage_error(
			run->args, "say with --need \"security 1\"%s what a text of %s needs",
			table ? ", or with --policy POLICY," : "", namespace_name(verdict->ns));
	code = verify_table_need(options[OPTION_POLICY], run->trust, run->bytes,
				 verdict->text_length, options[OPTION_WITHDRAWS] != NULL,
				 &run->need);
	run->needed = &run->need;
	return code;
}

static int verify_file(struct run *run)
{
	struct verdict *verdict = &run->verdict;
	int code;

	if (cli_read(verdict->path, &run->bytes, &run->length) != 0)
		return CLI_FINDINGS;
	verdict->subject = verdict->path;
	verdict->bytes = run->bytes;
	verdict->text_length = document_text_length(run->bytes, run->length);
	code = choose_namespace(run);
	if (code != CLI_GOOD)
		return code;
	if (verdict->ns == SIGN_NAMESPACE_TRUST && !run->needed)
		return verify_list(run);
	code = choose_need(run);
	if (code != CLI_GOOD)
		return code;
	if (trust_verify((const uint8_t *)run->bytes, run->length, run->trust, verdict->ns,
			 run->needed, &verdict->account) != 0)
		return CLI_FINDINGS;
	return check_text(run);
}

static int read_options(struct run *run, uint8_t digest[static SIGNED_DIGEST_SIZE])
{
	const struct cli_args *args = run->args;
	const char *need = args->options[OPTION_NEED];

	if (!args->options[OPTION_TRUST])
		return cli_usage_error(args, "say with --trust LIST who may sign");
	if (args->options[OPTION_DIGEST] &&
	    !signed_digest_parse(digest, args->options[OPTION_DIGEST]))
		return cli_usage_error(args,
				       "--trust-digest is 'sha256:' and 64 digits of 0-9 a-f");
	if (need && args->options[OPTION_POLICY])
		return cli_usage_error(args, "--need and --policy exclude each other");
	if (need && !parse_need(need, &run->need))
		return cli_usage_error(args, "--need is duties and numbers, such as "
					     "\"security 1 approval 1\"");
	run->needed = need ? &run->need : NULL;
	run->verdict.ns = SIGN_NAMESPACE_COUNT;
	run->verdict.path = args->operands[0];
	run->verdict.list_path = args->options[OPTION_TRUST];
	return CLI_GOOD;
}

int cli_verify(const struct cli_args *args)
{
	struct run run = { .args = args };
	uint8_t digest[SIGNED_DIGEST_SIZE];
	int code;

	if (args->options[OPTION_TERMINALS])
		return verify_slip(args->operands[0], args->options[OPTION_TERMINALS],
				   args->options[OPTION_JSON] != NULL);
	code = read_options(&run, digest);
	if (code != CLI_GOOD)
		return code;
	code = open_list(&run, args->options[OPTION_DIGEST] ? digest : NULL);
	if (code == CLI_GOOD)
		code = verify_file(&run);
	run.verdict.good = code == CLI_GOOD;
	/* What could not be read, or was asked wrongly, has been said already. */
	if (code == CLI_GOOD || run.verdict.account.cause != TRUST_CAUSE_GOOD) {
		if (args->options[OPTION_JSON])
			account_print_json(&run.verdict);
		else
			account_print_text(&run.verdict);
	}
	diag_list_free(&run.verdict.diags);
	trust_free(run.trust);
	free(run.list_bytes);
	free(run.bytes);
	return code;
}
