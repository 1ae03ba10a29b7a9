/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One question to clamd and its answer (clamd(8), "COMMANDS"). */
#ifndef AIRGAP_TRANSFER_SCAN_LINK_H
#define AIRGAP_TRANSFER_SCAN_LINK_H

#include <stddef.h>

#include "agent/transfer/scan.h"

struct scan_link {
	int fd;
	const struct scan_settings *settings;
};

/* scan_link_open - connect; 0 or -errno; scan_link_close() in any case */
int scan_link_open(struct scan_link *link, const struct scan_settings *settings);
void scan_link_close(struct scan_link *link);

/* scan_link_send - all of it; 0; -EPIPE when the scanner hung up; -ETIMEDOUT; -ECANCELED; -errno */
int scan_link_send(const struct scan_link *link, const void *data, size_t length);

/* scan_link_chunk - one chunk of a stream: its length, then its bytes; none ends the stream */
int scan_link_chunk(const struct scan_link *link, const void *data, size_t length);

/**
 * scan_link_answer - up to its NUL, or to where the scanner hangs up
 * @text: always ended by NUL
 *
 * Returns the length; -EMSGSIZE for one too long; or -errno.
 */
long scan_link_answer(const struct scan_link *link, char text[static SCAN_ANSWER_MAX]);

#endif
