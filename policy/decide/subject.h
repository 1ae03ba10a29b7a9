/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts written as text, for `why` and for tests. */
#ifndef AIRGAP_POLICY_SUBJECT_H
#define AIRGAP_POLICY_SUBJECT_H

#include <stddef.h>

#include "policy/decide/facts.h"
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

#endif
