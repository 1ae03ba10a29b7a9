// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of one medium. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/core/media/media_item.h"
#include "agent/lib/log.h"
#include "agent/lib/media/media_memory.h"

static struct link *mount_of(const struct media *media)
{
	return *media->config.mount;
}

static struct link *transfer_of(const struct media *media)
{
	return *media->config.transfer;
}

static void close_disk(struct medium *medium)
{
	if (medium->disk >= 0)
		close(medium->disk);
	medium->disk = -1;
}

static int ask_mount(struct media *media, const struct medium *medium, enum msg_mount_verb verb)
{
	const struct medium_finding *finding = &medium->finding;
	struct msg_mount ask = {
		.cookie = medium->cookie,
		.verb = verb,
		.major = medium->block.major,
		.minor = medium->block.minor,
		.filesystem = MEDIA_FILESYSTEM_NONE,
		.disk_sequence = medium->block.disk_sequence,
	};

	memcpy(ask.name, medium->block.name, sizeof(ask.name));
	if (verb == MSG_MOUNT_RAW) {
		ask.partition = finding->raw_partition;
		ask.first = finding->raw_first;
		ask.sectors = finding->raw_sectors;
	} else if (verb == MSG_MOUNT_MOUNT) {
		ask.partition = finding->data_partition;
		ask.first = finding->data_first;
		ask.sectors = finding->data_sectors;
		ask.filesystem = finding->filesystem;
		ask.right = finding->decided.right;
	}
	return link_send(mount_of(media), MSG_MOUNT, &ask, -1, NULL);
}

void media_act_start(struct media *media, struct medium *medium)
{
	const struct msg_block *block = &medium->block;

	/* Of a reader nobody knows what is in it, nor how large that is, before it is opened. */
	if (media->paused || medium->state != MEDIUM_STATE_IDLE || medium->gone || medium->waits ||
	    (block->sectors == 0 && !block->removable) || !link_is_up(mount_of(media)) ||
	    !devices_is_open(*media->config.devices, block->port, block->bus, block->device))
		return;
	medium->cookie = ++media->cookies;
	medium->unrecorded = false;
	memset(&medium->finding, 0, sizeof(medium->finding));
	memset(&medium->said, 0, sizeof(medium->said));
	if (ask_mount(media, medium, MSG_MOUNT_PROTECT) < 0)
		return;
	medium->held = true;
	medium->state = MEDIUM_STATE_PROTECTING;
}

void media_act_read(struct media *media, struct medium *medium)
{
	const struct msg_medium_read ask = { .cookie = medium->cookie,
					     .sectors = medium->block.sectors };

	medium->state = MEDIUM_STATE_PROTECTED;
	if (link_send(transfer_of(media), MSG_MEDIUM_READ, &ask, medium->disk, NULL) < 0)
		return;
	close_disk(medium);
	medium->state = MEDIUM_STATE_READING;
}

/* A step that was not even asked for is answered by nobody: it ends here, and is said. */
static void must_reach(struct media *media, struct medium *medium, int sent)
{
	if (sent < 0)
		media_act_fail(media, medium, sent, "a program of airgapd does not take requests");
}

/* What the terminal remembers of a registered medium. False: it cannot be known. */
static bool recall(const struct media *media, const struct medium *medium,
		   struct medium_memory *memory)
{
	const struct medium_facts *facts = &medium->finding.facts;
	int r;

	*memory = (struct medium_memory){ .known = false };
	if (facts->record_state != MEDIUM_RECORD_GOOD)
		return true;
	r = media_memory_load(media->config.root, facts->record.id, memory);
	if (r < 0)
		log_error("what is remembered of the medium in %s cannot be read: %s",
			  medium->block.name, strerror(-r));
	return r == 0;
}

void media_act_decide(struct media *media, struct medium *medium)
{
	struct medium_finding *finding = &medium->finding;
	struct medium_memory memory;
	bool known = recall(media, medium, &memory);

	media_finding_decide(finding, media->config.govern, known ? &memory : NULL);
	media_tell_said(media, medium);
	if (!media_finding_may(finding)) {
		media_act_refuse(media, medium);
	} else if (finding->kind == MEDIA_KIND_FOREIGN) {
		media_act_record(media, medium);
	} else {
		medium->counter = finding->facts.counter;
		medium->state = MEDIUM_STATE_OPENING;
		must_reach(media, medium, ask_mount(media, medium, MSG_MOUNT_RAW));
	}
}

void media_act_record(struct media *media, struct medium *medium)
{
	const struct medium_counter *counter = &medium->finding.facts.counter;

	/* As it now is; of a foreign medium there is none. */
	medium->said.sequence = counter->sequence;
	memcpy(medium->said.counter, counter->digest, sizeof(medium->said.counter));
	medium->tag = RECORDER_TAG_MEDIA | ++media->tags;
	medium->state = MEDIUM_STATE_RECORDING;
	if (media_tell_record(media, medium, MEDIA_EVENT_ADMITTED, 0, medium->tag) < 0)
		media_act_fail(media, medium, -ENOBUFS, "its use cannot be recorded now");
}

void media_act_mount(struct media *media, struct medium *medium)
{
	medium->tag = 0;
	medium->state = MEDIUM_STATE_MOUNTING;
	must_reach(media, medium, ask_mount(media, medium, MSG_MOUNT_MOUNT));
}

static int tell(struct media *media, struct medium *medium, int root)
{
	int r = link_send(transfer_of(media), MSG_MEDIUM, &medium->said, root, NULL);

	medium->told = true;
	media->config.changed(media->config.data, &medium->said, NULL);
	return r;
}

void media_act_expose(struct media *media, struct medium *medium, int root)
{
	medium->state = MEDIUM_STATE_USABLE;
	if (tell(media, medium, root) < 0) {
		must_reach(media, medium, -ENOBUFS);
		return;
	}
	log_info("medium in %s: may be %s", medium->block.name,
		 medium->said.right == MEDIA_RIGHT_WRITE ? "read and written" : "read");
}

/* The disk stays read-only; the helper need not hold it. */
static void let_go(struct media *media, struct medium *medium)
{
	close_disk(medium);
	if (medium->held && ask_mount(media, medium, MSG_MOUNT_RELEASE) < 0)
		medium->held = false;
}

void media_act_refuse(struct media *media, struct medium *medium)
{
	const struct policy_verdict *verdict = &medium->finding.decided.verdict;

	medium->state = MEDIUM_STATE_REFUSED;
	log_info("medium in %s refused: %s", medium->block.name, verdict->because);
	media_tell_record(media, medium, MEDIA_EVENT_REFUSED, 0, 0);
	tell(media, medium, -1);
	media->config.notice(media->config.data, NOTICE_MEDIUM_REFUSED, &medium->said,
			     verdict->because, verdict->rule);
	let_go(media, medium);
}

void media_act_fail(struct media *media, struct medium *medium, int error, const char *what)
{
	medium->state = MEDIUM_STATE_FAILED;
	medium->tag = 0;
	medium->said.cookie = medium->cookie;
	medium->said.right = MEDIA_RIGHT_NONE;
	memcpy(medium->said.port, medium->block.port, sizeof(medium->said.port));
	memcpy(medium->said.name, medium->block.name, sizeof(medium->said.name));
	snprintf(medium->said.text, sizeof(medium->said.text),
		 "This medium cannot be used: %.300s. Unplug it and plug it in again; if that does "
		 "not help, give it to the office.",
		 what);
	log_warning("medium in %s: %s (%s)", medium->block.name, what, strerror(-error));
	media_tell_record(media, medium, MEDIA_EVENT_FAILED, error, 0);
	tell(media, medium, -1);
	media->config.notice(media->config.data, NOTICE_MEDIUM_FAILED, &medium->said, what, "");
	let_go(media, medium);
}

static void take_back(struct media *media, struct medium *medium, bool pulled, const char *why)
{
	struct msg_medium_gone gone = { .cookie = medium->cookie, .pulled = pulled };

	if (!medium->told)
		return;
	medium->told = false;
	snprintf(gone.text, sizeof(gone.text), "%s", why);
	link_send(transfer_of(media), MSG_MEDIUM_GONE, &gone, -1, NULL);
	media->config.changed(media->config.data, &medium->said, &gone);
}

void media_act_leave(struct media *media, struct medium *medium, bool pulled, const char *why)
{
	/* From counting on it has been touched, and what becomes of it is put down. */
	bool used = medium->state >= MEDIUM_STATE_COUNTING && medium->state <= MEDIUM_STATE_USABLE;

	if (medium->state == MEDIUM_STATE_LEAVING)
		return;
	if (used) {
		snprintf(medium->said.text, sizeof(medium->said.text), "%s", why);
		media_tell_record(media, medium, pulled ? MEDIA_EVENT_PULLED : MEDIA_EVENT_RELEASED,
				  0, 0);
	}
	take_back(media, medium, pulled, why);
	close_disk(medium);
	medium->tag = 0;
	medium->state = MEDIUM_STATE_LEAVING;
	if (!medium->held || ask_mount(media, medium, MSG_MOUNT_RELEASE) < 0)
		media_act_left(media, medium);
}

void media_act_left(struct media *media, struct medium *medium)
{
	struct medium **at = &media->head;

	medium->held = false;
	if (medium->state != MEDIUM_STATE_LEAVING)
		return;
	if (!medium->gone) {
		medium->state = MEDIUM_STATE_IDLE;
		media_act_start(media, medium);
		return;
	}
	while (*at != medium)
		at = &(*at)->next;
	*at = medium->next;
	media->count--;
	close_disk(medium);
	free(medium);
}
