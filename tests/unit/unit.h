/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test program shares: one suite, run in TAP so that tests/run can count. */
#ifndef AIRGAP_TESTS_UNIT_H
#define AIRGAP_TESTS_UNIT_H

#include <check.h>

/**
 * unit_run - run a suite and print one TAP line a test on standard output
 * @suite: owned by the call
 *
 * Returns what main() should return: 0 when every test passed, else 1.
 */
int unit_run(Suite *suite);

/**
 * unit_tmpdir - a fresh empty folder for the running test
 *
 * Removed with all that is in it when the program ends well. The string lives until then.
 */
const char *unit_tmpdir(void);

#endif
