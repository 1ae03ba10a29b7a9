// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/digest.h"

#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "agent/lib/msg_record.h"

#define WORD_MAX 40

/* Where each type of event says what happened, in a word of ours. */
static const struct {
	const char *type, *object, *member;
} words[] = {
	{ "usb", "outcome", "state" },	  { "link", "outcome", "state" },
	{ "network", NULL, "violation" }, { "policy", NULL, "action" },
	{ "note", NULL, "name" },	  { "transfer", NULL, "action" },
	{ "media", NULL, "action" },
};

/* A word of ours, or none: a text that slipped into its place does not pass. */
static const char *word_of(const json_t *object, const char *member)
{
	const char *word = json_string_value(json_object_get(object, member));
	size_t length = word ? strlen(word) : 0;

	return length > 0 && length <= WORD_MAX &&
			       strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length
		       ? word
		       : "";
}

static int put_event(const struct journal_head *head, char *text, size_t size)
{
	json_t *event = json_loadb(head->event, head->event_length, JSON_REJECT_DUPLICATES, NULL);
	const char *type = word_of(event, "type"), *what = "";
	int n;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].type, type) == 0)
			what = word_of(words[i].object ? json_object_get(event, words[i].object)
						       : event,
				       words[i].member);
	n = snprintf(text, size, "{\"type\":\"held\",\"of\":\"%s\",\"what\":\"%s\"}", type, what);
	json_decref(event);
	return n;
}

/* Numbers of lists and tables, and times. */
static bool tells_numbers(const struct journal_head *head)
{
	static const char bearing[] = "{\"type\":\"heartbeat\",";

	return head->kind == RECORD_KIND_HEARTBEAT && head->event_length > strlen(bearing) &&
	       memcmp(head->event, bearing, strlen(bearing)) == 0;
}

int digest_format(const char *line, size_t length, char text[static DIGEST_TEXT_MAX])
{
	/* What follows the event: a comma, the leaf, a newline. */
	const size_t close = 1 + strlen(JOURNAL_LEAF_OPEN) + 64 + strlen(JOURNAL_MAC_CLOSE) + 2;
	uint8_t leaf[JOURNAL_LEAF_SIZE];
	char hex[2 * JOURNAL_LEAF_SIZE + 1];
	struct journal_head head;
	size_t used, room;
	int n;

	if (journal_head_parse(line, length, &head) < 0)
		return -EBADMSG;
	used = (size_t)(head.event - line);
	if (used + close >= DIGEST_TEXT_MAX)
		return -EBADMSG;
	room = DIGEST_TEXT_MAX - used - close;
	memcpy(text, line, used);
	if (tells_numbers(&head))
		n = snprintf(text + used, room, "%.*s", (int)head.event_length, head.event);
	else
		n = put_event(&head, text + used, room);
	if (n < 0 || (size_t)n >= room)
		return -EBADMSG;
	used += (size_t)n;
	journal_leaf(leaf, line, length);
	sodium_bin2hex(hex, sizeof(hex), leaf, sizeof(leaf));
	n = snprintf(text + used, DIGEST_TEXT_MAX - used,
		     "," JOURNAL_LEAF_OPEN "%s" JOURNAL_MAC_CLOSE "\n", hex);
	return (int)used + n;
}

int digest_parse(const void *data, size_t length, struct digest *digest)
{
	const char *newline = length ? memchr(data, '\n', length) : NULL;

	if (!newline || length > DIGEST_NOTE_MAX ||
	    tlog_note_parse(data, length, &digest->note) < 0)
		return -EBADMSG;
	digest->text = data;
	digest->text_length = (size_t)(newline - digest->text);
	/* One line, and nothing else that was signed. */
	if (digest->text_length + 1 != digest->note.text_length ||
	    journal_head_parse_held(digest->text, digest->text_length, &digest->head) < 0)
		return -EBADMSG;
	memcpy(digest->leaf.bytes, digest->head.mac, sizeof(digest->leaf.bytes));
	return 0;
}

bool digest_unsigned(const void *entry, size_t length, const struct tlog_key *log)
{
	struct digest digest;

	return digest_parse(entry, length, &digest) == 0 &&
	       tlog_note_verify(&digest.note, log, NULL) < 0;
}

void digest_leaf(const void *entry, size_t length, struct tlog_hash *leaf)
{
	struct digest digest;

	if (digest_parse(entry, length, &digest) == 0)
		*leaf = digest.leaf;
	else
		tlog_hash_leaf(leaf, entry, length);
}

void digest_path(uint64_t tile, char path[static TLOG_TILE_PATH_SIZE])
{
	static const char folder[] = "tile/entries";
	const struct tlog_tile bundle = { .entries = true,
					  .width = TLOG_TILE_WIDTH,
					  .index = tile };
	char name[TLOG_TILE_PATH_SIZE] = "";

	tlog_tile_path(&bundle, name);
	snprintf(path, TLOG_TILE_PATH_SIZE, JOURNAL_FILE_DIGESTS "%s", name + strlen(folder));
}
