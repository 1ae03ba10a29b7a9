/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking the kernel which sockets are open (sock_diag(7)). */
#ifndef AIRGAP_ATTRIBUTION_LOOKUP_H
#define AIRGAP_ATTRIBUTION_LOOKUP_H

#include "agent/lib/msg_net.h"

struct lookup;

/* lookup_new - needs no right; 0 or -errno */
int lookup_new(const char *root, struct lookup **lookup);
void lookup_free(struct lookup *lookup);

/**
 * lookup_socket - the one open socket that can have sent this packet
 * @inode: set to its number
 *
 * Returns 0; -ENOENT: none is open any more, or it is not this user's; -ENOTUNIQ: several could have, or the packet
 * does not name its socket, as those of raw sockets and of packet sockets do not;
 * another -errno: the kernel does not tell, and nothing may be concluded.
 */
int lookup_socket(struct lookup *lookup, const struct msg_attribute *question, uint64_t *inode);

#endif
