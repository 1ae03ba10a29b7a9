/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The media that may be used now: the core names each with the root folder of its data (MEDIUM), and takes
 * it back (MEDIUM_GONE). Whoever opens something below a root closes it before the medium goes: a file
 * system with an open file is not unmounted.
 *
 * The root is of a mount that nobody else can see. On vfat and exfat all of it belongs to this program's
 * user. On ext4 owners are numbers that other terminals use otherwise: the root permits everyone to write,
 * and folders are to be made with mode 0777, files with 0666, whatever the umask.
 */
#ifndef AIRGAP_TRANSFER_MEDIUM_LIST_H
#define AIRGAP_TRANSFER_MEDIUM_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/lib/msg_media.h"

struct msg;
struct transferd;
struct medium_list;

/* One in the list: usable, or refused with its reason, as the core said. */
struct medium_use {
	struct msg_medium said;
	int root; /* of its data, O_RDONLY | O_DIRECTORY; -1: it may not be used, and said.text says why */
};

/* What becomes of media, for whoever works on them. Any may be NULL. */
struct medium_watcher {
	/* a medium came, usable or refused */
	void (*came)(void *data, const struct medium_use *use);
	/*
	 * A medium goes; @use is void after the call. What is open on it is to be closed now, or soon: the
	 * core waits a few seconds, then the device is shut off under it.
	 */
	void (*going)(void *data, const struct medium_use *use, const struct msg_medium_gone *gone);
	void *data;
};

/* medium_list_new - NULL when memory is short; @watcher is copied */
struct medium_list *medium_list_new(const struct medium_watcher *watcher);

/* medium_list_free - accepts NULL; closes all roots */
void medium_list_free(struct medium_list *list);

/* medium_list_find - by the core's cookie; NULL: there is none */
const struct medium_use *medium_list_find(const struct medium_list *list, uint64_t cookie);

/* medium_list_find_id - a registered one by media id */
const struct medium_use *medium_list_find_id(const struct medium_list *list,
					     const uint8_t id[static MEDIUM_ID_SIZE]);

/* medium_list_at - the i-th, in the order of their coming; NULL beyond the last */
const struct medium_use *medium_list_at(const struct medium_list *list, size_t i);

/* medium_list_clear - the core is away: all of them go, as if pulled. Watchers are told. */
void medium_list_clear(struct medium_list *list);

/* medium_list_take - MSG_MEDIUM; takes msg->fd. 0, or an error that drops the core */
int medium_list_take(struct medium_list *list, struct msg *msg);

/* medium_list_gone - MSG_MEDIUM_GONE; 0, also for one that is not in the list */
int medium_list_gone(struct medium_list *list, const struct msg_medium_gone *gone);

#endif
