/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables for tests, from their rows alone. */
#ifndef AIRGAP_TESTS_TABLE_FIXTURE_H
#define AIRGAP_TESTS_TABLE_FIXTURE_H

#include "policy/table/table.h"

#define TABLE_MEDIA_COLUMNS "media-id usb-id serial level unit custodian until status"
#define TABLE_TERMINAL_COLUMNS                                                                     \
	"number level custodian room disk-serial mac bus-path addresses log-key age-recipient "    \
	"status"

/** table_of - name, columns, rows; must be good */
struct table *table_of(const char *name, const char *columns, const char *rows);

/** media_of, terminals_of - with all columns */
struct table *media_of(const char *rows);
struct table *terminals_of(const char *rows);

/** table_error_of - "LINE:COL: MESSAGE" of the first error of a text, "" when it has none; static */
const char *table_error_of(const char *text, size_t length);

#endif
