// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/table/table_column.h"

#include "policy/decide/facts.h"

#define REQUIRED COLUMN_REQUIRED
#define EMPTY	 COLUMN_EMPTY
#define LIST	 COLUMN_LIST
#define SHARED	 COLUMN_SHARED

/* A serial number or a name that takes part in a decision must be there in every row. */
static const struct table_column media_columns[] = {
	[MEDIA_COLUMN_ID] = { "media-id", COLUMN_MEDIA_ID, REQUIRED, 0,
			      "random id in the registration record on the medium; a key" },
	[MEDIA_COLUMN_USB_ID] = { "usb-id", COLUMN_USB_ID, REQUIRED, 0, "vendor and product" },
	[MEDIA_COLUMN_SERIAL] = { "serial", COLUMN_TEXT, REQUIRED | EMPTY, USB_STRING_SIZE - 1,
				  "serial number; with usb-id a key" },
	[MEDIA_COLUMN_LEVEL] = { "level", COLUMN_LEVEL, REQUIRED | SHARED, 0,
				 "level of the medium" },
	[MEDIA_COLUMN_UNIT] = { "unit", COLUMN_TEXT, EMPTY | SHARED, 128,
				"unit whose terminals may use it; - for any" },
	[MEDIA_COLUMN_CUSTODIAN] = { "custodian", COLUMN_TEXT, EMPTY | SHARED, 128,
				     "who answers for it" },
	[MEDIA_COLUMN_UNTIL] = { "until", COLUMN_DATE, EMPTY, 0,
				 "last day on which it is good, UTC; - for no end" },
	[MEDIA_COLUMN_STATUS] = { "status", COLUMN_STATUS, REQUIRED, 0,
				  "only an active medium is good" },
	{ 0 },
};

static const struct table_column terminal_columns[] = {
	[TERMINAL_COLUMN_NUMBER] = { "number", COLUMN_TEXT, REQUIRED, 64,
				     "number of the terminal; a key" },
	[TERMINAL_COLUMN_LEVEL] = { "level", COLUMN_LEVEL, REQUIRED | SHARED, 0, "its level" },
	[TERMINAL_COLUMN_CUSTODIAN] = { "custodian", COLUMN_TEXT, EMPTY | SHARED, 128,
					"who answers for it" },
	[TERMINAL_COLUMN_ROOM] = { "room", COLUMN_TEXT, EMPTY | SHARED, 128, "where it stands" },
	[TERMINAL_COLUMN_DISK_SERIAL] = { "disk-serial", COLUMN_TEXT, EMPTY, 128,
					  "serial number of its disk" },
	[TERMINAL_COLUMN_MAC] = { "mac", COLUMN_MAC, EMPTY | LIST, 0,
				  "hardware addresses of its links" },
	[TERMINAL_COLUMN_BUS_PATH] = { "bus-path", COLUMN_BUS_PATH, EMPTY | LIST | SHARED, 128,
				       "where those links sit, in the same order" },
	[TERMINAL_COLUMN_ADDRESSES] = { "addresses", COLUMN_ADDRESS, EMPTY | LIST, 0,
					"its network addresses" },
	[TERMINAL_COLUMN_LOG_KEY] = { "log-key", COLUMN_TEXT, EMPTY, 256,
				      "verifier key of its journal's checkpoints" },
	[TERMINAL_COLUMN_AGE_RECIPIENT] = { "age-recipient", COLUMN_AGE, EMPTY, 512,
					    "for files that are sent to it" },
	[TERMINAL_COLUMN_STATUS] = { "status", COLUMN_STATUS, 0, 0,
				     "only an active terminal is registered" },
	{ 0 },
};

_Static_assert(sizeof(media_columns) / sizeof(media_columns[0]) <= TABLE_COLUMNS_MAX, "room");
_Static_assert(sizeof(terminal_columns) / sizeof(terminal_columns[0]) <= TABLE_COLUMNS_MAX, "room");

const struct table_column *table_columns(enum table_kind kind)
{
	return kind == TABLE_KIND_MEDIA ? media_columns : terminal_columns;
}

const char *column_type_help(enum column_type type)
{
	static const char *const helps[COLUMN_TYPE_COUNT] = {
		[COLUMN_MEDIA_ID] = "32 digits of 0-9 a-f",
		[COLUMN_USB_ID] = "four hexadecimal digits, ':', four more, such as 0951:1666",
		[COLUMN_TEXT] = "a text between double quotes",
		[COLUMN_LEVEL] = "a level's bare name, such as mimi",
		[COLUMN_DATE] = "a day such as 2027-01-01",
		[COLUMN_STATUS] = "active, or why not",
		[COLUMN_MAC] = "six pairs of digits 0-9 a-f, such as 00:1b:21:3c:4d:5e",
		[COLUMN_BUS_PATH] = "a bare word such as pci-0000:00:1f.6",
		[COLUMN_ADDRESS] = "one address such as 10.20.0.17 or fd12:7::17, without '/'",
		[COLUMN_AGE] = "a text such as \"age1...\", in lower case",
	};

	return helps[type];
}

const char *const table_statuses[] = {
	[TABLE_STATUS_ACTIVE] = "active",	[TABLE_STATUS_RETURNED] = "returned",
	[TABLE_STATUS_REPAIR] = "repair",	[TABLE_STATUS_LOST] = "lost",
	[TABLE_STATUS_WITHDRAWN] = "withdrawn", [TABLE_STATUS_RETIRED] = "retired",
	[TABLE_STATUS_DESTROYED] = "destroyed", [TABLE_STATUS_COUNT] = NULL,
};

const char *table_status_name(enum table_status status)
{
	return status < TABLE_STATUS_COUNT ? table_statuses[status] : "unknown";
}

const char *table_status_help(enum table_status status)
{
	static const char *const helps[TABLE_STATUS_COUNT] = {
		[TABLE_STATUS_ACTIVE] = "in use",
		[TABLE_STATUS_RETURNED] = "handed back to the office",
		[TABLE_STATUS_REPAIR] = "away for repair",
		[TABLE_STATUS_LOST] = "reported lost",
		[TABLE_STATUS_WITHDRAWN] = "called in",
		[TABLE_STATUS_RETIRED] = "out of use",
		[TABLE_STATUS_DESTROYED] = "destroyed",
	};

	return status < TABLE_STATUS_COUNT ? helps[status] : "";
}
