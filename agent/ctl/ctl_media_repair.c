// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl media repair DEVICE [RECORD]: what is damaged, written anew from what is whole.
 *
 * The partition table comes from its other copy, the record from the office's file, a counter from the
 * other one, or from what this machine remembers. Nothing is invented: what has no source stays
 * damaged, and enrolling anew is what is left.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/ctl/ctl_media.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/media/media_label.h"

struct repair {
	const struct ctl *ctl;
	struct ctl_medium *medium;
	struct trust *trust;
	struct trust_account account;
	json_t *done; /* what was repaired */
};

static void note(struct repair *it, const char *what)
{
	json_array_append_new(it->done, json_string(what));
}

static int failed(const struct repair *it, const char *what, int error)
{
	ctl_error("cannot write %s to %s: %s", what, it->medium->path, strerror(-error));
	return CTL_UNREACHABLE;
}

static int repair_table(struct repair *it)
{
	struct media_reading *reading = &it->medium->reading;
	int r;

	if (reading->primary && reading->backup)
		return 0;
	r = media_label_repair(&it->medium->image, it->medium->path);
	if (r == -EBADMSG) {
		ctl_error("%s: neither copy of the partition table is whole; it has to be enrolled "
			  "anew",
			  it->medium->path);
		return CTL_BAD;
	}
	if (r < 0)
		return failed(it, "the partition table", r);
	note(it, "partition-table");
	return ctl_medium_read(it->medium);
}

static int write_record(struct repair *it, const char *path)
{
	struct trust_account account;
	struct medium_record record;
	uint8_t *bytes = NULL;
	size_t length;
	int r = ctl_medium_record(it->trust, path, &bytes, &length, &record, &account);

	if (r != 0)
		return r;
	ctl_medium_adopt(it->medium, &record);
	if (!ctl_medium_fits(it->medium, &record)) {
		r = CTL_BAD;
	} else {
		r = media_write_record(&it->medium->image, &it->medium->reading, bytes, length);
		r = r < 0 ? failed(it, "the record", r) : ctl_medium_read(it->medium);
		note(it, "record");
	}
	free(bytes);
	return r;
}

static int repair_record(struct repair *it)
{
	const char *path = it->ctl->count > 1 ? it->ctl->operands[1] : NULL;
	struct media_reading *reading = &it->medium->reading;
	int r;

	if (reading->raw_at == 0) {
		ctl_error("%s: %s", it->medium->path, medium_reason_text(MEDIUM_NOT_ENROLLED));
		return CTL_BAD;
	}
	if (media_read_verify(reading, it->trust, &it->account, NULL) < 0)
		return failed(it, "the record", -ENOMEM);
	if (reading->facts.record_state == MEDIUM_RECORD_GOOD)
		return 0;
	if (!path) {
		ctl_error("%s: its record is not good; name the file with the signed record that "
			  "the office keeps",
			  it->medium->path);
		return CTL_BAD;
	}
	r = write_record(it, path);
	if (r == 0 && media_read_verify(reading, it->trust, &it->account, NULL) < 0)
		r = failed(it, "the record", -ENOMEM);
	return r;
}

/* The counter that the next use goes on from; false when nobody knows. */
static bool last_counter(const struct repair *it, struct medium_counter *counter)
{
	const struct media_reading *reading = &it->medium->reading;
	struct medium_memory memory;

	*counter = reading->counters.counter;
	if (counter->sequence)
		return true;
	if (media_memory_load(it->ctl->root, reading->facts.record.id, &memory) < 0 ||
	    !memory.known)
		return false;
	memcpy(counter->medium, reading->facts.record.id, sizeof(counter->medium));
	memcpy(counter->digest, memory.digest, sizeof(counter->digest));
	counter->sequence = memory.sequence;
	return true;
}

static bool is_torn(const struct media_counters *counters)
{
	return counters->state[0] == MEDIA_COUNTER_DAMAGED ||
	       counters->state[1] == MEDIA_COUNTER_DAMAGED || counters->counter.sequence == 0;
}

static int repair_counter(struct repair *it)
{
	struct media_reading *reading = &it->medium->reading;
	struct medium_counter now, next;
	int r;

	if (!is_torn(&reading->counters))
		return 0;
	if (!last_counter(it, &now)) {
		ctl_error("%s: both counters are damaged, and this machine remembers neither; it "
			  "has to be enrolled anew",
			  it->medium->path);
		return CTL_BAD;
	}
	medium_counter_next(&now, &next);
	r = media_write_counter(&it->medium->image, reading, &next);
	/* Both were damaged: the other one is repaired by the use after this. */
	if (r == 0 && is_torn(&reading->counters)) {
		now = next;
		medium_counter_next(&now, &next);
		r = media_write_counter(&it->medium->image, reading, &next);
	}
	if (r < 0)
		return failed(it, "the counter", r);
	r = media_memory_save(it->ctl->root, &next);
	if (r < 0)
		ctl_error("this machine will not remember the medium's counter: %s", strerror(-r));
	note(it, "counter");
	return 0;
}

static int show(const struct repair *it)
{
	size_t count = json_array_size(it->done);

	if (it->ctl->json)
		return ctl_print_json(
			       json_pack("{s:s, s:O}", "verb", "repair", "repaired", it->done)) < 0
			       ? CTL_UNREACHABLE
			       : CTL_GOOD;
	if (count == 0)
		puts("Nothing is damaged.");
	for (size_t i = 0; i < count; i++)
		printf("Repaired: %s.\n", json_string_value(json_array_get(it->done, i)));
	if (count > 0)
		printf("Look at it with 'airgapctl media verify %s' before it is used.\n",
		       it->medium->path);
	return CTL_GOOD;
}

static int repair(struct repair *it)
{
	int r = ctl_medium_open(it->ctl, it->ctl->operands[0], it->medium);

	if (r == 0 && !it->medium->reading.primary && !it->medium->reading.backup) {
		ctl_error("%s: %s", it->medium->path, medium_reason_text(MEDIUM_NOT_ENROLLED));
		r = CTL_BAD;
	}
	/* A foreign disk with a damaged table is not ours to mend. */
	if (r == 0 && it->medium->reading.raw_at == 0) {
		ctl_error(
			"%s: %s", it->medium->path,
			medium_reason_text(it->medium->reading.facts.layout == MEDIUM_LAYOUT_FOREIGN
						   ? MEDIUM_FOREIGN_LAYOUT
						   : MEDIUM_NOT_ENROLLED));
		r = CTL_BAD;
	}
	if (r == 0)
		r = ctl_medium_claim(it->medium);
	if (r == 0)
		r = repair_table(it);
	if (r == 0)
		r = repair_record(it);
	if (r == 0)
		r = repair_counter(it);
	return r == 0 ? show(it) : r;
}

int ctl_media_repair(struct ctl *ctl)
{
	struct repair it = { .ctl = ctl, .done = json_array() };
	int r = CTL_UNREACHABLE;

	it.medium = calloc(1, sizeof(*it.medium));
	it.trust = ctl_medium_trust(ctl);
	if (it.medium && it.trust && it.done) {
		it.medium->image.fd = -1;
		r = repair(&it);
		ctl_medium_close(it.medium);
	}
	json_decref(it.done);
	free(it.medium);
	trust_free(it.trust);
	return r;
}
