// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/medium_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/lib/msg.h"

/* One bus alone has 127 devices; beyond it nobody looks. */
#define MEDIA_MAX 128

struct medium_list {
	struct medium_watcher watcher;
	size_t count;
	struct medium_use *items[MEDIA_MAX]; /* their addresses stay while they are in it */
};

struct medium_list *medium_list_new(const struct medium_watcher *watcher)
{
	struct medium_list *list = calloc(1, sizeof(*list));

	if (list && watcher)
		list->watcher = *watcher;
	return list;
}

static void remove_at(struct medium_list *list, size_t i, const struct msg_medium_gone *gone)
{
	struct medium_use *use = list->items[i];

	memmove(&list->items[i], &list->items[i + 1],
		(list->count - i - 1) * sizeof(struct medium_use *));
	list->count--;
	if (list->watcher.going)
		list->watcher.going(list->watcher.data, use, gone);
	if (use->root >= 0)
		close(use->root);
	free(use);
}

void medium_list_clear(struct medium_list *list)
{
	struct msg_medium_gone gone = { .pulled = 1, .text = "airgapd is away" };

	while (list->count > 0) {
		gone.cookie = list->items[list->count - 1]->said.cookie;
		remove_at(list, list->count - 1, &gone);
	}
}

void medium_list_free(struct medium_list *list)
{
	if (!list)
		return;
	list->watcher = (struct medium_watcher){ 0 };
	medium_list_clear(list);
	free(list);
}

static size_t place_of(const struct medium_list *list, uint64_t cookie)
{
	size_t i = 0;

	while (i < list->count && list->items[i]->said.cookie != cookie)
		i++;
	return i;
}

const struct medium_use *medium_list_find(const struct medium_list *list, uint64_t cookie)
{
	size_t i = place_of(list, cookie);

	return cookie && i < list->count ? list->items[i] : NULL;
}

const struct medium_use *medium_list_find_id(const struct medium_list *list,
					     const uint8_t id[static MEDIUM_ID_SIZE])
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i]->said.kind == MEDIA_KIND_REGISTERED &&
		    memcmp(list->items[i]->said.id, id, MEDIUM_ID_SIZE) == 0)
			return list->items[i];
	return NULL;
}

const struct medium_use *medium_list_at(const struct medium_list *list, size_t i)
{
	return i < list->count ? list->items[i] : NULL;
}

int medium_list_take(struct medium_list *list, struct msg *msg)
{
	const struct msg_medium *said = msg->body;
	struct medium_use *use;

	/* A right without a root, or a root without a right, is no message of the core's. */
	if ((msg->fd >= 0) != (said->right != MEDIA_RIGHT_NONE) || said->cookie == 0 ||
	    medium_list_find(list, said->cookie))
		return -EPROTO;
	use = list->count < MEDIA_MAX ? calloc(1, sizeof(*use)) : NULL;
	if (!use)
		return 0;
	use->said = *said;
	use->root = msg->fd;
	msg->fd = -1;
	list->items[list->count++] = use;
	if (list->watcher.came)
		list->watcher.came(list->watcher.data, use);
	return 0;
}

int medium_list_gone(struct medium_list *list, const struct msg_medium_gone *gone)
{
	size_t i = place_of(list, gone->cookie);

	if (i < list->count)
		remove_at(list, i, gone);
	return 0;
}
