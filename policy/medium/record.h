/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registration record of a medium (介质登记凭证; DESIGN section 6).
 *
 *	airgap-media 1
 *	medium {
 *	    id          9f3c5e00112233445566778899aabbcc
 *	    device      id 0951:1666  serial "60A44C413FAE"
 *	    sectors     60555264
 *	    filesystem  vfat  uuid "1D2C-3B4A"
 *	    enrolled    2026-11-25
 *	}
 *
 * It stands on the medium itself, signed in namespace airgap-media@v1, and whoever finds a lost one
 * can read it: so it names no level, unit or person, and cannot be made to. Those stand in table
 * media, in the row with the same id. A record has one spelling only, and no comments.
 */
#ifndef AIRGAP_POLICY_MEDIUM_RECORD_H
#define AIRGAP_POLICY_MEDIUM_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "policy/decide/facts.h"
#include "policy/lang/diag.h"

#define MEDIUM_ID_SIZE	   16
#define MEDIUM_ID_TEXT	   33 /* 32 digits 0-9 a-f, NUL */
#define MEDIUM_DIGEST_SIZE 32 /* SHA-256 */
#define MEDIUM_UUID_SIZE   37
#define MEDIUM_SECTOR	   512
/* 2^47 bytes and more are beyond what is made; sizes in bytes stay below 2^63 */
#define MEDIUM_SECTORS_MAX  (UINT64_C(1) << 48)
#define MEDIUM_SEQUENCE_MAX (UINT64_C(1) << 48)
/* More than a record can have: a serial number that is all quotes, doubled by their escapes. */
#define MEDIUM_RECORD_TEXT_MAX 2048

enum medium_filesystem {
	MEDIUM_FILESYSTEM_VFAT,
	MEDIUM_FILESYSTEM_EXFAT,
	MEDIUM_FILESYSTEM_EXT4,
	MEDIUM_FILESYSTEM_COUNT, /* also: none of them */
};

/* Fixed size, no pointers; texts are ended by NUL, the rest of their arrays zero. */
struct medium_record {
	uint8_t id[MEDIUM_ID_SIZE];
	uint16_t vendor;
	uint16_t product;
	uint32_t filesystem; /* enum medium_filesystem */
	uint64_t sectors;    /* of MEDIUM_SECTOR bytes, whatever the device calls a sector */
	int64_t enrolled;    /* first second of that day, UNIX time */
	char serial[USB_STRING_SIZE];
	char uuid[MEDIUM_UUID_SIZE + 3];
	uint8_t digest[MEDIUM_DIGEST_SIZE]; /* of the text without its signatures */
};

/**
 * medium_record_parse - parse and check a record
 * @text: need not be ended by NUL; signatures after it are ignored
 * @diags: receives errors; may be NULL
 * @record: filled when 0 is returned, else zeroed
 *
 * Verify the signatures first. Returns 0; -EINVAL when there were errors; -ENOMEM.
 */
int medium_record_parse(const char *text, size_t length, struct diag_list *diags,
			struct medium_record *record);

/**
 * medium_record_print - the one text of a record, which officers sign
 * @record: its digest is not looked at
 * @out: of MEDIUM_RECORD_TEXT_MAX bytes; a NUL follows the text
 *
 * Returns the length, or -ENOMEM. Whether the text is a good one is for medium_record_parse() to
 * say: a serial number may hold what no text may.
 */
long medium_record_print(const struct medium_record *record,
			 char out[static MEDIUM_RECORD_TEXT_MAX]);

/* medium_filesystem_name - "vfat", "exfat", "ext4"; "none" */
const char *medium_filesystem_name(uint32_t filesystem);

/* medium_filesystem - by name; MEDIUM_FILESYSTEM_COUNT when there is none */
enum medium_filesystem medium_filesystem(const char *name);

/* medium_id_format - 32 digits */
void medium_id_format(const uint8_t id[static MEDIUM_ID_SIZE], char out[static MEDIUM_ID_TEXT]);

#endif
