// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What this terminal's journal says of a medium that is reported lost. This version records no
 * transfers, so what is on it is not in there; when it was let in, is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/ctl/ctl_door.h"
#include "agent/ctl/ctl_entry.h"
#include "agent/ctl/ctl_media.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/path.h"
#include "agent/lib/usb_json.h"

/* The journal's entries about a device hold its outcome; a permit is written before it is let in. */
static bool is_about(const struct journal_head *head, const struct table_media *row)
{
	json_t *event = json_loadb(head->event, head->event_length, JSON_REJECT_DUPLICATES, NULL);
	const json_t *facts = json_object_get(json_object_get(event, "outcome"), "facts");
	char id[16];
	bool about;

	snprintf(id, sizeof(id), "%04x:%04x", row->vendor, row->product);
	about = row->serial && strcmp(ctl_text(facts, "id"), id) == 0 &&
		strcmp(ctl_text(facts, "serial"), row->serial) == 0;
	json_decref(event);
	return about;
}

static int read_log(const struct ctl *ctl, int fd, const struct table_media *row, size_t *found)
{
	struct journal_reader reader;
	struct journal_head head;
	const char *line;
	size_t length;
	int r = journal_reader_init(&reader, fd, 0);

	if (r < 0)
		return r;
	while ((r = journal_reader_next(&reader, &line, &length)) > 0)
		if (journal_head_parse(line, length, &head) == 0 && is_about(&head, row)) {
			(*found)++;
			if (!ctl->json)
				ctl_entry_print(ctl, &head);
		}
	journal_reader_done(&reader);
	return r;
}

/* Printed, or counted for JSON. */
static int read_journal(const struct ctl *ctl, const struct table_media *row, size_t *found)
{
	char path[PATH_MAX];
	int r = path_join(path, ctl->root, PATH_JOURNAL_DIR "/" JOURNAL_FILE_LOG), fd;

	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	r = read_log(ctl, fd, row, found);
	close(fd);
	return r;
}

json_t *ctl_media_log(const struct ctl *ctl, const struct table_media *row)
{
	size_t found = 0;
	int r;

	if (!ctl->json)
		puts("What was stored on it is not recorded: this version writes no transfers into "
		     "the journal.\nWhen it was seen at this machine:");
	r = read_journal(ctl, row, &found);
	if (ctl->json)
		return json_pack("{s:b, s:o}", "records_transfers", false, "seen",
				 r < 0 ? json_null() : json_integer((json_int_t)found));
	if (r == -ENOENT)
		puts("    there is no journal here: ask the terminals that it was used at");
	else if (r < 0)
		ctl_error("the journal cannot be read: %s", strerror(-r));
	else if (found == 0)
		puts("    never, as far as its journal goes back");
	putchar('\n');
	return NULL;
}
