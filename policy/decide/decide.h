/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deciding: facts and policy in, verdict out. Nothing here reads a clock, a file or the kernel.
 *
 *	1. A flawed device is refused.
 *	2. A matching forbid refuses the device whole.
 *	3. Otherwise it is permitted if an allow matches whose at-most is not used up, and then with
 *	   the union of the interfaces that all such allows authorise.
 *	4. Otherwise a hub (device class 09, all interfaces 09:00:*) is permitted by the built-in rule;
 *	   with 'hubs by-rule', only a root hub is.
 *	5. Otherwise it is refused: by LIMIT when only used-up allows matched, else by the default.
 *
 * A condition on something that the device does not have (no serial number, ...) is false in an
 * allow and true in a forbid. Order of rules has no meaning; of several rules that decide alike, the
 * first in the text is named.
 */
#ifndef AIRGAP_POLICY_DECIDE_H
#define AIRGAP_POLICY_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "policy/decide/facts.h"

struct policy;
struct policy_context;
struct json_t;

/** policy_usb_rule_count - number of rules of block usb: the length of in_use below */
size_t policy_usb_rule_count(const struct policy *policy);

/** policy_usb_rule_name - name of a rule; NULL when there is none of that index */
const char *policy_usb_rule_name(const struct policy *policy, size_t rule_index);

/**
 * policy_decide_usb - the verdict over one device
 * @context: tables, day and levels (policy/decide/context.h). NULL: none, and then no device
 *	     stands in a table.
 * @in_use: for each rule, how many OTHER authorised devices count against its at-most; see
 *	    policy_count_usb(). NULL: none.
 *
 * Pure; allocates nothing; its time does not depend on the size of sets and tables. Never fails: facts that
 * make no sense give a refusal with POLICY_CAUSE_FLAW.
 */
void policy_decide_usb(const struct policy *policy, const struct policy_context *context,
		       const struct usb_facts *facts, const uint32_t *in_use,
		       struct policy_verdict *verdict);

/**
 * policy_count_usb - let an authorised device count
 *
 * Adds one to in_use[i] of every allow with an at-most that matches the device. A device that two
 * limited rules match counts against both, so that the result does not depend on the order of rules.
 * Call it for every other authorised device, on an array that began as zeroes.
 */
void policy_count_usb(const struct policy *policy, const struct policy_context *context,
		      const struct usb_facts *facts, uint32_t *in_use);

/** policy_usb_flaw_text - a flaw in plain words; for a value that is none, "unknown flaw" */
const char *policy_usb_flaw_text(enum usb_flaw flaw);

/* --- why --- */

enum explain_outcome {
	EXPLAIN_FALSE,
	EXPLAIN_TRUE,
	EXPLAIN_MISSING, /* the device lacks the attribute: false in an allow, true in a forbid */
};

struct explain_condition {
	char *text; /* as the policy has it, in normal form */
	uint32_t line;
	uint32_t column;
	enum explain_outcome outcome;
	const char *note; /* why, where the condition alone does not tell; static, or NULL */
	bool holds;	  /* what it counted as */
	bool decided;	  /* the condition that settled its rule */
};

struct explain_rule {
	const char *name;
	const char *about;     /* of block network: "link", "address" ...; else NULL */
	const char *unmatched; /* why it does not match although all conditions hold; or NULL */
	bool allow;
	bool matched;
	bool used_up; /* matched, but its at-most is reached */
	bool named;   /* the rule that the verdict names */
	uint32_t line;
	uint32_t column;
	uint32_t in_use;
	uint32_t limit; /* 0: none */
	struct explain_condition *conditions;
	size_t condition_count;
};

struct explanation {
	struct policy_verdict verdict;
	struct usb_facts facts;
	struct explain_rule *rules;
	size_t rule_count;
};

/**
 * policy_explain_usb - decide, and keep how
 *
 * Returns 0 and an explanation to be freed with explanation_free() before the policy; -ENOMEM.
 */
int policy_explain_usb(const struct policy *policy, const struct policy_context *context,
		       const struct usb_facts *facts, const uint32_t *in_use,
		       struct explanation **explanation);
void explanation_free(struct explanation *explanation);

/** explanation_print - as plain text; @name: how the policy's file is called */
void explanation_print(FILE *out, const char *name, const struct explanation *explanation);

/** explanation_json - a new reference, or NULL when memory is short */
struct json_t *explanation_json(const char *name, const struct explanation *explanation);

/** policy_cause_name, policy_result_name - words for messages and JSON: "limit", "permit" */
const char *policy_cause_name(enum policy_cause cause);
const char *policy_result_name(enum policy_result result);

#endif
