/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading media and counting their uses, for the core: it has decided to, and hands over the descriptor.
 *
 * A device that is broken, or plays dead, makes its reader wait for minutes. So each is read by a thread of
 * its own, and answered by the event loop.
 */
#ifndef AIRGAP_TRANSFER_MEDIUM_READ_H
#define AIRGAP_TRANSFER_MEDIUM_READ_H

#include <stdint.h>

#include "agent/lib/media/media_image.h"
#include "agent/lib/msg_media.h"

struct msg;
struct transferd;
struct medium_reader;

/* medium_reader_new - 0 or -errno */
int medium_reader_new(struct transferd *self, struct medium_reader **reader);

/* medium_reader_free - accepts NULL. A thread that hangs in a device ends with the program. */
void medium_reader_free(struct medium_reader *reader);

/**
 * medium_reader_take - MSG_MEDIUM_READ and MSG_MEDIUM_COUNT; takes msg->fd
 *
 * Always answered, if only with an error: -EBUSY when too much is being read already. Returns 0, or -EPROTO
 * when no descriptor came along.
 */
int medium_reader_take(struct medium_reader *reader, struct msg *msg);

/**
 * medium_read_all - everything that a medium says of itself
 * @answer: its cookie is set already
 *
 * Touches nothing but the descriptor: any thread may call it.
 */
void medium_read_all(const struct media_image *image, struct msg_medium_reading *answer);

#endif
