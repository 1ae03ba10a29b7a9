// SPDX-License-Identifier: GPL-2.0-or-later
/* GET: the inbox, the office's identity, and the mirrored logs for those who may read them. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/office/group.h"
#include "agent/office/inbox.h"
#include "agent/office/login.h"
#include "agent/office/mirror.h"
#include "agent/office/office.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_document.h"
#include "agent/office/wire.h"

void wire_identity(struct serve *serve, struct request *request)
{
	char note[KEYS_IDENTITY_SIZE];
	size_t length = keys_identity(&serve->keys, note);

	reply(request, 200, "text/plain; charset=utf-8", note, length);
}

void wire_inbox(struct serve *serve, struct request *request)
{
	json_t *json;
	char *text;

	if (!wire_known(request))
		return;
	json = inbox_json(serve->reader, request->terminal, false);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	if (text)
		reply(request, 200, "application/json", text, strlen(text));
	else
		reply_busy(request, 503, 5);
	free(text);
	json_decref(json);
}

struct fetch {
	struct serve *serve;
	struct request *request;
	int64_t id;
};

static int give(void *data, const struct store_document *document)
{
	struct fetch *fetch = data;
	int r;

	if (document->id != fetch->id)
		return 0;
	r = group_enter(fetch->serve->group);
	if (r == 0)
		r = store_delivery_delivered(fetch->serve->store, fetch->request->terminal,
					     document->kind, document->name, document->number,
					     office_now_us());
	if (r < 0) {
		group_break(fetch->serve->group, fetch->request, r);
		return 1;
	}
	reply(fetch->request, 200, "application/octet-stream", document->data, document->length);
	group_wait(fetch->serve->group, fetch->request);
	return 1;
}

/* Only what waits for this terminal: nobody reads another's orders. */
void wire_inbox_file(struct serve *serve, struct request *request)
{
	struct fetch fetch = { .serve = serve, .request = request };
	char *end;

	if (!wire_known(request))
		return;
	fetch.id = strtoll(request->path + strlen("/v1/inbox/"), &end, 10);
	if (*end || store_inbox_each(serve->reader, request->terminal, give, &fetch) == 0)
		reply_text(request, 404, "no such document waits for this terminal\n");
}

static void give_checkpoint(struct serve *serve, struct request *request,
			    const struct store_terminal *log)
{
	char *note = NULL;
	size_t length = 0;
	int r = store_head_note(serve->reader, log->id, false, &note, &length);

	if (r == 0)
		reply(request, 200, "text/plain; charset=utf-8", note, length);
	else
		reply_text(request, 404, "this log has no receipt yet\n");
	free(note);
}

static void give_hashes(struct serve *serve, struct request *request,
			const struct store_terminal *log, const struct tlog_tile *tile)
{
	struct tlog_hash hashes[TLOG_TILE_WIDTH];

	if (mirror_tile(serve->reader, log->id, tile, hashes) < 0)
		reply_text(request, 404, "there is no such tile\n");
	else
		reply(request, 200, "application/octet-stream", hashes,
		      tile->width * sizeof(hashes[0]));
}

static void give_bundle(struct serve *serve, struct request *request,
			const struct store_terminal *log, const struct tlog_tile *tile)
{
	uint8_t *data = NULL;
	const uint8_t *entry;
	size_t size = 0, at = 0, length;
	uint32_t width = 0, count = 0;
	int r = store_bundle_get(serve->reader, log->id, tile->index, &data, &size, &width);

	while (r == 0 && count < tile->width &&
	       tlog_tile_next_entry(data, size, &at, &entry, &length) == 1)
		count++;
	if (r < 0 || count < tile->width)
		reply_text(request, 404, "there is no such bundle\n");
	else
		reply(request, 200, "application/octet-stream", data, at);
	free(data);
}

static void give_tile(struct serve *serve, struct request *request,
		      const struct store_terminal *log, const char *path)
{
	struct tlog_tile tile;

	if (tlog_tile_parse(path, &tile) < 0 ||
	    tile.width > tlog_tile_width(log->size, tile.level, tile.index))
		reply_text(request, 404, "there is no such tile\n");
	else if (tile.entries)
		give_bundle(serve, request, log, &tile);
	else
		give_hashes(serve, request, log, &tile);
}

/* Entries name people and devices: the log's own terminal may read them, and officers. */
static bool may_read(struct serve *serve, struct request *request, const struct store_terminal *log)
{
	struct login_session session;

	return request->terminal == log->id || login_session(serve, request, &session) == 0;
}

void wire_log(struct serve *serve, struct request *request)
{
	const char *hex = request->path + strlen("/v1/");
	struct store_terminal log;
	uint8_t hash[STORE_HASH_SIZE];
	size_t used = 0;

	if (strlen(hex) < 66 || hex[64] != '/' ||
	    sodium_hex2bin(hash, sizeof(hash), hex, 64, NULL, &used, NULL) != 0 ||
	    store_terminal_by_hash(serve->reader, hash, &log) < 0)
		reply_text(request, 404, "there is no such log\n");
	else if (!may_read(serve, request, &log))
		reply_text(request, 403, "only this terminal and officers may read its log\n");
	else if (strcmp(hex + 65, "checkpoint") == 0)
		give_checkpoint(serve, request, &log);
	else
		give_tile(serve, request, &log, hex + 65);
}
