/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys and files that the tests of age share. */
#ifndef AIRGAP_TESTS_AGE_FIXTURE_H
#define AIRGAP_TESTS_AGE_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/lib/age/age_key.h"

/* age_fixture_ring - a ring with one new identity; age_keyring_free() frees it */
struct age_keyring *age_fixture_ring(void);

/* age_fixture_bytes - @size bytes without pattern, the same each time; the caller frees them */
uint8_t *age_fixture_bytes(size_t size);

/* age_fixture_file - descriptor of a new file in memory that holds these bytes */
int age_fixture_file(const uint8_t *bytes, size_t size);

/* age_fixture_read - all that a file holds; the caller frees it */
uint8_t *age_fixture_read(int fd, size_t *size);

#endif
