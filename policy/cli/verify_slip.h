/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `airgap-policy verify --terminals TABLE SLIP`: is a slip its terminal's? */
#ifndef AIRGAP_POLICY_CLI_VERIFY_SLIP_H
#define AIRGAP_POLICY_CLI_VERIFY_SLIP_H

#include <stdbool.h>

/**
 * verify_slip - verify a slip by the log key that table terminals has for it
 * @terminals: of the table; its own signatures are not looked at
 * @json: print JSON
 *
 * Returns an exit code, having said what was found.
 */
int verify_slip(const char *path, const char *terminals, bool json);

#endif
