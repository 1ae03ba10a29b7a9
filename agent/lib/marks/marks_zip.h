/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small bounded reader of zip archives (PKWARE APPNOTE.TXT), for the documents of offices: members
 * that are stored or deflated. libzip does more, and brings bzip2, lzma, zstd and gnutls into the very
 * process that reads hostile files; such documents have none of that.
 */
#ifndef AIRGAP_LIB_MARKS_ZIP_H
#define AIRGAP_LIB_MARKS_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARKS_ZIP_NAME_MAX    256
#define MARKS_ZIP_MEMBERS_MAX 8192u

struct marks_zip {
	int fd;
	uint64_t size;	 /* of the archive */
	uint64_t at;	 /* of the next central header */
	uint64_t end;	 /* of the central directory */
	uint32_t left;	 /* members */
	size_t inflated; /* bytes that came out so far */
};

struct marks_zip_member {
	char name[MARKS_ZIP_NAME_MAX]; /* "" when it is longer */
	uint32_t method;
	uint32_t flags;
	uint64_t packed;
	uint64_t local; /* place of its local header */
};

/* marks_zip_open - find the directory; 0; -EBADMSG: no archive that we read; -errno */
int marks_zip_open(struct marks_zip *zip, int fd);

/* marks_zip_next - 1 with a member; 0 at the end; -EBADMSG for a damaged directory; -errno */
int marks_zip_next(struct marks_zip *zip, struct marks_zip_member *member);

/**
 * marks_zip_read - the content of a member, piece by piece
 * @put: gets it; ends the reading by returning false, which is no error
 *
 * Returns 0; -EBADMSG for what is damaged, encrypted, or packed in another way; -EFBIG beyond
 * MARKS_PART_MAX, or MARKS_TOTAL_MAX for all members; -ENOMEM; -errno. What came before was put.
 */
int marks_zip_read(struct marks_zip *zip, const struct marks_zip_member *member,
		   bool (*put)(void *context, const uint8_t *bytes, size_t length), void *context);

/**
 * marks_zip_kind - what kind of document it is, by its members
 *
 * "docx", "xlsx", "pptx", and with macros "docm", "xlsm", "pptm"; "odt", "ods", "odp", "odg", and with
 * macros "odf-macro"; "ofd"; "jar"; "zip". NULL: no archive that we read.
 */
const char *marks_zip_kind(int fd);

#endif
