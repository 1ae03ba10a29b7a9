// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/journal/duties.h"

#include <errno.h>
#include <string.h>

#include "agent/journal/note.h"
#include "agent/journal/recorder.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"

/* Should it fail, the broken promise says more than anything that could be written. */
static int write_heartbeat(struct duties *duties)
{
	struct msg_record_note note;
	int r;

	if (!duties->has_bearing) {
		note_heartbeat(&note);
		return recorder_own(duties->recorder, &note);
	}
	duties->bearing.record.occurred_us = clock_boottime_us();
	r = recorder_own_record(duties->recorder, MSG_BEARING, &duties->bearing);
	duties->bearing_due = r < 0;
	return r;
}

static int on_heartbeat(sd_event_source *source, uint64_t usec, void *data)
{
	struct duties *duties = data;
	uint64_t now = clock_boottime_us();

	(void)usec;
	if (now - duties->last_us >= duties->heartbeat_us || duties->bearing_due) {
		write_heartbeat(duties);
		duties->last_us = now;
	}
	sd_event_source_set_time(source, duties->last_us + duties->heartbeat_us);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/*
 * A signature takes more of a processor than all the rest of an entry. What waits for that entry, and
 * for whatever it permits, comes first.
 */
#define QUIET_US 50000

/*
 * By then what the entry permits is open, and the entry that says so mostly there: both are sealed at
 * once. Until then the disk holds a key that could forge them, and if they were cut off nobody would know.
 */
#define SEAL_US 5000

static bool is_off(sd_event_source *source)
{
	int enabled = SD_EVENT_OFF;

	return sd_event_source_get_enabled(source, &enabled) < 0 || enabled == SD_EVENT_OFF;
}

void duties_seal(struct duties *duties)
{
	sd_event_source_set_enabled(duties->seal, SD_EVENT_OFF);
	spool_seal(duties->publish.spool);
	/* The former key is wiped then. */
	recorder_wake_idle(duties->recorder);
}

static int on_seal(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	duties_seal(data);
	return 0;
}

static int on_quiet(sd_event_source *source, uint64_t usec, void *data)
{
	struct duties *duties = data;

	(void)source;
	(void)usec;
	recorder_wake_idle(duties->recorder);
	return 0;
}

void duties_tell_counted(struct duties *duties)
{
	struct msg_record_note note;
	struct quota_key *key;

	while ((key = quota_next(&duties->quota))) {
		note_counted(&note, key->name, key->dropped);
		if (recorder_own(duties->recorder, &note) < 0)
			return;
		key->dropped = 0;
	}
}

static int on_counted(sd_event_source *source, uint64_t usec, void *data)
{
	struct duties *duties = data;

	(void)usec;
	duties_tell_counted(duties);
	/* What could not be told stays due. */
	if (!quota_next(&duties->quota))
		return 0;
	sd_event_source_set_time_relative(source, QUOTA_REPORT_S * 1000000ULL);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int duties_admit(struct duties *duties, enum msg_type type, const void *body)
{
	struct msg_record_note note;
	struct quota_key *key;
	enum quota_answer answer =
		quota_take(&duties->quota, type, body, clock_boottime_us(), &key);

	if (answer == QUOTA_WRITE)
		return 0;
	if (answer == QUOTA_ANNOUNCE) {
		note_quota(&note, key->name);
		recorder_own(duties->recorder, &note);
		sd_event_source_set_time_relative(duties->counted, QUOTA_REPORT_S * 1000000ULL);
		sd_event_source_set_enabled(duties->counted, SD_EVENT_ONESHOT);
	}
	return -EDQUOT;
}

int duties_init(struct duties *duties, struct recorder *recorder, struct spool *spool,
		sd_event *event)
{
	int r;

	*duties = (struct duties){ .recorder = recorder,
				   .spool = spool,
				   .heartbeat_us = DUTIES_HEARTBEAT_S * 1000000ULL };
	spool->next_by_s = DUTIES_PROMISE_S;
	publish_init(&duties->publish, spool, &duties->identity);
	prune_init(&duties->prune, recorder, &duties->publish);
	duties->last_us = clock_boottime_us();
	r = sd_event_add_time(event, &duties->heartbeat, CLOCK_BOOTTIME,
			      duties->last_us + duties->heartbeat_us, 0, on_heartbeat, duties);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &duties->quiet, CLOCK_MONOTONIC, 0,
					       QUIET_US / 2, on_quiet, duties);
	if (r >= 0)
		r = sd_event_source_set_enabled(duties->quiet, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &duties->seal, CLOCK_MONOTONIC, 0,
					       SEAL_US / 5, on_seal, duties);
	if (r >= 0)
		r = sd_event_source_set_enabled(duties->seal, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time_relative(event, &duties->counted, CLOCK_BOOTTIME, 0, 0,
					       on_counted, duties);
	if (r >= 0)
		r = sd_event_source_set_enabled(duties->counted, SD_EVENT_OFF);
	return r < 0 ? r : 0;
}

void duties_done(struct duties *duties)
{
	duties->quiet = sd_event_source_disable_unref(duties->quiet);
	duties->seal = sd_event_source_disable_unref(duties->seal);
	duties->heartbeat = sd_event_source_disable_unref(duties->heartbeat);
	duties->counted = sd_event_source_disable_unref(duties->counted);
	identity_done(&duties->identity);
	publish_done(&duties->publish);
	prune_done(&duties->prune);
}

void duties_start(struct duties *duties)
{
	const char *folder = duties->publish.spool->folder;

	duties->key_error = identity_open(&duties->identity, folder);
	if (duties->key_error < 0)
		log_error(
			"%s/" IDENTITY_FILE_KEY " or " IDENTITY_FILE_NUMBER
			": %s; entries are recorded, but no checkpoint is signed: call the office, "
			"which knows this terminal by its key",
			folder, strerror(-duties->key_error));
}

static void start(sd_event_source *timer, uint64_t delay_us)
{
	if (!is_off(timer))
		return;
	sd_event_source_set_time_relative(timer, delay_us);
	sd_event_source_set_enabled(timer, SD_EVENT_ONESHOT);
}

void duties_recorded(struct duties *duties)
{
	duties->last_us = clock_boottime_us();
	/* Neither is put off by each further entry: it comes while they do, too. */
	start(duties->seal, SEAL_US);
	start(duties->quiet, QUIET_US);
}

int duties_findings(struct duties *duties)
{
	struct msg_record_note note;
	int r;

	if (!duties->key_error || duties->key_told)
		return 0;
	note_key_damaged(&note, duties->key_error);
	r = recorder_own(duties->recorder, &note);
	duties->key_told = r == 0;
	return r;
}

/* The numbers alone: time and hours go on by themselves. */
static bool same_numbers(const struct msg_bearing *a, const struct msg_bearing *b)
{
	return a->list == b->list && a->record.policy_serial == b->record.policy_serial &&
	       memcmp(a->record.policy_digest, b->record.policy_digest,
		      sizeof(a->record.policy_digest)) == 0 &&
	       a->heartbeat_s == b->heartbeat_s && a->table_count == b->table_count &&
	       memcmp(a->tables, b->tables, sizeof(a->tables)) == 0;
}

/* The policy's interval is the promise; silence ends before it, for a busy machine. */
static void take_interval(struct duties *duties, uint32_t heartbeat_s)
{
	uint64_t promise_s = heartbeat_s ? heartbeat_s : DUTIES_PROMISE_S;

	duties->spool->next_by_s = (uint32_t)promise_s;
	duties->heartbeat_us = promise_s * 1000000 / DUTIES_PROMISE_S * DUTIES_HEARTBEAT_S;
	sd_event_source_set_time(duties->heartbeat, duties->last_us + duties->heartbeat_us);
	sd_event_source_set_enabled(duties->heartbeat, SD_EVENT_ONESHOT);
}

/* Without a word from a policy it stays as it was: names are not told by mistake. */
static void take_telling(struct duties *duties, uint32_t telling)
{
	int r;

	if (telling == MSG_TELLING_AS_BEFORE)
		return;
	r = publish_withhold(&duties->publish, telling == MSG_TELLING_DIGESTS);
	if (r < 0)
		log_error("%s/" JOURNAL_FILE_WITHHELD
			  ": %s; whether the office gets entries or digests cannot be changed",
			  duties->publish.spool->folder, strerror(-r));
}

void duties_bearing(struct duties *duties, const struct msg_bearing *bearing)
{
	bool news = !duties->has_bearing || !same_numbers(&duties->bearing, bearing);

	if (bearing->heartbeat_s != duties->bearing.heartbeat_s)
		take_interval(duties, bearing->heartbeat_s);
	take_telling(duties, bearing->telling);
	prune_limit(&duties->prune, bearing->spool_bytes);
	duties->bearing = *bearing;
	duties->bearing.record.kind = RECORD_KIND_HEARTBEAT;
	duties->bearing.record.grade = RECORD_GRADE_NONE;
	duties->has_bearing = true;
	if (news)
		write_heartbeat(duties);
}

void duties_terminal(struct duties *duties, const char *number)
{
	struct identity *identity = &duties->identity;
	struct msg_record_note note;
	int r = duties->key_error;

	if (r == 0)
		r = identity_learn(identity, number);
	if (r == -EEXIST && !duties->number_told) {
		note_renumbered(&note, identity->number, number);
		duties->number_told = recorder_own(duties->recorder, &note) == 0;
	} else if (r < 0 && r != -EEXIST && !duties->key_error) {
		log_warning("the terminal's number cannot be kept: %s; no checkpoint is signed",
			    strerror(-r));
	}
	if (r == 0 && !identity->key.type) {
		publish_changed(&duties->publish);
		recorder_wake_idle(duties->recorder);
	}
}

int duties_idle(struct duties *duties)
{
	struct spool *spool = duties->publish.spool;
	int r;

	/* The key of entries that are written goes first: it is what an intruder would look for. */
	if (spool_wipe(spool) < 0 || !is_off(duties->quiet))
		return 0;
	r = publish_step(&duties->publish);
	if (r == 0)
		r = prune_step(&duties->prune);
	if (r == 0)
		r = spool_ahead(spool);
	return r > 0;
}

void duties_stop(struct duties *duties)
{
	spool_seal(duties->publish.spool);
	spool_wipe(duties->publish.spool);
	while (publish_step(&duties->publish) > 0)
		;
}
