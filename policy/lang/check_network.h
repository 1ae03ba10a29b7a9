/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_POLICY_CHECK_NETWORK_H
#define AIRGAP_POLICY_CHECK_NETWORK_H

struct diag_list;
struct statement;
struct value;

/**
 * check_network_rule - report conditions of a rule about the network that no subject can meet together
 * @lists: for each condition, the elements that it is compared with; NULL: a single value, or none
 */
void check_network_rule(struct diag_list *diags, const struct statement *rule,
			const struct value *const *lists);

#endif
