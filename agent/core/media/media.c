// SPDX-License-Identifier: GPL-2.0-or-later
/* Which media there are, and when to act. */
#include "agent/core/media/media.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "agent/core/media/media_item.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/lib/media/media_disk.h"
#include "agent/lib/media/media_memory.h"
#include "agent/lib/path.h"
#include "policy/sign/trust.h"

/* More disks than the mount helper holds are nobody's. */
#define MEDIA_MAX 64

static uint64_t list_of(const struct media *media)
{
	const struct trust *trust = media->config.govern->trust;

	return trust ? trust->number : 0;
}

struct media *media_new(const struct media_config *config)
{
	struct media *media = calloc(1, sizeof(*media));

	if (!media)
		return NULL;
	media->config = *config;
	media->list = list_of(media);
	return media;
}

void media_free(struct media *media)
{
	struct medium *next;

	if (!media)
		return;
	for (struct medium *it = media->head; it; it = next) {
		next = it->next;
		if (it->disk >= 0)
			close(it->disk);
		free(it);
	}
	free(media);
}

struct medium *media_item_find(struct media *media, uint64_t cookie)
{
	for (struct medium *it = media->head; it; it = it->next)
		if (it->cookie == cookie)
			return it;
	return NULL;
}

/* The one whose turn it is: of the same number, one that is leaving may still be there. */
static struct medium *find_block(struct media *media, uint32_t major_nr, uint32_t minor_nr)
{
	for (struct medium *it = media->head; it; it = it->next)
		if (it->block.major == major_nr && it->block.minor == minor_nr && !it->gone)
			return it;
	return NULL;
}

/* Without udev nobody asks a reader whether another card is in it (Documentation/ABI/testing/sysfs-block). */
static void poll_reader(const struct media *media, const struct msg_block *block)
{
	char path[PATH_MAX], name[MSG_BLOCK_NAME + 32];
	int folder;

	if (!block->removable)
		return;
	snprintf(name, sizeof(name), "/sys/block/%s", block->name);
	if (!media_disk_name_valid(block->name) || path_join(path, media->config.root, name) < 0)
		return;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return;
	file_write_at(folder, "events_poll_msecs", "1000");
	close(folder);
}

static bool same_medium(const struct msg_block *a, const struct msg_block *b)
{
	return a->disk_sequence == b->disk_sequence && a->sectors == b->sectors &&
	       a->bus == b->bus && a->device == b->device && strcmp(a->port, b->port) == 0 &&
	       strcmp(a->name, b->name) == 0;
}

static void end(struct media *media, struct medium *medium, const char *why)
{
	medium->gone = true;
	media_act_leave(media, medium, true, why);
}

void media_block(struct media *media, const struct msg_block *block)
{
	struct medium *medium = find_block(media, block->major, block->minor);
	struct medium **tail = &media->head;

	if (medium && same_medium(&medium->block, block)) {
		medium->stated = true;
		media_act_start(media, medium);
		return;
	}
	if (medium)
		end(media, medium, "another medium has taken its place");
	medium = media->count < MEDIA_MAX ? calloc(1, sizeof(*medium)) : NULL;
	if (!medium) {
		/* Nobody mounts it; and nobody would know why. */
		log_error("disk %s is one too many: it is not looked at", block->name);
		recorder_note(media->config.recorder, RECORD_KIND_ALARM, RECORD_GRADE_V1, 0,
			      "disks-too-many", block->name, "on port %s: it is not looked at",
			      block->port);
		return;
	}
	medium->block = *block;
	medium->stated = true;
	medium->disk = -1;
	while (*tail)
		tail = &(*tail)->next;
	*tail = medium;
	media->count++;
	poll_reader(media, block);
	media_act_start(media, medium);
}

void media_block_gone(struct media *media, const struct msg_block_gone *gone)
{
	struct medium *medium = find_block(media, gone->major, gone->minor);
	struct media_disk disk;

	/* An event that was late: the disk of that number is there, and is the one that is known. */
	if (medium &&
	    (media_disk_read(media->config.root, makedev(gone->major, gone->minor), &disk) < 0 ||
	     disk.sequence != medium->block.disk_sequence))
		end(media, medium, "it was pulled out");
}

void media_scan_begin(struct media *media)
{
	for (struct medium *it = media->head; it; it = it->next)
		it->stated = false;
}

void media_item_each(struct media *media, void (*visit)(struct media *media, struct medium *medium))
{
	struct medium *next;

	for (struct medium *it = media->head; it; it = next) {
		next = it->next;
		visit(media, it);
	}
}

static void end_unstated(struct media *media, struct medium *medium)
{
	if (!medium->stated && !medium->gone)
		end(media, medium, "it was pulled out");
}

void media_scan_end(struct media *media)
{
	media_item_each(media, end_unstated);
}

/* What the device was blocked under is gone in a moment; its disk's event follows. */
static void follow_device(struct media *media, struct medium *medium)
{
	const struct msg_block *block = &medium->block;

	if (devices_is_open(*media->config.devices, block->port, block->bus, block->device))
		media_act_start(media, medium);
	else if (medium->state != MEDIUM_STATE_IDLE)
		media_act_leave(media, medium, false, "its device is not permitted any more");
}

void media_devices_changed(struct media *media)
{
	media_item_each(media, follow_device);
}

static bool same_decision(const struct medium_finding *a, const struct medium_finding *b)
{
	return a->decided.right == b->decided.right &&
	       a->decided.verdict.result == b->decided.verdict.result &&
	       a->decided.verdict.cause == b->decided.verdict.cause &&
	       a->judged.reason == b->judged.reason &&
	       strcmp(a->decided.verdict.rule, b->decided.verdict.rule) == 0;
}

/* The journal could not record its use; now it can. */
static bool is_retried(const struct media *media, const struct medium *medium)
{
	return medium->state == MEDIUM_STATE_FAILED && medium->unrecorded &&
	       recorder_ready(media->config.recorder);
}

static void redecide(struct media *media, struct medium *medium)
{
	struct medium_finding now = medium->finding;
	struct medium_memory memory = { .known = false };

	if (is_retried(media, medium))
		media_act_leave(media, medium, false, "it is tried again");
	else if (medium->state == MEDIUM_STATE_IDLE)
		media_act_start(media, medium);
	if (medium->state < MEDIUM_STATE_OPENING || medium->state > MEDIUM_STATE_REFUSED)
		return;
	/* Where it was counted, its counter is this terminal's own by now. */
	if (medium->state == MEDIUM_STATE_REFUSED &&
	    media_memory_load(media->config.root, now.facts.record.id, &memory) < 0)
		return;
	media_finding_decide(&now, media->config.govern, &memory);
	if (!same_decision(&now, &medium->finding))
		media_act_leave(media, medium, false,
				media_finding_may(&now) ? "other rights hold from now on"
							: "it may not be used any more");
}

static void give_up(struct media *media, struct medium *medium, const char *why)
{
	if (medium->state != MEDIUM_STATE_IDLE)
		media_act_leave(media, medium, false, why);
}

void media_restart(struct media *media, const char *why)
{
	struct medium *next;

	media->paused = false;
	for (struct medium *it = media->head; it; it = next) {
		next = it->next;
		give_up(media, it, why);
	}
	media_item_each(media, media_act_start);
}

void media_pause(struct media *media, const char *why)
{
	struct medium *next;

	media->paused = true;
	for (struct medium *it = media->head; it; it = next) {
		next = it->next;
		give_up(media, it, why);
	}
}

void media_redecide(struct media *media)
{
	if (media->list == list_of(media)) {
		media_item_each(media, redecide);
		return;
	}
	/* Whose signatures count is another question now, and records are not kept: read them anew. */
	media->list = list_of(media);
	if (!media->paused)
		media_restart(media, "another signers' list is in force");
}

bool media_is_busy(const struct media *media)
{
	for (const struct medium *it = media->head; it; it = it->next)
		if (it->held)
			return true;
	return false;
}

const struct msg_medium *media_find(const struct media *media, uint64_t cookie)
{
	for (const struct medium *it = media->head; cookie && it; it = it->next)
		if (it->cookie == cookie && it->state == MEDIUM_STATE_USABLE)
			return &it->said;
	return NULL;
}

void media_each(const struct media *media,
		void (*visit)(void *data, const struct msg_medium *medium), void *data)
{
	for (const struct medium *it = media->head; it; it = it->next)
		if (it->told)
			visit(data, &it->said);
}
