/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a policy's blocks `incidents` and `people` make of the office's rules. */
#ifndef AIRGAP_OFFICE_INCIDENT_POLICY_H
#define AIRGAP_OFFICE_INCIDENT_POLICY_H

#include "agent/office/incident.h"

struct policy;

/* incident_policy_rules - change in @rules what @policy states; what it does not state stays */
void incident_policy_rules(struct incident_rules *rules, const struct policy *policy);

#endif
