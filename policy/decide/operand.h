/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a condition is compared with: its list, written in place or as a named set. */
#ifndef AIRGAP_POLICY_OPERAND_H
#define AIRGAP_POLICY_OPERAND_H

struct condition;
struct document;
struct seen;
struct seen_entry;
struct value;

/**
 * operand_collect - remember the set statements by name
 * @named: an entry's source is the statement; its data is the caller's, NULL at first
 *
 * Returns 0 or -ENOMEM.
 */
int operand_collect(struct seen *named, const struct document *document);

/** operand_set - the set that a reference names, or NULL */
struct seen_entry *operand_set(const struct seen *named, const char *name);

/** operand_elements - the elements of a condition's list; NULL when it has none */
const struct value *operand_elements(const struct seen *named, const struct condition *condition);

#endif
