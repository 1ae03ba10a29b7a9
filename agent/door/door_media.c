// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/door/door_media.h"

#include <string.h>

#include "agent/lib/medium_json.h"

static size_t place_of(const struct door_media *media, uint64_t cookie)
{
	size_t i = 0;

	while (i < media->count && media->items[i].cookie != cookie)
		i++;
	return i;
}

void door_media_put(struct door_media *media, const struct msg_medium *medium)
{
	size_t i = place_of(media, medium->cookie);

	if (i == DOOR_MEDIA_MAX)
		return;
	media->items[i] = *medium;
	if (i == media->count)
		media->count++;
}

void door_media_gone(struct door_media *media, uint64_t cookie)
{
	size_t i = place_of(media, cookie);

	if (i == media->count)
		return;
	media->count--;
	memmove(&media->items[i], &media->items[i + 1],
		(media->count - i) * sizeof(media->items[0]));
}

json_t *door_media_json(const struct door_media *media)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < media->count; i++)
		json_array_append_new(list, medium_json(&media->items[i]));
	return list;
}
