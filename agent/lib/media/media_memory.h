/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this machine saw last of each medium: its counter, as it stood on the medium, in a file of its
 * own named by media id. Only by such a memory is an older image, or a second copy, noticed.
 */
#ifndef AIRGAP_LIB_MEDIA_MEMORY_H
#define AIRGAP_LIB_MEDIA_MEMORY_H

#include "policy/medium/judge.h"

#define PATH_MEDIA_DIR "/var/lib/airgap/media"

/* media_memory_prepare - make the folder, for a program that will have no right to; 0 or -errno */
int media_memory_prepare(const char *root);

/**
 * media_memory_load - of one medium
 * @memory: known is false when there is none
 *
 * Returns 0; -EBADMSG for a file that holds no counter of that medium; another -errno.
 */
int media_memory_load(const char *root, const uint8_t id[static MEDIUM_ID_SIZE],
		      struct medium_memory *memory);

/**
 * media_memory_save - remember a counter; the folder is made when it is not there
 *
 * Whether it goes on from what is remembered is the caller's to judge first. Returns 0 or -errno.
 */
int media_memory_save(const char *root, const struct medium_counter *counter);

#endif
