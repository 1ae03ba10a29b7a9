/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inventories: devices recorded on terminals, to try policies on.
 *
 * An inventory is what `airgapctl devices --json` prints,
 *
 *	{ "devices": [ { "facts": {...}, "state": "authorised", ... } ] }
 *
 * or the list alone. The members of "facts" must all be there, as agent/lib/usb_json.h writes them,
 * and no others. Beside them a device may have
 *
 *	"expect": "permit" or "refuse"	what a policy should decide over it
 *	"expect_rule": NAME		and by which rule
 *	"state" or "authorised"		whether it worked when it was recorded
 *
 * Other members of a device are not looked at. Beside the devices, or in their place, there may be
 *
 *	"network": [ { "flow": "name eth0 kind ethernet from ... to ...", "expect": "permit" } ]
 *
 * whose elements have one of "link", "address", "route" and "flow", as subject_parse_net() reads it. A
 * link may be an object, as agent/lib/net_json.h writes it. And
 *
 *	"transfers": [ { "transfer": "direction out types [ odt ] ...", "expect": "refuse" } ]
 *
 * as subject_parse_transfer() reads them.
 */
#ifndef AIRGAP_POLICY_INVENTORY_H
#define AIRGAP_POLICY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/decide/facts.h"
#include "policy/decide/net.h"
#include "policy/decide/transfer.h"

#define INVENTORY_DEVICES_MAX 16384
#define INVENTORY_ERROR_SIZE  256

/* What a policy should say. */
struct inventory_expected {
	bool expects;
	enum policy_result result;
	char rule[POLICY_NAME_SIZE]; /* "" when it does not say */
};

struct inventory_device {
	struct usb_facts facts;
	struct inventory_expected expected;
	/* It worked; where nothing is recorded, it is taken to be one that should. */
	bool in_use;
};

struct inventory_question {
	struct net_question question;
	struct inventory_expected expected;
};

#define INVENTORY_TITLE_SIZE 192

struct inventory_transfer {
	struct transfer_facts facts;
	struct inventory_expected expected;
	char title[INVENTORY_TITLE_SIZE]; /* as it was written */
};

struct inventory {
	struct inventory_device *devices;
	size_t count;
	struct inventory_question *questions;
	size_t question_count;
	struct inventory_transfer *transfers;
	size_t transfer_count;
};

/**
 * inventory_read - add the devices of one more text to an inventory, which began as zeroes
 * @error: what is wrong, and where, when -EINVAL is returned
 *
 * Returns 0, -EINVAL or -ENOMEM; the inventory can be used and must be freed in any case.
 */
int inventory_read(struct inventory *inventory, const char *text, size_t length,
		   char error[static INVENTORY_ERROR_SIZE]);

/** inventory_free - forget all of it */
void inventory_free(struct inventory *inventory);

/**
 * inventory_title - a device in a few words: "1-2 046d:c31c USB Keyboard"
 *
 * For one that stands on no port, its id and name.
 */
void inventory_title(const struct usb_facts *facts, char *out, size_t size);

/** inventory_question_title - "flow eth0 (ethernet) 10.20.0.17 -> 10.20.0.5 tcp port 8443" */
void inventory_question_title(const struct net_question *question, char *title, size_t size);

#endif
