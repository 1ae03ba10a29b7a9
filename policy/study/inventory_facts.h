/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts from JSON. Shared by the files of the inventory. */
#ifndef AIRGAP_POLICY_INVENTORY_FACTS_H
#define AIRGAP_POLICY_INVENTORY_FACTS_H

#include <jansson.h>

#include "policy/decide/facts.h"
#include "policy/decide/net.h"

/** inventory_facts - NULL, or the member that is missing, wrong or not known */
const char *inventory_facts(const json_t *json, struct usb_facts *facts);

/** inventory_question - the same of something about the network: its member "link" and so on */
const char *inventory_question(const json_t *json, struct net_question *question);

#endif
