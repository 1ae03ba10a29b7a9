/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signed tables: what changes weekly, one row a line, for 100,000 rows (DESIGN section 5).
 *
 *	airgap-table 1
 *	table {
 *	    name     media
 *	    number   118
 *	    columns  [ media-id usb-id serial level unit custodian until status ]
 *	}
 *	9f3c5e...  0951:1666  "60A44C413FAE"  mimi  "7.2.14"  "A. Novak"  2027-01-01  active
 *
 * The head declares the columns, in any order; each row has one cell for each of them, blanks
 * between. A bare '-' is an empty cell, where the column permits one. Comments and blank lines may
 * stand anywhere. Columns are listed in table_column.h; no column may be unknown.
 *
 * Keys differ from row to row: media-id, usb-id with serial, and the number of a terminal. They are
 * found through SipHash under a random key of the process, so that no choice of serial numbers makes
 * a look-up slow. sodium_init() must have been called.
 */
#ifndef AIRGAP_POLICY_TABLE_H
#define AIRGAP_POLICY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/lang/diag.h"
#include "policy/lang/value.h"

#define TABLE_TEXT_MAX	  (32u * 1024 * 1024)
#define TABLE_ROWS_MAX	  1000000u
#define TABLE_ROW_MAX	  4096u /* bytes of a row's line */
#define TABLE_DIGEST_SIZE 32
#define TABLE_MEDIA_ID	  16 /* bytes; written as 32 digits 0-9 a-f */
#define TABLE_MAC	  6
#define TABLE_LIST_MAX	  32 /* elements of a list in a cell */

struct table;

enum table_kind {
	TABLE_KIND_MEDIA,
	TABLE_KIND_TERMINALS,
	TABLE_KIND_COUNT,
};

/* Only an active row permits anything; the others say why it no longer does. */
enum table_status {
	TABLE_STATUS_ACTIVE,
	TABLE_STATUS_RETURNED, /* handed back */
	TABLE_STATUS_REPAIR,   /* away for repair */
	TABLE_STATUS_LOST, /* reported lost; stays in the table, so that finding it is noticed */
	TABLE_STATUS_WITHDRAWN, /* called in */
	TABLE_STATUS_RETIRED,	/* out of use */
	TABLE_STATUS_DESTROYED,
	TABLE_STATUS_COUNT,
};

/* A row of table media. Texts live as long as the table; NULL: an empty cell, or no such column. */
struct table_media {
	const uint8_t *id; /* TABLE_MEDIA_ID bytes */
	uint16_t vendor;
	uint16_t product;
	uint32_t line;	    /* in the text */
	const char *serial; /* NULL: has none, and no device is taken for it by its serial number */
	const char *level;  /* by name, as the signers' list declares it; never NULL */
	const char *unit;   /* NULL: any */
	const char *custodian;
	int64_t until; /* last second of its last day, UTC; INT64_MAX: no end */
	enum table_status status;
};

/* A row of table terminals. */
struct table_terminal {
	const char *number;
	const char *level; /* never NULL */
	const char *custodian;
	const char *room;
	const char *disk_serial;
	const char *log_key;	   /* of its journal's checkpoints, as airgap-journald prints it */
	const char *age_recipient; /* "age1..." */
	/* Its links: when both are given, the n-th hardware address sits at the n-th bus path. */
	const uint8_t (*macs)[TABLE_MAC];
	uint32_t mac_count;
	uint32_t bus_path_count;
	const char *bus_paths; /* NUL-ended texts one after the other: table_text_next() */
	uint32_t address_count;
	uint32_t line;
	const struct address_prefix *addresses; /* whole addresses: bits is 32 or 128 */
	enum table_status status;		/* active when the table has no such column */
};

/**
 * table_parse - parse and check a table
 * @text: need not be ended by NUL; signatures after it are ignored; not kept
 * @diags: receives errors, with lines and columns; may be NULL
 * @table: on success the caller's, to be freed with table_free(); else NULL
 *
 * Verify the signatures first. Returns 0; -EINVAL when there were errors; -ENOMEM.
 */
int table_parse(const char *text, size_t length, struct diag_list *diags, struct table **table);

/**
 * table_kind_of - which table a text says that it is, from its head alone; TABLE_KIND_COUNT: none
 *
 * The signatures that a table needs depend on which one it is. Once they hold, compare with
 * table_kind() of the parsed table. Allocates nothing.
 */
enum table_kind table_kind_of(const char *text, size_t length);

/** table_free - accepts NULL */
void table_free(struct table *table);

enum table_kind table_kind(const struct table *table);
/** table_name - "media", "terminals"; table_kind_name - the same of a kind; static */
const char *table_name(const struct table *table);
const char *table_kind_name(enum table_kind kind);
/** table_number - of this edition; a terminal never goes back to a lower one */
uint64_t table_number(const struct table *table);
/** table_digest - SHA-256 of the text without its signatures: TABLE_DIGEST_SIZE bytes */
const uint8_t *table_digest(const struct table *table);
size_t table_row_count(const struct table *table);
/** table_memory - bytes that the table occupies */
size_t table_memory(const struct table *table);

/**
 * table_media_find - the row of a device, by ids and serial number
 * @row: filled when true is returned; points into the table
 *
 * The row may be of any status: whether it permits anything is the caller's to judge. False also for
 * an empty serial number and for a table of another kind. Allocates nothing; constant time.
 */
bool table_media_find(const struct table *table, uint16_t vendor, uint16_t product,
		      const char *serial, struct table_media *row);

/** table_media_find_id - the same by media id */
bool table_media_find_id(const struct table *table, const uint8_t id[static TABLE_MEDIA_ID],
			 struct table_media *row);

/** table_media_row - the i-th row in the order of the text; false when there is none */
bool table_media_row(const struct table *table, size_t i, struct table_media *row);

/** table_terminal_find - the row of a terminal, by number; otherwise like table_media_find() */
bool table_terminal_find(const struct table *table, const char *number, struct table_terminal *row);
bool table_terminal_row(const struct table *table, size_t i, struct table_terminal *row);

/**
 * table_mac_read - a hardware address as the table has it: 00:1b:21:3c:4d:5e
 *
 * False when it is none, or not of one link: zero, or of a group.
 */
bool table_mac_read(const char *word, uint8_t mac[static TABLE_MAC]);

/** table_text_next - the text after this one, in a row of texts */
const char *table_text_next(const char *text);

/**
 * table_only_withdraws - whether a table takes back, and grants nothing
 *
 * True when both are of one kind with the same columns, and each row of @new stands in @old (by media
 * id, by number) with every cell the same, except that its status may be any but active, and its
 * 'until' earlier. Rows of @old may be missing. Numbers are the caller's to compare. For such a
 * table the signatures that the policy names after 'withdraw' are enough.
 */
bool table_only_withdraws(const struct table *old, const struct table *new);

/** table_status_name - "active", ... */
const char *table_status_name(enum table_status status);

#endif
