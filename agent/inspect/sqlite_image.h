/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A database of SQLite as it stands on the disk, with what its write-ahead log holds, in memory alone:
 * SQLite itself would write beside the file that it reads (https://www.sqlite.org/fileformat2.html).
 */
#ifndef AIRGAP_INSPECT_SQLITE_IMAGE_H
#define AIRGAP_INSPECT_SQLITE_IMAGE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQLITE_IMAGE_MAX (384u * 1024 * 1024)

/**
 * sqlite_image_apply - bring the pages of a write-ahead log into a database
 * @db: @size bytes, from malloc(); grows
 * @wal: @wal_size bytes
 *
 * Frames count as SQLite counts them: as long as salts and checksums fit, up to the last commit. A log
 * that is damaged or belongs to another time changes nothing. Returns 0; -ENOMEM; -EFBIG.
 */
int sqlite_image_apply(uint8_t **db, size_t *size, const uint8_t *wal, size_t wal_size);

/**
 * sqlite_image_open - open it for questions
 * @db: @size bytes, from malloc(); taken, also on failure
 *
 * Returns 0; -EBADMSG when it is no database.
 */
int sqlite_image_open(uint8_t *db, size_t size, sqlite3 **handle);

/**
 * sqlite_image_parts - all bytes of a database, in pieces that are in use and pieces that are not
 * @visit: gets each piece; what was deleted stands in unused ones: in free pages, in the gap of a page
 *	   and in free blocks between its cells
 *
 * Whatever the database says of itself, pieces are within it. Returns 0; -EBADMSG; -ENOMEM.
 */
int sqlite_image_parts(const uint8_t *db, size_t size,
		       void (*visit)(const uint8_t *bytes, size_t size, bool used, void *data),
		       void *data);

#endif
