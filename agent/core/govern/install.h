/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One way in for everything that officers sign: policies, signers' lists, tables, orders, cards. */
#ifndef AIRGAP_CORE_GOVERN_INSTALL_H
#define AIRGAP_CORE_GOVERN_INSTALL_H

#include "agent/core/govern/govern.h"

/**
 * install_file - put what the file holds into force
 * @fd: of a regular file; read from its beginning
 * @text: what happened, why, what to do
 *
 * Returns 0 when it is in force: decide every device anew. Else -errno, and nothing has changed.
 */
int install_file(struct govern *govern, int fd, char *text, size_t size);

#endif
