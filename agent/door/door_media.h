/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The media that the core told of: usable, or refused and still there. */
#ifndef AIRGAP_DOOR_MEDIA_H
#define AIRGAP_DOOR_MEDIA_H

#include <stddef.h>

#include <jansson.h>

#include "agent/lib/msg.h"

#define DOOR_MEDIA_MAX 32

struct door_media {
	size_t count;
	struct msg_medium items[DOOR_MEDIA_MAX];
};

/* door_media_put - a new one, or news of one; beyond the bound it is not shown */
void door_media_put(struct door_media *media, const struct msg_medium *medium);
void door_media_gone(struct door_media *media, uint64_t cookie);

/* door_media_json - a list, in the order of their coming */
json_t *door_media_json(const struct door_media *media);

#endif
