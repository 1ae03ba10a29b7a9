// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/lib/log.h"
#include "agent/transfer/medium_list.h"

int64_t record_now(void)
{
	return time(NULL);
}

/* A line each; the last one is an ellipsis when not all fit. */
static void fill_names(const struct manifest *manifest, char *out, size_t size)
{
	static const char more[] = "\n\xe2\x80\xa6";
	size_t used = 0;

	for (uint32_t i = 0; i < manifest->file_count; i++) {
		const char *name = manifest->files[i].name;

		if (used + strlen(name) + 1 + sizeof(more) > size) {
			memcpy(out + used, used ? more : more + 1, sizeof(more) - (used ? 0 : 1));
			return;
		}
		used += (size_t)snprintf(out + used, size - used, "%s%s", used ? "\n" : "", name);
	}
}

void record_fill(const struct transferd *self, const struct batch *batch,
		 const struct manifest *manifest, enum transfer_event event,
		 struct msg_record_transfer *record)
{
	const char *unit = batch->unit;

	*record = (struct msg_record_transfer){
		.event = event,
		.error = batch->error,
		.uid = batch->uid,
		.files = batch->files,
		.size = batch->size,
		.sequence = batch->sequence,
		.direction = batch->direction,
		.medium_kind = batch->foreign ? TRANSFER_MEDIUM_FOREIGN
			       : batch->medium[0] == 0 && batch->sequence == 0
				       ? TRANSFER_MEDIUM_ANY
				       : TRANSFER_MEDIUM_REGISTERED,
	};
	(void)self;
	memcpy(record->batch, batch->id, sizeof(record->batch));
	memcpy(record->manifest, batch->manifest, sizeof(record->manifest));
	memcpy(record->slip, batch->slip, sizeof(record->slip));
	memcpy(record->medium, batch->medium, sizeof(record->medium));
	record->peer_position = batch->direction == TRANSFER_IN ? batch->peer_entry : 0;
	snprintf(record->level, sizeof(record->level), "%s", batch->level);
	snprintf(record->unit, sizeof(record->unit), "%s", unit);
	snprintf(record->peer, sizeof(record->peer), "%.63s", batch->peer);
	snprintf(record->login, sizeof(record->login), "%s", batch->login);
	snprintf(record->rule, sizeof(record->rule), "%s", batch->rule);
	snprintf(record->types, sizeof(record->types), "%s", batch->types);
	snprintf(record->text, sizeof(record->text), "%s", batch->text);
	if (manifest)
		fill_names(manifest, record->names, sizeof(record->names));
}

/* One event that is on its way to the journal. */
struct owed {
	struct transferd *self;
	uint8_t batch[TRANSFER_ID_SIZE];
	enum transfer_event event;
};

static void on_recorded(void *data, int error, const void *body)
{
	const struct msg_transfer_recorded *said = body;
	struct owed *owed = data;
	struct batch *batch = book_find_id(&owed->self->book, owed->batch);

	if (error == 0 && said->error < 0)
		log_error("the journal did not take what became of a transfer: %s",
			  strerror(-said->error));
	if (error == 0 && said->error == 0 && batch) {
		batch->owed &= ~(1u << owed->event);
		book_save(&owed->self->book, batch, batch->changed);
	}
	free(owed);
}

static void send_event(struct transferd *self, const struct batch *batch, enum transfer_event event)
{
	struct msg_record_transfer record;
	struct owed *owed = calloc(1, sizeof(*owed));
	struct manifest manifest;
	int r;

	if (!owed)
		return;
	*owed = (struct owed){ .self = self, .event = event };
	memcpy(owed->batch, batch->id, sizeof(owed->batch));
	r = book_load_manifest(&self->book, batch, &manifest);
	record_fill(self, batch, r == 0 ? &manifest : NULL, event, &record);
	if (r == 0)
		manifest_free(&manifest);
	/* What cannot be sent now is owed still. */
	if (core_ask(self, MSG_TRANSFER_EVENT, &record, -1, on_recorded, owed, NULL) < 0)
		free(owed);
}

int record_event(struct transferd *self, struct batch *batch, enum transfer_event event)
{
	int r;

	batch->owed |= 1u << event;
	r = book_save(&self->book, batch, record_now());
	send_event(self, batch, event);
	return r;
}

void record_owed(struct transferd *self)
{
	for (size_t i = 0; i < self->book.count; i++)
		for (uint32_t event = 0; event < TRANSFER_EVENT_COUNT; event++)
			if (self->book.batches[i]->owed & (1u << event))
				send_event(self, self->book.batches[i], event);
}

int record_ask(struct transferd *self, const struct batch *batch, enum transfer_step step,
	       uint64_t medium, core_answer *answer, void *data)
{
	const struct medium_use *use = medium_list_find(self->media, medium);
	struct msg_transfer_ask ask = { .step = step, .uid = batch->uid, .medium = medium };
	struct manifest manifest;
	int r = book_load_manifest(&self->book, batch, &manifest);

	if (r == 0) {
		r = manifest_facts(&manifest, &ask.facts);
		fill_names(&manifest, ask.names, sizeof(ask.names));
		manifest_free(&manifest);
	}
	if (r < 0)
		return r;
	memcpy(ask.batch, batch->id, sizeof(ask.batch));
	memcpy(ask.manifest, batch->manifest, sizeof(ask.manifest));
	if (batch->direction == TRANSFER_IN) {
		memcpy(ask.slip, batch->slip, sizeof(ask.slip));
		ask.peer_position = batch->peer_entry;
		snprintf(ask.peer, sizeof(ask.peer), "%.63s", batch->peer);
	}
	ask.facts.medium = batch->foreign			    ? TRANSFER_MEDIUM_FOREIGN
			   : batch->direction == TRANSFER_IN || use ? TRANSFER_MEDIUM_REGISTERED
								    : TRANSFER_MEDIUM_ANY;
	return core_ask(self, MSG_TRANSFER_ASK, &ask, -1, answer, data, NULL);
}
