// SPDX-License-Identifier: GPL-2.0-or-later
/* How the journal fares: to the core, the system's log, and the service manager. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "agent/journal/recorder.h"
#include "agent/journal/room.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"

#define BACKOFF_MIN_US 1000000ULL

static int error_of(const struct recorder *recorder)
{
	if (recorder->spool->error)
		return recorder->spool->error;
	return recorder->full ? -ENOSPC : 0;
}

void recorder_send_status(struct recorder *recorder)
{
	struct msg_journal_status status = {
		.next = spool_seq(recorder->spool),
		.free_bytes = spool_free_bytes(recorder->spool),
		.lost = recorder->spool->ratchet.state.lost,
		.error = error_of(recorder),
		.tight = recorder->tight,
	};

	if (link_is_up(recorder->link))
		link_send(recorder->link, MSG_JOURNAL_STATUS, &status, -1, NULL);
}

static void say_error(const struct recorder *recorder, int error)
{
	if (error == 0)
		log_notice("recording again; %" PRIu64 " entries were lost so far",
			   recorder->spool->ratchet.state.lost);
	else if (error == -ENOSPC)
		log_error("no room in %s: permits are refused until there is; free some space",
			  recorder->spool->folder);
	else
		log_error("cannot write the log in %s: %s; nothing is recorded and permits are "
			  "refused until that is mended",
			  recorder->spool->folder, strerror(-error));
	daemon_status("%s", error == 0 ? "recording" : strerror(-error));
}

/* Tell whoever must know when error or losses have changed, and see that it is tried again. */
void recorder_tell_changes(struct recorder *recorder)
{
	int error = error_of(recorder);
	uint64_t lost = recorder->spool->ratchet.state.lost;
	bool tight = room_is_tight(recorder->spool, recorder->tight);

	if (error != recorder->error_told)
		say_error(recorder, error);
	if (error != recorder->error_told || lost != recorder->lost_told ||
	    tight != recorder->tight) {
		recorder->tight = tight;
		recorder_send_status(recorder);
	}
	if (error != 0 && recorder->error_told == 0) {
		recorder->backoff_us = BACKOFF_MIN_US;
		sd_event_source_set_time_relative(recorder->retry, recorder->backoff_us);
		sd_event_source_set_enabled(recorder->retry, SD_EVENT_ONESHOT);
	}
	recorder->error_told = error;
	recorder->lost_told = lost;
}
