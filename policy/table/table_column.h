/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of each kind of table, in one list: the reader, the printer and the manual walk it. */
#ifndef AIRGAP_POLICY_TABLE_COLUMN_H
#define AIRGAP_POLICY_TABLE_COLUMN_H

#include <stddef.h>
#include <stdint.h>

#include "policy/table/table.h"

#define TABLE_COLUMNS_MAX 16

enum column_type {
	COLUMN_MEDIA_ID, /* 32 digits 0-9 a-f */
	COLUMN_USB_ID,	 /* 0951:1666 */
	COLUMN_TEXT,	 /* quoted */
	COLUMN_LEVEL,	 /* bare name */
	COLUMN_DATE,	 /* 2027-01-01 */
	COLUMN_STATUS,	 /* one of table_statuses */
	COLUMN_MAC,	 /* 00:1b:21:3c:4d:5e */
	COLUMN_BUS_PATH, /* bare: pci-0000:00:1f.6 */
	COLUMN_ADDRESS,	 /* 10.20.0.17, fd12:7::17 */
	COLUMN_AGE,	 /* quoted "age1..." */
	COLUMN_TYPE_COUNT,
};

enum column_flag {
	COLUMN_REQUIRED = 1 << 0, /* the head must declare it */
	COLUMN_EMPTY = 1 << 1,	  /* '-' stands for nothing */
	COLUMN_LIST = 1 << 2,	  /* one element, or several between [ ] */
	COLUMN_SHARED = 1 << 3,	  /* many rows say the same: kept once */
};

struct table_column {
	const char *name;
	enum column_type type;
	uint32_t flags;
	uint32_t max; /* bytes of a text */
	const char *help;
};

/* Places in table_columns(TABLE_KIND_MEDIA). */
enum media_column {
	MEDIA_COLUMN_ID,
	MEDIA_COLUMN_USB_ID,
	MEDIA_COLUMN_SERIAL,
	MEDIA_COLUMN_LEVEL,
	MEDIA_COLUMN_UNIT,
	MEDIA_COLUMN_CUSTODIAN,
	MEDIA_COLUMN_UNTIL,
	MEDIA_COLUMN_STATUS,
};

/* Places in table_columns(TABLE_KIND_TERMINALS). */
enum terminal_column {
	TERMINAL_COLUMN_NUMBER,
	TERMINAL_COLUMN_LEVEL,
	TERMINAL_COLUMN_CUSTODIAN,
	TERMINAL_COLUMN_ROOM,
	TERMINAL_COLUMN_DISK_SERIAL,
	TERMINAL_COLUMN_MAC,
	TERMINAL_COLUMN_BUS_PATH,
	TERMINAL_COLUMN_ADDRESSES,
	TERMINAL_COLUMN_LOG_KEY,
	TERMINAL_COLUMN_AGE_RECIPIENT,
	TERMINAL_COLUMN_STATUS,
};

/** table_columns - of a kind; ended by a NULL name */
const struct table_column *table_columns(enum table_kind kind);

/** column_type_help - how a cell of that type is written: "an id such as 0951:1666" */
const char *column_type_help(enum column_type type);

/** table_statuses - the words of enum table_status, ended by NULL; table_status_help - what one means */
extern const char *const table_statuses[];
const char *table_status_help(enum table_status status);

#endif
