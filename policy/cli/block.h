/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adding a signature to a file, however it was made. */
#ifndef AIRGAP_POLICY_CLI_BLOCK_H
#define AIRGAP_POLICY_CLI_BLOCK_H

#include <stddef.h>

#include "policy/sign/signed.h"

/* A file that is about to get one more signature. */
struct block_target {
	const char *path;
	char *bytes;
	size_t length;
	size_t text_length;
	enum sign_namespace ns;
	struct signed_file file; /* the signatures it has already */
};

/**
 * block_open - read the file and check the signatures that it has
 * @name: namespace from the command line; NULL: the one that belongs to the text's first word
 *
 * Returns an exit code, having said what is wrong; block_close() in any case.
 */
int block_open(struct block_target *target, const char *path, const char *name);

/**
 * block_append - check a new armoured signature and write the file with it
 * @origin: where the signature came from, for messages
 *
 * Refuses what does not verify over the text, and a second signature by one key. Returns an exit
 * code, having said what happened.
 */
int block_append(struct block_target *target, const char *origin, const char *armour,
		 size_t length);

void block_close(struct block_target *target);

#endif
