/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of every kind, each by its own reader. */
#ifndef AIRGAP_POLICY_CLI_TEXTS_H
#define AIRGAP_POLICY_CLI_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

struct diag_list;

/**
 * texts_check - all that a text's kind can tell of it
 * @kind: "airgap-order", as of cli_kind(); NULL: none is known, and that is reported
 *
 * Returns 0; -EINVAL with findings; -ENOMEM.
 */
int texts_check(const char *kind, const char *text, size_t length, struct diag_list *diags);

/** texts_exact - whether texts of this kind have one spelling: a normal form would be another text */
bool texts_exact(const char *kind);

#endif
