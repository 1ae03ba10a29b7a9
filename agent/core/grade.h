/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grade that the agent proposes for an event; the office confirms it. A policy's block `incidents`
 * says otherwise by name: usb.blocked, usb.flawed (it lies about what it is), usb.monitored, usb.alarm;
 * net.habit, net.public (an attempt to reach a public address), or net. and what was found, such as
 * net.egress_blocked.
 */
#ifndef AIRGAP_CORE_GRADE_H
#define AIRGAP_CORE_GRADE_H

#include <stdbool.h>

#include "agent/lib/msg.h"
#include "policy/lang/policy.h"

/* grade_named - what @policy (or NULL) says of @name; else @otherwise */
enum record_grade grade_named(const struct policy *policy, const char *name,
			      enum record_grade otherwise);

/* grade_usb - of a device's outcome recorded as @kind */
enum record_grade grade_usb(const struct policy *policy, enum record_kind kind, const struct usb_outcome *outcome);

/**
 * grade_net - of something found wrong on the network
 * @habit: a service of the system that calls out by itself; see habit.h
 */
enum record_grade grade_net(const struct policy *policy, const struct net_violation *violation,
			    bool habit);

/* grade_is_public - may this address be reached from anywhere: the internet? */
bool grade_is_public(const struct net_prefix *address);

#endif
