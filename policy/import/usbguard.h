/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * USBGuard's rules, read and translated.
 *
 * The source is usbguard-rules.conf(5) of USBGuard 1.1, and what its rule parser was seen to accept:
 *
 *	TARGET [ATTRIBUTE...] [# comment]		one rule a line
 *	ATTRIBUTE	NAME VALUE | NAME [OPERATOR] { VALUE... } | if ... ; the first may be an id
 *			without its name
 *	texts		between double quotes; \" and \\ and \xHH escape
 *
 * Its rules apply in their order, the first one that matches decides, and what none matches is
 * refused. Ours have no order. The translation permits nothing that the rules did not permit, neither
 * as they are documented nor as the program applies them where these differ; what it has to leave
 * out or to narrow for that, it says.
 */
#ifndef AIRGAP_POLICY_USBGUARD_H
#define AIRGAP_POLICY_USBGUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/lang/value.h"
#include "policy/study/finding.h"

struct arena;

#define USBGUARD_TEXT_MAX  (1024 * 1024)
#define USBGUARD_RULES_MAX 4096

enum usbguard_target {
	USBGUARD_TARGET_ALLOW,
	USBGUARD_TARGET_BLOCK,
	USBGUARD_TARGET_REJECT,
	USBGUARD_TARGET_MATCH, /* these two decide nothing */
	USBGUARD_TARGET_DEVICE,
	USBGUARD_TARGET_COUNT,
};

enum usbguard_attribute {
	USBGUARD_ID,
	USBGUARD_NAME,
	USBGUARD_SERIAL,
	USBGUARD_HASH,
	USBGUARD_PARENT_HASH,
	USBGUARD_PORT,
	USBGUARD_INTERFACE,
	USBGUARD_CONNECT,
	USBGUARD_LABEL,
	USBGUARD_ATTRIBUTE_COUNT,
};

enum usbguard_op {
	USBGUARD_EQUALS, /* also without an operator */
	USBGUARD_EQUALS_ORDERED,
	USBGUARD_ALL_OF,
	USBGUARD_ONE_OF,
	USBGUARD_NONE_OF,
	USBGUARD_MATCH_ALL,
	USBGUARD_OP_COUNT,
};

struct usbguard_value {
	const char *text; /* ids and interface types in lower case */
	struct span at;
	bool upper; /* an id that was written with capital letters */
	bool wild;  /* an id or interface type with a wildcard */
	bool nul;   /* a text with a NUL byte, which ends it here */
};

struct usbguard_set {
	bool given;
	enum usbguard_op op;
	struct usbguard_value *values;
	size_t count;
	struct span at; /* from the name on */
};

struct usbguard_condition {
	const char *name;
	const char *parameter; /* or NULL */
	bool negated;
	struct span at;
};

struct usbguard_rule {
	enum usbguard_target target;
	struct span at; /* the target */
	struct usbguard_set sets[USBGUARD_ATTRIBUTE_COUNT];
	enum usbguard_op conditions_op;
	struct usbguard_condition *conditions;
	size_t condition_count;
	const char *source; /* its line */
	size_t source_length;
	struct usbguard_rule *next;
};

struct usbguard_file {
	struct arena *arena; /* owns all */
	struct usbguard_rule *rules;
	size_t rule_count;
};

/* What the head of the policy says; NULL: a placeholder that keeps it from taking effect. */
struct usbguard_head {
	const char *id;
	const char *serial;
	const char *valid; /* "2026-12-01 .. 2027-05-31" */
	const char *unit;
	const char *level;
	const char *terminals; /* "registered" or a list as the policy has it */
};

/**
 * usbguard_parse - read a rule file
 * @text: kept by reference, need not end with NUL
 * @findings: receives an error where a line is no rule
 *
 * Returns 0 and a file that usbguard_free() frees; -EINVAL after errors; -ENOMEM.
 */
int usbguard_parse(const char *text, size_t length, struct finding_list *findings,
		   struct usbguard_file **file);

/** usbguard_free - accepts NULL */
void usbguard_free(struct usbguard_file *file);

/**
 * usbguard_parse_query - the parameter of allowed-matches(): a rule without its target
 *
 * Returns false when it is none, or memory is short. @rule lives as long as @arena.
 */
bool usbguard_parse_query(struct arena *arena, const char *text, struct usbguard_rule *rule);

/**
 * usbguard_translate - rules to a policy
 * @name: how the rule file is called in comments
 * @findings: receives what was left out (errors) and what became narrower (warnings)
 * @policy: the text in normal form, the caller's to be freed; it parses without errors
 *
 * Returns 0; -EINVAL when no policy could be made, with the reason in @findings; -ENOMEM.
 */
int usbguard_translate(const struct usbguard_file *file, const char *name,
		       const struct usbguard_head *head, struct finding_list *findings,
		       char **policy, size_t *length);

const char *usbguard_attribute_name(enum usbguard_attribute attribute);
const char *usbguard_op_name(enum usbguard_op op);

#endif
