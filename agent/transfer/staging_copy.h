/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making one staged copy: what staging and import share. */
#ifndef AIRGAP_TRANSFER_STAGING_COPY_H
#define AIRGAP_TRANSFER_STAGING_COPY_H

#include "agent/transfer/staging.h"

/* staging_begin - the one temporary file of a folder, empty, for reading and writing; or -errno */
int staging_begin(int folder);

/* staging_end - it becomes copy @number, mode 0400, on the disk */
int staging_end(int folder, int fd, uint32_t number);

/* staging_drop - or it goes */
void staging_drop(int folder);

/* staging_room - whether @size bytes fit, and @keep_free stay; else outcome says OUTCOME_NO_ROOM */
int staging_room(int folder, uint64_t size, uint64_t keep_free, const char *name,
		 struct outcome *outcome);

/* staging_look - type and markings of a copy; @filetype may be NULL */
int staging_look(const struct filetype *filetype, int fd, struct staged_file *staged,
		 struct outcome *outcome);

#endif
