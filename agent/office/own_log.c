// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/own_log.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/lib/printable.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_people.h"

int own_log_begin(struct store *store, const struct keys *keys, int64_t now_us)
{
	struct store_terminal own = { .number = "office",
				      .generation = 1,
				      .state = STORE_TERMINAL_OFFICE,
				      .registered_us = now_us };
	int r = store_terminal_by_origin(store, keys->log.name, &own);

	if (r != -ENOENT)
		return r;
	snprintf(own.origin, sizeof(own.origin), "%s", keys->log.name);
	crypto_hash_sha256(own.origin_hash, (const uint8_t *)own.origin, strlen(own.origin));
	memcpy(own.log_key, keys->log.public, sizeof(own.log_key));
	return store_terminal_add(store, &own, NULL, 0);
}

static char *line_of(uint64_t seq, const struct own_action *action, int64_t now_us)
{
	char stamp[64], *clean = printable_new(action->text), *line = NULL;
	time_t seconds = (time_t)(now_us / 1000000);
	struct tm utc;
	json_t *json;
	size_t n;

	gmtime_r(&seconds, &utc);
	n = strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(stamp + n, sizeof(stamp) - n, ".%06dZ", (int)(now_us % 1000000));
	json = json_pack("{s:i, s:I, s:s, s:s?, s:s, s:I, s:s?}", "v", 1, "seq", (json_int_t)seq,
			 "time", stamp, "officer", action->name, "verb", action->verb, "event",
			 (json_int_t)action->event, "text", clean);
	if (json && action->proof)
		json_object_set_new(json, "proof", json_string(action->proof));
	if (json)
		line = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(json);
	free(clean);
	return line;
}

/* The bundle is full with this entry: store it whole, with its tiles. */
static int fill_bundle(struct store *store, int64_t id, uint64_t n, const char *line)
{
	struct tlog_hash leaves[TLOG_TILE_WIDTH];
	struct tlog_tile tile = { .index = n, .width = TLOG_TILE_WIDTH - 1 };
	size_t length = 0, used, size = strlen(line);
	uint8_t *data = NULL, *more;
	uint32_t width = 0;
	int r = mirror_tile(store, id, &tile, leaves);

	if (r == 0)
		r = store_bundle_get(store, id, n, &data, &length, &width);
	if (r < 0)
		return r;
	used = length;
	more = realloc(data, length + size + 2);
	if (more)
		data = more;
	r = more ? tlog_tile_put_entry(data, length + size + 2, &used, line, size) : -ENOMEM;
	tlog_hash_leaf(&leaves[TLOG_TILE_WIDTH - 1], line, size);
	if (r == 0)
		r = mirror_full_bundle(store, id, n, data, used, leaves);
	free(data);
	return r;
}

/* Signed by the log's key and the cosigner's. */
static int sign(struct store *store, const struct keys *keys, int64_t id,
		const struct store_head *head, int64_t now_us)
{
	struct tlog_checkpoint checkpoint = { .size = head->next + 1 };
	char text[TLOG_CHECKPOINT_SIZE], first[TLOG_SIGNATURE_LINE_SIZE],
		second[TLOG_SIGNATURE_LINE_SIZE], *note = NULL;
	size_t length;
	int r = mirror_root(store, id, checkpoint.size, &checkpoint.root);

	if (r < 0)
		return r;
	snprintf(checkpoint.origin, sizeof(checkpoint.origin), "%s", keys->log.name);
	length = tlog_checkpoint_format(&checkpoint, text);
	tlog_note_sign(first, &keys->log, keys->log_secret, 0, text, length);
	tlog_note_sign(second, &keys->cosigner, keys->cosign_secret, (uint64_t)(now_us / 1000000),
		       text, length);
	if (asprintf(&note, "%s\n%s%s", text, first, second) < 0)
		return -ENOMEM;
	r = store_head_pending(store, id, head->pending_size, checkpoint.size,
			       checkpoint.root.bytes, note, strlen(note));
	if (r == 0)
		r = store_head_receipt(store, id, checkpoint.size, now_us, note, strlen(note));
	free(note);
	return r;
}

int own_log_add(struct store *store, const struct keys *keys, const struct own_action *action,
		int64_t now_us)
{
	static const uint8_t no_root[STORE_HASH_SIZE];
	struct store_terminal own = { 0 };
	struct store_head head = { 0 };
	struct store_action row = { .officer = action->officer,
				    .time_us = now_us,
				    .event = action->event,
				    .verb = action->verb,
				    .text = action->text };
	char *line = NULL;
	int r = store_terminal_by_origin(store, keys->log.name, &own);

	if (r == 0)
		r = store_head_get(store, own.id, &head);
	/* The head's row comes with its first checkpoint; make it, to count the entry. */
	if (r == 0 && head.pending_size == 0)
		r = store_head_pending(store, own.id, 0, 0, no_root, "", 0);
	if (r < 0 && r != -ESTALE)
		return r;
	line = line_of(head.next, action, now_us);
	if (!line)
		return -ENOMEM;
	row.seq = (int64_t)head.next;
	if (action->seq)
		*action->seq = row.seq;
	if (head.next % STORE_BUNDLE_WIDTH == STORE_BUNDLE_WIDTH - 1)
		r = fill_bundle(store, own.id, head.next / STORE_BUNDLE_WIDTH, line);
	else
		r = store_entry_add(store, own.id, head.next, line, strlen(line));
	free(line);
	if (r == 0)
		r = sign(store, keys, own.id, &head, now_us);
	return r < 0 ? r : store_action_add(store, &row);
}
