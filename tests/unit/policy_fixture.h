/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies and facts for tests, from the shortest text that gives them. */
#ifndef AIRGAP_TESTS_POLICY_FIXTURE_H
#define AIRGAP_TESTS_POLICY_FIXTURE_H

#include <stddef.h>

#include "policy/decide/decide.h"
#include "policy/decide/facts.h"
#include "policy/decide/net.h"
#include "policy/lang/diag.h"
#include "policy/lang/policy.h"

/* A policy with only what is required. */
#define POLICY_HEAD                                                                                \
	"airgap-policy 1\n"                                                                        \
	"policy {\n"                                                                               \
	"    id         \"t\"\n"                                                                   \
	"    serial     1\n"                                                                       \
	"    valid      2026-12-01 .. 2027-05-31\n"                                                \
	"}\n"                                                                                      \
	"scope {\n"                                                                                \
	"    unit       \"7.2.14\"\n"                                                              \
	"    terminals  [ \"T-00417\" ]\n"                                                         \
	"    level      mimi\n"                                                                    \
	"}\n"

/** policy_of - a text that must be good */
struct policy *policy_of(const char *text);

/** policy_usb - POLICY_HEAD, then @outside (or ""), then a block usb of @rules */
struct policy *policy_usb(const char *outside, const char *rules);

/** policy_net - POLICY_HEAD, then @outside (or ""), then a block network of @rules */
struct policy *policy_net(const char *outside, const char *rules);

/** question_of - "link ...", "address ...", "route ..." or "flow ..." that must be good */
struct net_question question_of(const char *text);

/** prefix_of - an address or a network; host bits may be set */
struct net_prefix prefix_of(const char *text);

/** facts_of - a subject that must be good */
struct usb_facts facts_of(const char *subject);

/** verdict_of - decide with nothing in use */
struct policy_verdict verdict_of(const struct policy *policy, const char *subject);

/** error_of - "LINE:COL: MESSAGE" of the first error of a text, "" when it has none; static */
const char *error_of(const char *text, size_t length);

#endif
