/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom transfers are encrypted to: the part of the check that is about statement 'recipients'. */
#ifndef AIRGAP_POLICY_CHECK_RECIPIENTS_H
#define AIRGAP_POLICY_CHECK_RECIPIENTS_H

#include "policy/lang/document.h"

struct arena;

/**
 * check_recipients - each recipient of a unit stands once
 * @arena: what is remembered meanwhile
 *
 * One key of a unit is one of its levels', in one epoch: rotating means another key. Returns 0 or -ENOMEM.
 */
int check_recipients(const struct document *document, struct diag_list *diags, struct arena *arena);

#endif
