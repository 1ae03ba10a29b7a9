/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What airgap-deny does, in the order in which it does it. */
#ifndef AIRGAP_DENY_DENY_H
#define AIRGAP_DENY_DENY_H

#include <stdbool.h>

/* deny_text - the rules for the links that are there, nothing permitted; the caller frees it */
int deny_text(char **text);

/**
 * deny_rules - put them into the kernel as tables airgap_base, and read them back
 *
 * What these tables held before goes in the same batch, so there is no moment without rules. Tables
 * of other names, airgapd's own among them, are left alone: a packet passes only where all let it.
 * Returns 0 or -errno after a message.
 */
int deny_rules(void);

/* deny_forwarding - IPv4 and IPv6 forwarding off on all links, now and to come; 0 or -errno */
int deny_forwarding(void);

#endif
