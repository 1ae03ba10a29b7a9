/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions of the rules, one table a block; each ended by a NULL name. */
#ifndef AIRGAP_POLICY_SCHEMA_RULES_H
#define AIRGAP_POLICY_SCHEMA_RULES_H

#include "policy/lang/schema.h"

extern const struct schema_condition schema_usb_conditions[];
extern const struct schema_condition schema_media_conditions[];
extern const struct schema_condition schema_network_conditions[];
extern const struct schema_condition schema_transfer_conditions[];

#endif
