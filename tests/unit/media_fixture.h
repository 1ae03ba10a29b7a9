/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An enrolled medium in a file, and the officers who signed for it. */
#ifndef AIRGAP_TESTS_MEDIA_FIXTURE_H
#define AIRGAP_TESTS_MEDIA_FIXTURE_H

#include "agent/lib/media/media_read.h"

#define MEDIA_FIXTURE_SIZE (24u * 1024 * 1024)

/* media_fixture_trust - a list with one security officer, one approver, one who retired */
const struct trust *media_fixture_trust(void);

/**
 * media_fixture_blank - partition table and file system in a new file below unit_tmpdir()
 *
 * Returns its path, good until the next call.
 */
const char *media_fixture_blank(const char *name, enum medium_filesystem filesystem);

/**
 * media_fixture_sign - a record's text with signatures
 * @who: letters: s security, a approval, r retired security, x a stranger
 * @name: namespace
 *
 * Returns the length; @out has MEDIA_RECORD_SIZE bytes.
 */
size_t media_fixture_sign(const struct medium_record *record, const char *who, const char *name,
			  char *out);

/* media_fixture_enrol - blank, then a good record and the first counter; @record is filled */
const char *media_fixture_enrol(const char *name, struct medium_record *record);

/* media_fixture_read - open, read, verify */
void media_fixture_read(const char *path, struct media_reading *reading);

/* media_fixture_judge - the same, and judged as if it were the device that it was made on */
uint32_t media_fixture_judge(const char *path, const struct medium_memory *memory);

#endif
