// SPDX-License-Identifier: GPL-2.0-or-later
/* What an entry says of a transfer: enough for the office to bring both of its sides together. */
#include "agent/journal/entry_json.h"
#include "agent/lib/msg.h"
#include "agent/lib/usb_json.h"

#define TEXT(array) entry_text(array, sizeof(array))
#define HEX(array)  entry_hex(array, sizeof(array))

static const char *const actions[TRANSFER_EVENT_COUNT] = {
	[TRANSFER_EVENT_REQUESTED] = "requested",     [TRANSFER_EVENT_APPROVED] = "approved",
	[TRANSFER_EVENT_PERMITTED] = "permitted",     [TRANSFER_EVENT_EXPORTED] = "exported",
	[TRANSFER_EVENT_IMPORTED] = "imported",	      [TRANSFER_EVENT_REFUSED] = "refused",
	[TRANSFER_EVENT_QUARANTINED] = "quarantined", [TRANSFER_EVENT_INTERRUPTED] = "interrupted",
	[TRANSFER_EVENT_CANCELLED] = "cancelled",     [TRANSFER_EVENT_EXPIRED] = "expired",
	[TRANSFER_EVENT_OPENED] = "opened",
};

static json_t *medium_json(const struct msg_record_transfer *transfer)
{
	return json_pack("{s:s, s:o, s:I}", "medium_kind",
			 transfer_medium_name(transfer->medium_kind), "medium",
			 HEX(transfer->medium), "sequence", entry_number(transfer->sequence));
}

static json_t *batch_json(const struct msg_record_transfer *transfer)
{
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "action",
		transfer->event < TRANSFER_EVENT_COUNT ? actions[transfer->event] : "unknown",
		"batch", HEX(transfer->batch), "manifest", HEX(transfer->manifest), "slip",
		HEX(transfer->slip), "direction", transfer_direction_name(transfer->direction),
		"level", TEXT(transfer->level), "unit", TEXT(transfer->unit), "peer",
		TEXT(transfer->peer), "peer_position", entry_number(transfer->peer_position),
		"files", (json_int_t)transfer->files, "types", TEXT(transfer->types), "names",
		TEXT(transfer->names));
}

json_t *entry_transfer(const void *body)
{
	const struct msg_record_transfer *transfer = body;
	json_t *event = json_pack("{s:s, s:I}", "type", "transfer", "occurred_us",
				  entry_number(transfer->record.occurred_us));
	json_t *batch = batch_json(transfer), *medium = medium_json(transfer);
	json_t *rest =
		json_pack("{s:I, s:I, s:o, s:o, s:o, s:o}", "size", entry_number(transfer->size),
			  "uid", (json_int_t)transfer->uid, "login", TEXT(transfer->login), "rule",
			  TEXT(transfer->rule), "error", usb_json_error(transfer->error), "text",
			  TEXT(transfer->text));

	if (!event || !batch || !medium || !rest || json_object_update(event, batch) < 0 ||
	    json_object_update(event, medium) < 0 || json_object_update(event, rest) < 0) {
		json_decref(event);
		event = NULL;
	}
	json_decref(batch);
	json_decref(medium);
	json_decref(rest);
	return event;
}
