/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which terminal this is: number, unit and level, from /etc/airgap/terminal. */
#ifndef AIRGAP_CORE_GOVERN_TERMINAL_H
#define AIRGAP_CORE_GOVERN_TERMINAL_H

#include <stddef.h>

struct terminal {
	char number[64];
	char unit[64];
	char level[64];
};

/**
 * terminal_load - read `airgap-terminal 1`
 * @reason: on failure what is wrong and what to do
 *
 * The administrator writes it; nothing rests on it but which signed policy fits. Returns 0 or
 * -errno, and then @terminal is empty.
 */
int terminal_load(const char *root, struct terminal *terminal, char *reason, size_t size);

#endif
