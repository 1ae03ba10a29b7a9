/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grade that the agent proposes for an event; the office confirms it. */
#ifndef AIRGAP_CORE_GRADE_H
#define AIRGAP_CORE_GRADE_H

#include "agent/lib/msg.h"

/* grade_usb - of a device's outcome recorded as @kind */
enum record_grade grade_usb(enum record_kind kind, const struct usb_outcome *outcome);

#endif
