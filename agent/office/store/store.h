/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the office keeps: store_terminal.h, store_log.h, store_event.h, store_people.h, store_document.h.
 *
 * The interface knows no database. Behind it stands SQLite (WAL, synchronous=FULL); another one can
 * follow by implementing these functions. One handle belongs to one thread; several handles on one
 * store may be open, and those that only read see only what is committed.
 *
 * Times are microseconds since 1970, 0 for "never". Functions return 0 or -errno: -ENOENT no such
 * row, -EEXIST it is there already, -ENOSPC, -EIO: the handle is of no more use, -EBADMSG: damaged,
 * -EBUSY. Rows given to callbacks, and the pointers in them, live until the callback returns; what
 * a callback returns other than 0 ends the walk and is the walk's answer.
 */
#ifndef AIRGAP_OFFICE_STORE_STORE_H
#define AIRGAP_OFFICE_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_HASH_SIZE	   32
#define STORE_NUMBER_SIZE  65
#define STORE_ORIGIN_SIZE  256
#define STORE_TEXT_SIZE	   129
#define STORE_BUNDLE_WIDTH 256 /* entries of a full bundle, hashes of a full tile */

struct store;

enum store_mode {
	STORE_READ,   /* see committed rows; write nothing */
	STORE_WRITE,  /* the store must exist; older schemas are migrated */
	STORE_CREATE, /* the same, and it is made when there is none */
};

int store_open(const char *path, enum store_mode mode, struct store **store);
void store_close(struct store *store);

/* store_reason - of the last failure, in the database's words */
const char *store_reason(const struct store *store);

/* store_begin - what follows is one transaction; store_commit() returns when it is on the disk. */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* store_backup - a consistent copy at @path, which must not exist, while others go on working */
int store_backup(struct store *store, const char *path);

/* store_check - -EBADMSG when the database finds itself damaged */
int store_check(struct store *store);

/* --- small facts of the office's own --- */

/* store_setting_get - -ENOENT; the caller frees @value, which is ended by a NUL */
int store_setting_get(struct store *store, const char *name, char **value);
int store_setting_put(struct store *store, const char *name, const char *value);

#endif
