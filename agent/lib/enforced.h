/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_LIB_ENFORCED_H
#define AIRGAP_LIB_ENFORCED_H

#include "policy/lang/policy.h"

/* What this version enforces: airgapd refuses a policy that asks for more, and airgapctl says so. */
#define ENFORCED_FEATURES                                                                          \
	(POLICY_FEATURE_BIT(POLICY_FEATURE_POLICY) | POLICY_FEATURE_BIT(POLICY_FEATURE_SCOPE) |    \
	 POLICY_FEATURE_BIT(POLICY_FEATURE_PEOPLE) | POLICY_FEATURE_BIT(POLICY_FEATURE_SET) |      \
	 POLICY_FEATURE_BIT(POLICY_FEATURE_USB) | POLICY_FEATURE_BIT(POLICY_FEATURE_FAILURE) |     \
	 POLICY_FEATURE_BIT(POLICY_FEATURE_RUNTIME) | POLICY_FEATURE_BIT(POLICY_FEATURE_MONITOR) |    \
	 POLICY_FEATURE_BIT(POLICY_FEATURE_REGISTERED) |                                           \
	 POLICY_FEATURE_BIT(POLICY_FEATURE_NETWORK) |                                              \
	 POLICY_FEATURE_BIT(POLICY_FEATURE_TABLE) | POLICY_FEATURE_BIT(POLICY_FEATURE_USB_TABLE))

#endif
