// SPDX-License-Identifier: GPL-2.0-or-later
/* What the journal, the mount helper and airgap-transferd answer, and that they come and go. */
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "agent/core/media/media_item.h"
#include "agent/lib/media/media_disk.h"
#include "agent/lib/media/media_memory.h"

bool media_recorded(struct media *media, uint64_t tag, uint64_t entry, int error)
{
	struct medium *medium = media->head;

	if (tag >> 61 != RECORDER_TAG_MEDIA >> 61)
		return false;
	while (medium && medium->tag != tag)
		medium = medium->next;
	/* Gone, or decided otherwise, while the entry was on its way. */
	if (!medium || medium->state != MEDIUM_STATE_RECORDING)
		return true;
	medium->said.entry = entry;
	if (error == 0) {
		media_act_mount(media, medium);
		return true;
	}
	medium->unrecorded = true;
	media_act_fail(media, medium, error, "the journal cannot record its use now");
	return true;
}

/* The answer to the step that is under way; others are of one that was given up. */
static bool is_awaited(const struct medium *medium, const struct msg_mount_done *done)
{
	static const enum medium_state awaits[MSG_MOUNT_VERB_COUNT] = {
		[MSG_MOUNT_PROTECT] = MEDIUM_STATE_PROTECTING,
		[MSG_MOUNT_RAW] = MEDIUM_STATE_OPENING,
		[MSG_MOUNT_MOUNT] = MEDIUM_STATE_MOUNTING,
	};

	return done->verb < MSG_MOUNT_VERB_COUNT && medium->state == awaits[done->verb];
}

static void count(struct media *media, struct medium *medium, int raw)
{
	const struct msg_medium_count ask = { .cookie = medium->cookie, .now = medium->counter };

	medium->state = MEDIUM_STATE_COUNTING;
	if (link_send(*media->config.transfer, MSG_MEDIUM_COUNT, &ask, raw, NULL) < 0)
		media_act_fail(media, medium, -ENOBUFS, "airgap-transferd does not take requests");
}

/* What the kernel says of the disk now; -ESTALE: another medium is in it, and its event follows. */
static int look(const struct media *media, const struct medium *medium, struct media_disk *disk)
{
	const struct msg_block *block = &medium->block;
	int r = media_disk_read(media->config.root, makedev(block->major, block->minor), disk);

	if (r == 0 && (disk->sequence != block->disk_sequence || disk->bus != block->bus ||
		       disk->device != block->device || strcmp(disk->port, block->port) != 0))
		r = -ESTALE;
	return r;
}

/* Opening a reader is what makes the kernel look into it: empty, or another card, is no failure. */
static void take_protected(struct media *media, struct medium *medium, int error, int *fd)
{
	struct media_disk disk = { .sectors = 0 };
	int r = error < 0 ? error : look(media, medium, &disk);

	if (medium->block.removable &&
	    (r == -ESTALE || r == -ENOMEDIUM || r == -ENODEV || (r == 0 && disk.sectors == 0))) {
		medium->waits = true;
		media_act_leave(media, medium, false, "it is empty");
		return;
	}
	if (r < 0) {
		media_act_fail(media, medium, r, "it could not be opened");
		return;
	}
	medium->block.sectors = disk.sectors;
	medium->disk = *fd;
	*fd = -1;
	media_act_read(media, medium);
}

void media_mount_done(struct media *media, const struct msg_mount_done *done, int *fd)
{
	struct medium *medium = media_item_find(media, done->cookie);

	if (!medium)
		return;
	if (done->verb == MSG_MOUNT_RELEASE) {
		media_act_left(media, medium);
		return;
	}
	if (!is_awaited(medium, done))
		return;
	if (done->verb == MSG_MOUNT_PROTECT) {
		take_protected(media, medium, *fd < 0 && done->error == 0 ? -EBADF : done->error,
			       fd);
	} else if (done->error < 0 || *fd < 0) {
		media_act_fail(media, medium, done->error < 0 ? done->error : -EBADF,
			       done->text[0] ? done->text : "it could not be opened");
	} else if (done->verb == MSG_MOUNT_RAW) {
		count(media, medium, *fd);
	} else {
		media_act_expose(media, medium, *fd);
	}
}

void media_reading(struct media *media, const struct msg_medium_reading *reading)
{
	struct medium *medium = media_item_find(media, reading->cookie);
	struct media_disk disk;
	int r;

	if (!medium || medium->state != MEDIUM_STATE_READING)
		return;
	if (reading->error < 0 && reading->error != -EFBIG) {
		media_act_fail(media, medium, reading->error, "it could not be read");
		return;
	}
	/* What the monitor said is compared with the kernel, now that something follows from it. */
	r = media_disk_read(media->config.root, makedev(medium->block.major, medium->block.minor),
			    &disk);
	if (r == 0 &&
	    (disk.sequence != medium->block.disk_sequence ||
	     disk.sectors != medium->block.sectors || disk.bus != medium->block.bus ||
	     disk.device != medium->block.device || strcmp(disk.port, medium->block.port) != 0))
		r = -ESTALE;
	if (r < 0) {
		media_act_fail(media, medium, r, "another device has taken its place");
		return;
	}
	media_finding_take(&medium->finding, reading, &disk, media->config.govern->trust);
	media_act_decide(media, medium);
}

/* Is this what the counter must have become? Its digest is computed anew. */
static bool follows(const struct medium_counter *before, struct medium_counter *after)
{
	uint8_t said[MEDIUM_DIGEST_SIZE];
	char text[MEDIUM_COUNTER_TEXT_MAX];

	memcpy(said, after->digest, sizeof(said));
	medium_counter_print(after, text);
	return memcmp(said, after->digest, sizeof(said)) == 0 &&
	       after->sequence == before->sequence + 1 &&
	       memcmp(after->medium, before->medium, sizeof(after->medium)) == 0 &&
	       memcmp(after->previous, before->digest, sizeof(after->previous)) == 0;
}

void media_counted(struct media *media, const struct msg_medium_counted *counted)
{
	struct medium *medium = media_item_find(media, counted->cookie);
	struct medium_counter counter = counted->counter;
	int r = counted->error;

	if (!medium || medium->state != MEDIUM_STATE_COUNTING)
		return;
	if (r < 0) {
		media_act_fail(media, medium, r,
			       r == -EROFS ? "it is protected against writing: slide its switch"
					   : "its use could not be counted on it");
		return;
	}
	if (!follows(&medium->counter, &counter)) {
		media_act_fail(media, medium, -EBADMSG, "its counter is not what it should be");
		return;
	}
	/* Remembered first: a copy of it is noticed from now on, whatever happens next. */
	r = media_memory_save(media->config.root, &counter);
	if (r < 0) {
		media_act_fail(media, medium, r, "this terminal cannot remember its use");
		return;
	}
	medium->finding.facts.counter = counter;
	media_act_record(media, medium);
}

void media_mount_up(struct media *media)
{
	media_item_each(media, media_act_start);
}

/* The helper gave everything up itself. */
static void lose_mount(struct media *media, struct medium *medium)
{
	medium->held = false;
	if (medium->state == MEDIUM_STATE_LEAVING)
		media_act_left(media, medium);
	else if (medium->state != MEDIUM_STATE_IDLE && medium->state != MEDIUM_STATE_REFUSED)
		media_act_leave(media, medium, false, "the mount helper is away");
}

void media_mount_down(struct media *media)
{
	media_item_each(media, lose_mount);
}

static void meet_transfer(struct media *media, struct medium *medium)
{
	if (medium->state == MEDIUM_STATE_PROTECTED)
		media_act_read(media, medium);
	else if (medium->told)
		link_send(*media->config.transfer, MSG_MEDIUM, &medium->said, -1, NULL);
}

void media_transfer_up(struct media *media)
{
	media_item_each(media, meet_transfer);
}

static void lose_transfer(struct media *media, struct medium *medium)
{
	if (medium->state >= MEDIUM_STATE_READING && medium->state <= MEDIUM_STATE_USABLE)
		media_act_leave(media, medium, false, "airgap-transferd is away");
}

void media_transfer_down(struct media *media)
{
	media_item_each(media, lose_transfer);
}
