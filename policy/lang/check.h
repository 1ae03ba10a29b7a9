/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the schema cannot tell of a policy: names that must exist, agree and differ. */
#ifndef AIRGAP_POLICY_CHECK_H
#define AIRGAP_POLICY_CHECK_H

#include "policy/lang/diag.h"
#include "policy/lang/document.h"

/* A device has at most this many interfaces; `equals` lists no more. */
#define CHECK_EQUALS_MAX  128
#define CHECK_HAS_ALL_MAX 64

/**
 * policy_check - report undefined, unused and repeated names, and values that contradict each other
 * @document: an airgap-policy, which may have had errors
 *
 * Returns 0 or -ENOMEM.
 */
int policy_check(const struct document *document, struct diag_list *diags);

#endif
