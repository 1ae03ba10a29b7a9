/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A database of SQLite as it stands on the disk, with what its write-ahead log holds, in memory alone:
 * SQLite itself would write beside the file that it reads (https://www.sqlite.org/fileformat2.html).
 */
#ifndef AIRGAP_INSPECT_SQLITE_IMAGE_H
#define AIRGAP_INSPECT_SQLITE_IMAGE_H

#include <sqlite3.h>
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
 * sqlite_image_free_pages - call @visit for each page that the database no longer uses: what was deleted
 *
 * Returns how many there were.
 */
size_t sqlite_image_free_pages(const uint8_t *db, size_t size,
			       void (*visit)(const uint8_t *page, size_t page_size, void *data),
			       void *data);

#endif
