/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about the network to try policies on when nobody recorded any: what everyone knows, and
 * what rules name. They are asked of a terminal that is made up, too, so that 'is registered' has an
 * answer.
 */
#ifndef AIRGAP_POLICY_NET_SUBJECTS_H
#define AIRGAP_POLICY_NET_SUBJECTS_H

#include "policy/study/inventory.h"

struct policy;
struct policy_context;
struct table;

#define NET_SUBJECTS_TERMINAL "SAMPLE"

/**
 * net_subjects_terminal - a table of terminals with one row, NET_SUBJECTS_TERMINAL
 * @policies: @count of them; the row has addresses of the networks that their rules name
 * @table: the caller's, to be freed with table_free()
 *
 * sodium_init() must have been called. Returns 0 or -ENOMEM.
 */
int net_subjects_terminal(const struct policy *const *policies, size_t count, struct table **table);

/** net_subjects_host - an address of a network: the first that a host may have, or nobody's of all */
struct net_prefix net_subjects_host(const struct net_prefix *prefix);

/**
 * net_subjects_derive - add questions that speak to a policy's rules
 * @context: whose terminal's links and addresses are asked about: its table must have the terminal
 *
 * No question is added twice. Returns 0 or -ENOMEM; inventory_free() in any case.
 */
int net_subjects_derive(const struct policy *policy, const struct policy_context *context,
			struct inventory *inventory);

#endif
