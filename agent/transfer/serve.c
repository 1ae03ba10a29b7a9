// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/transfer/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/log.h"
#include "agent/transfer/book.h"
#include "agent/transfer/record.h"
#include "agent/transfer/staging.h"

static void (*const verbs[DESK_VERB_COUNT])(struct desk_client *client,
					    const struct desk_request *request) = {
	[DESK_VERB_REQUEST] = serve_begin,
	[DESK_VERB_FOREIGN] = serve_begin,
	[DESK_VERB_ADD] = serve_add,
	[DESK_VERB_SEAL] = serve_seal,
	[DESK_VERB_APPROVAL] = serve_approval,
	[DESK_VERB_APPROVE] = serve_approve,
	[DESK_VERB_EXPORT] = serve_export,
	[DESK_VERB_IMPORT] = serve_import,
	[DESK_VERB_LOOK] = serve_look,
	[DESK_VERB_OPEN] = serve_open,
	[DESK_VERB_FETCH] = serve_fetch,
	[DESK_VERB_FETCHED] = serve_fetched,
	[DESK_VERB_LIST] = serve_list,
	[DESK_VERB_MEDIA] = serve_media,
	[DESK_VERB_RECIPIENT] = serve_recipient,
	[DESK_VERB_SHOW] = serve_show,
	[DESK_VERB_CANCEL] = serve_cancel,
};

void serve(struct desk_client *client, const struct desk_request *request)
{
	if (!client->login[0] && client->uid != client->self->root_user) {
		desk_fail(client, "no-login",
			  "user %u is not in /etc/passwd, and transfers are recorded by name",
			  client->uid);
		return;
	}
	verbs[request->verb](client, request);
}

struct batch *serve_batch(struct desk_client *client, const struct desk_request *request)
{
	struct batch_viewer viewer = desk_viewer(client);
	struct batch *batch;

	switch (book_find(&client->self->book, request->batch, &viewer, record_now(), &batch)) {
	case BOOK_FOUND:
		return batch;
	case BOOK_SEVERAL:
		desk_fail(client, "ambiguous",
			  "several batches begin with %s; write more digits of it", request->batch);
		return NULL;
	case BOOK_NONE:
		break;
	}
	desk_fail(
		client, "no-batch",
		"there is no batch %s that you may see; 'airgapctl transfer list' shows those that "
		"you may",
		request->batch);
	return NULL;
}

bool serve_own(struct desk_client *client, const struct batch *batch)
{
	if (client->uid == batch->uid || client->uid == client->self->root_user)
		return true;
	desk_fail(client, "not-yours", "batch %.8s is of %s, and only %s may do that", batch->name,
		  batch->login, batch->login);
	return false;
}

void serve_absent(struct desk_client *client, int error)
{
	if (error == -ENOBUFS)
		desk_fail(client, "busy", "airgapd has too much to decide; try again in a moment");
	else if (error == -ENOTCONN)
		desk_fail(client, "core-absent", "%s",
			  "airgapd does not answer, and without it nothing is transferred. Ask the "
			  "system administrator to look at 'systemctl status airgapd'");
	else
		desk_fail(client, "failed", "the batch could not be read: %s", strerror(-error));
}

const struct medium_use *serve_medium(struct desk_client *client, const char *digits,
				      enum media_kind kind, bool write)
{
	const char *what = kind == MEDIA_KIND_FOREIGN ? "foreign" : "registered";
	const struct medium_use *use, *found = NULL, *refused = NULL;
	char id[2 * MEDIUM_ID_SIZE + 1];
	unsigned int count = 0;

	for (size_t i = 0; (use = medium_list_at(client->self->media, i)); i++) {
		for (size_t k = 0; k < MEDIUM_ID_SIZE; k++)
			snprintf(id + 2 * k, 3, "%02x", use->said.id[k]);
		if (use->said.kind != kind || strncmp(id, digits, strlen(digits)) != 0)
			continue;
		if (use->root < 0 || (write && use->said.right != MEDIA_RIGHT_WRITE)) {
			refused = use;
			continue;
		}
		found = use;
		count++;
	}
	if (count == 1)
		return found;
	if (count > 1)
		desk_fail(client, "ambiguous",
			  "%u %s media are plugged in: say which one with --medium; 'airgapctl "
			  "transfer media' lists them",
			  count, what);
	else if (refused && refused->root < 0)
		desk_fail(client, "medium-refused", "%s", refused->said.text);
	else if (refused)
		desk_fail(
			client, "read-only",
			"the medium in %s may only be read on this terminal; export needs one that "
			"the policy lets be written to",
			refused->said.port);
	else
		desk_fail(client, "no-medium",
			  "no %s medium is plugged in%s%s: plug it in and try again", what,
			  *digits ? " whose id begins with " : "", digits);
	return NULL;
}

void serve_end(struct transferd *self, struct desk_client *client, struct batch *batch,
	       enum batch_state state, enum transfer_event event, const char *reason,
	       const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	vsnprintf(batch->text, sizeof(batch->text), format, args);
	va_end(args);
	snprintf(batch->reason, sizeof(batch->reason), "%s", reason);
	batch->state = state;
	if (event < TRANSFER_EVENT_COUNT)
		r = record_event(self, batch, event);
	else
		r = book_save(&self->book, batch, record_now());
	if (batch_is_over(batch) && r == 0) {
		serve_discard(self, "staging", batch);
		serve_discard(self, "inbox", batch);
	}
	if (!client)
		return;
	if (*reason)
		desk_end(client,
			 json_pack("{s:s, s:s, s:o}", "error", batch->reason, "text", batch->text,
				   "batch", serve_batch_json(batch)),
			 -1);
	else
		desk_end(client,
			 json_pack("{s:s, s:o}", "text", batch->text, "batch",
				   serve_batch_json(batch)),
			 -1);
}

int serve_folder(const struct transferd *self, const char *place, const struct batch *batch,
		 bool create)
{
	int above = openat(self->folder, place, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	int fd = -errno;

	if (above < 0)
		return fd;
	if (create && mkdirat(above, batch->name, 0700) < 0 && errno != EEXIST) {
		fd = -errno;
	} else {
		fd = openat(above, batch->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		fd = fd < 0 ? -errno : fd;
	}
	close(above);
	return fd;
}

void serve_discard(const struct transferd *self, const char *place, const struct batch *batch)
{
	char path[64 + TRANSFER_ID_TEXT];
	int fd = serve_folder(self, place, batch, false), r;

	if (fd == -ENOENT)
		return;
	r = fd < 0 ? fd : staging_discard(fd);
	if (fd >= 0)
		close(fd);
	snprintf(path, sizeof(path), "%s/%s", place, batch->name);
	if (r == 0 && unlinkat(self->folder, path, AT_REMOVEDIR) < 0)
		r = -errno;
	if (r < 0)
		log_error("copies of batch %s cannot be removed: %s", batch->name, strerror(-r));
}
