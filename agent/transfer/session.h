/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A batch that a connection is making. */
#ifndef AIRGAP_TRANSFER_SESSION_H
#define AIRGAP_TRANSFER_SESSION_H

#include "agent/transfer/channel.h"
#include "agent/transfer/desk.h"

struct session {
	struct desk_client *client;
	struct job *job; /* copies; NULL: of a foreign medium, where that is done at the end */
	uint8_t batch[TRANSFER_ID_SIZE];
	uint64_t medium; /* cookie of a foreign one; 0: the batch goes out */
	uint64_t left;	 /* bytes that the person may still add */
	bool adding;	 /* the worker owes an answer about 'name' */
	int32_t marked;	 /* rank of the highest marking; -1: none */
	char name[TRANSFER_NAME_SIZE];
	char marking[MARKS_TEXT_SIZE]; /* of the last file, "" */
	struct manifest manifest;      /* its files */
};

/* session_take - a file is copied: it is of the batch. 0; else staged->outcome says why it is not */
int session_take(struct session *session, struct channel_staged *staged);

/* session_name - a file of a foreign medium, by name; 0, -EEXIST, -EINVAL, -ENOMEM */
int session_name(struct session *session, const char *name);

/* session_file_json - what is said of the file that was taken last */
json_t *session_file_json(const struct session *session);

/* session_levels - "neibu, mimi, jimi", good until the next call */
const char *session_levels(const struct settings *settings);

/**
 * session_seal - write the manifest of a batch
 * @manifest: its files; the rest is set here
 * @marked: rank of the highest marking, which may raise the level
 *
 * The batch has its manifest, its files' number, size and types. Returns 0 or -errno.
 */
int session_seal(const struct settings *settings, struct book *book, struct batch *batch,
		 struct manifest *manifest, int32_t marked);

/* session_staged_sound - whether a worker's words can be read: texts ended, numbers in range */
bool session_staged_sound(const struct channel_staged *staged);

#endif
