/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts written as text, for `why` and for tests. */
#ifndef AIRGAP_POLICY_SUBJECT_H
#define AIRGAP_POLICY_SUBJECT_H

#include <stddef.h>

#include "policy/decide/facts.h"
#include "policy/decide/net.h"
#include "policy/decide/transfer.h"
#include "policy/lang/diag.h"

/**
 * subject_parse_usb - facts from text such as
 *	id 0951:1666 serial "A1" interfaces [ 08:06:50 03:01:01/03:00:00 ]
 *
 * Attributes are those of block usb's conditions, each at most once, in any order. Elements of
 * interfaces are numbered from 0; a slash joins the alternate settings of one interface.
 *
 * Returns 0; -EINVAL with the reason in @diags; -ENOMEM.
 */
int subject_parse_usb(const char *text, size_t length, struct diag_list *diags,
		      struct usb_facts *facts);

/**
 * subject_parse_net - a question about the network from text such as
 *	name eth0 kind ethernet mac 52:54:00:12:34:56 path pci-0000:00:03.0
 *	name eth0 kind ethernet address 10.20.0.17/24
 *	name eth0 kind ethernet to 10.0.0.0/8 gateway 10.20.0.1
 *	name eth0 kind ethernet from 10.20.0.17 to 10.20.0.5 protocol tcp port 8443
 * @subject: which of these it is
 *
 * Attributes and their values in turn, each at most once, in any order. Of a link: name, kind, mac,
 * permanent (without it the same as mac, but for links with an info-kind), path, info-kind; of an
 * address also: address; of a route: to, gateway, source, origin; of a flow: from, to, protocol, port.
 * The link is in the agent's own namespace.
 *
 * Returns 0; -EINVAL with the reason in @diags; -ENOMEM.
 */
int subject_parse_net(const char *text, size_t length, enum net_subject subject,
		      struct diag_list *diags, struct net_question *question);

/**
 * subject_parse_transfer - facts of a transfer from text such as
 *	direction out types [ odt pdf ] size 5M level mimi unit "7.2.15" medium registered medium-level mimi
 *
 * Attributes and their values in turn, each at most once, in any order; also files, login and time. What
 * is not said is not known. Returns 0; -EINVAL with the reason in @diags; -ENOMEM.
 */
int subject_parse_transfer(const char *text, size_t length, struct diag_list *diags,
			   struct transfer_facts *facts);

#endif
