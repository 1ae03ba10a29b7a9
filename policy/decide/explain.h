/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What explanations of devices and of the network share. */
#ifndef AIRGAP_POLICY_EXPLAIN_H
#define AIRGAP_POLICY_EXPLAIN_H

#include "policy/decide/decide.h"

struct condition;

/** explain_condition_text - in normal form, to be freed; NULL when memory is short */
char *explain_condition_text(const struct condition *condition);

/**
 * explain_mark_decided - mark the first condition that does not hold: it settled the matter
 * @otherwise: why a rule does not match of which all conditions hold; static
 */
void explain_mark_decided(struct explain_rule *rule, const char *otherwise);

/** explain_rules_free - rules, their conditions and texts; accepts NULL */
void explain_rules_free(struct explain_rule *rules, size_t count);

void explain_print_rules(FILE *out, const char *name, const struct explain_rule *rules,
			 size_t count);

/** explain_rules_json - a new array, or NULL when memory is short */
struct json_t *explain_rules_json(const struct explain_rule *rules, size_t count);

#endif
