// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/log.h"

struct group {
	struct serve *serve;
	sd_event_source *timer;
	struct request *first, **last;
	unsigned int count;
	bool open;
};

static int on_timer(sd_event_source *source, uint64_t now, void *data)
{
	(void)source;
	(void)now;
	group_flush(data);
	return 0;
}

int group_new(struct serve *serve, struct group **out)
{
	struct group *group = calloc(1, sizeof(*group));
	int r;

	*out = group;
	if (!group)
		return -ENOMEM;
	group->serve = serve;
	group->last = &group->first;
	r = sd_event_add_time_relative(serve->daemon.event, &group->timer, CLOCK_MONOTONIC, 0, 1,
				       on_timer, group);
	if (r >= 0)
		r = sd_event_source_set_enabled(group->timer, SD_EVENT_OFF);
	return r < 0 ? r : 0;
}

void group_free(struct group *group)
{
	if (!group)
		return;
	group_flush(group);
	sd_event_source_disable_unref(group->timer);
	free(group);
}

int group_enter(struct group *group)
{
	int r;

	if (group->open)
		return 0;
	r = store_begin(group->serve->store);
	if (r < 0)
		return r;
	group->open = true;
	sd_event_source_set_time_relative(group->timer, GROUP_WAIT_US);
	sd_event_source_set_enabled(group->timer, SD_EVENT_ONESHOT);
	return 0;
}

static void refuse(struct request *request, int error)
{
	if (error == -ENOSPC)
		reply_text(request, 507, "the office's disk is full; keep the entries\n");
	else
		reply_busy(request, 503, 2);
}

/* Everyone's reply goes out; with @error, another one than was prepared. */
static void release(struct group *group, int error)
{
	struct request *request = group->first, *next;

	group->first = NULL;
	group->last = &group->first;
	group->count = 0;
	for (; request; request = next) {
		next = request->next;
		if (error < 0)
			refuse(request, error);
		request_release(request);
	}
}

static void judge(struct group *group, int error)
{
	if (error == -ENOSPC)
		log_error("the disk is full: reports are refused until there is room");
	else if (error == -EIO || error == -EBADMSG)
		serve_fail(group->serve, store_reason(group->serve->store));
	else if (error < 0)
		log_warning("a group of %u requests could not be written: %s", group->count,
			    store_reason(group->serve->store));
}

int group_flush(struct group *group)
{
	int r = 0;

	if (!group->open)
		return 0;
	group->open = false;
	sd_event_source_set_enabled(group->timer, SD_EVENT_OFF);
	r = store_commit(group->serve->store);
	judge(group, r);
	release(group, r);
	return r;
}

void group_wait(struct group *group, struct request *request)
{
	request->next = NULL;
	*group->last = request;
	group->last = &request->next;
	request_hold(request);
	if (++group->count >= GROUP_MAX)
		group_flush(group);
}

void group_break(struct group *group, struct request *request, int error)
{
	store_rollback(group->serve->store);
	group->open = false;
	sd_event_source_set_enabled(group->timer, SD_EVENT_OFF);
	judge(group, error);
	/* The others may come at once: nothing was wrong with them. */
	release(group, error == -ENOSPC ? error : -EAGAIN);
	if (request)
		refuse(request, error);
}
