/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child that looks at a file (filetype.h). */
#ifndef AIRGAP_TRANSFER_FILETYPE_CHILD_H
#define AIRGAP_TRANSFER_FILETYPE_CHILD_H

#include <magic.h>

#include "agent/transfer/filetype.h"

struct filetype {
	magic_t magic;
	struct marks *marks;
	uint32_t level_count;
	unsigned int seconds;
};

/**
 * filetype_child - in the child: give up everything, look, answer, end
 * @fd: the file
 * @out: where the answer goes
 *
 * Exit status 0 with an answer; else which step failed.
 */
_Noreturn void filetype_child(const struct filetype *filetype, int fd, int out);

#endif
