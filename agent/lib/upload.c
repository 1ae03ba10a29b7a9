// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/upload.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/lib/digest.h"
#include "agent/lib/file.h"
#include "agent/lib/journal_tree.h"
#include "agent/lib/msg_record.h"
#include "agent/lib/tlog/tlog_subtree.h"

/* More new entries than this are not looked through: there is news among them. */
#define ANCHORS_MAX 16
/* A request is closed when it has as much, at the end of a package. */
#define BODY_GOOD ((size_t)2 << 20)

static int read_small(const char *folder, const char *name, size_t limit, uint8_t **data,
		      size_t *length)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return file_read(path, limit, data, length);
}

static int read_key(const char *folder, struct tlog_key *key)
{
	uint8_t *text = NULL;
	size_t length = 0;
	int r = read_small(folder, JOURNAL_FILE_KEY, TLOG_KEY_TEXT_SIZE, &text, &length);

	if (r < 0)
		return r;
	if (length > 0 && text[length - 1] == '\n')
		text[--length] = 0;
	r = strlen((char *)text) == length ? tlog_key_parse((char *)text, key) : -EBADMSG;
	free(text);
	return r;
}

/* Unless it is certainly not so. */
static bool withheld(const char *folder)
{
	char path[PATH_MAX];
	struct stat st;

	return snprintf(path, sizeof(path), "%s/" JOURNAL_FILE_WITHHELD, folder) >=
		       (int)sizeof(path) ||
	       stat(path, &st) == 0 || errno != ENOENT;
}

int upload_head(const char *folder, struct upload_head *head)
{
	uint8_t *note = NULL;
	int r = read_key(folder, &head->log);

	if (r == 0)
		r = read_small(folder, JOURNAL_FILE_CHECKPOINT, UPLOAD_NOTE_MAX - 1, &note,
			       &head->length);
	if (r < 0 || !note)
		return r == -EFBIG ? -EBADMSG : r;
	memcpy(head->note, note, head->length + 1);
	free(note);
	head->digests = withheld(folder);
	return tlog_checkpoint_open(head->note, head->length, &head->log, &head->checkpoint, NULL);
}

int upload_confirmed(const char *folder, const struct tlog_key *log, const struct tlog_key *office,
		     uint64_t *size, uint64_t *time)
{
	struct tlog_checkpoint checkpoint;
	struct tlog_note note;
	uint8_t *data = NULL;
	size_t length = 0;
	int r = read_small(folder, JOURNAL_FILE_RECEIPT, TLOG_NOTE_MAX, &data, &length);

	*size = *time = 0;
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	/* One of a former log, or of another office, confirms nothing. */
	if (tlog_checkpoint_open((char *)data, length, log, &checkpoint, &note) == 0 &&
	    tlog_note_verify(&note, office, time) == 0)
		*size = checkpoint.size;
	free(data);
	return 0;
}

bool upload_is_news(const char *folder, uint64_t from, uint64_t size)
{
	struct journal_tree tree;
	struct journal_head head = { 0 };
	const char *line;
	size_t length;
	bool news = size > from && size - from > ANCHORS_MAX;
	int r;

	if (news || size <= from)
		return news;
	r = journal_tree_open(&tree, folder, size);
	for (uint64_t seq = from; r == 0 && !news && seq < size; seq++) {
		r = journal_tree_line(&tree, seq, &line, &length);
		if (r == 0)
			r = journal_head_parse(line, length, &head);
		news = r < 0 || head.kind != RECORD_KIND_RECEIPT_ANCHOR;
	}
	journal_tree_close(&tree);
	return news || r < 0;
}

/* The proof that the signed tree goes on from its first @old entries. */
static int prove(const char *folder, const struct upload_head *head, uint64_t old, bool distrust,
		 struct tlog_proof *proof)
{
	uint64_t size = head->checkpoint.size;
	struct tlog_source source;
	struct journal_tree tree;
	struct tlog_hash root;
	int r = journal_tree_open(&tree, folder, size);

	if (r == 0) {
		tree.distrust = distrust;
		source = journal_tree_source(&tree);
		r = tlog_proof_consistency(&source, old, size, proof);
	}
	if (r == 0)
		r = tlog_proof_root(&source, old, &root);
	/* A proof that fails is taken for a rewritten log at the office: a bad tile must not make one. */
	if (r == 0)
		r = tlog_check_consistency(proof, old, &root, size, &head->checkpoint.root);
	journal_tree_close(&tree);
	return r;
}

int upload_checkpoint(const char *folder, const struct upload_head *head, uint64_t old, char **body,
		      size_t *length)
{
	uint64_t size = head->checkpoint.size;
	char text[TLOG_PROOF_TEXT_SIZE] = "";
	struct tlog_proof proof = { 0 };
	int r = 0;

	if (old > size)
		return -EINVAL;
	if (old > 0 && old < size) {
		r = prove(folder, head, old, false, &proof);
		if (r == -EBADMSG)
			r = prove(folder, head, old, true, &proof);
	}
	if (r < 0)
		return r;
	if (proof.count > 0)
		tlog_check_format(&proof, text);
	r = asprintf(body, "old %" PRIu64 "\n%s\n%s", old, text, head->note);
	if (r < 0)
		return -ENOMEM;
	*length = (size_t)r;
	return 0;
}

/* A body under construction; after an error nothing more is added. */
struct body {
	uint8_t *bytes;
	size_t used, room;
	int error;
};

static void put(struct body *body, const void *data, size_t length)
{
	uint8_t *more;

	if (body->error)
		return;
	if (body->room - body->used < length) {
		size_t room = (body->used + length) * 2;

		more = body->used + length > UPLOAD_BODY_MAX ? NULL : realloc(body->bytes, room);
		if (!more) {
			body->error = -ENOMEM;
			return;
		}
		body->bytes = more;
		body->room = room;
	}
	memcpy(body->bytes + body->used, data, length);
	body->used += length;
}

static void put_number(struct body *body, uint64_t value, unsigned int bytes)
{
	uint8_t raw[8];

	for (unsigned int i = 0; i < bytes; i++)
		raw[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
	put(body, raw, bytes);
}

/* What the office will do with the entries and the proof; as in prove(). */
static int check_package(struct tlog_source *source, const struct upload_head *head, uint64_t start,
			 uint64_t end, const struct tlog_proof *proof)
{
	struct tlog_tree tree = { 0 };
	struct tlog_hash hash;
	int r = 0;

	for (uint64_t seq = start; r == 0 && seq < end; seq++) {
		r = source->node(source->data, 0, seq, &hash);
		if (r == 0)
			tlog_tree_append(&tree, &hash);
	}
	tlog_tree_root(&tree, &hash);
	return r < 0 ? r
		     : tlog_subtree_check(proof, start, end, &hash, head->checkpoint.size,
					  &head->checkpoint.root);
}

static int put_entry(struct body *body, const void *entry, size_t length)
{
	if (length > TLOG_ENTRY_MAX)
		return -EMSGSIZE;
	put_number(body, length, 2);
	put(body, entry, length);
	return 0;
}

static int put_lines(struct body *body, struct journal_tree *tree, uint64_t start, uint64_t end)
{
	const char *line;
	size_t length;
	int r = 0;

	for (uint64_t seq = start; r == 0 && seq < end; seq++) {
		r = journal_tree_line(tree, seq, &line, &length);
		if (r == 0)
			r = put_entry(body, line, length);
	}
	return r;
}

/* One that names another leaf than the log has at its place would be refused for ever. */
static int put_digest(struct body *body, const struct tlog_source *source, uint64_t seq,
		      const uint8_t *entry, size_t length)
{
	struct digest digest;
	struct tlog_hash leaf;
	int r = digest_parse(entry, length, &digest);

	if (r == 0)
		r = source->node(source->data, 0, seq, &leaf);
	if (r == 0 && !tlog_hash_same(&leaf, &digest.leaf))
		r = -EBADMSG;
	return r < 0 ? r : put_entry(body, entry, length);
}

/* As journald made them: nothing here reads what they stand for into a request. */
static int put_digests(struct body *body, const char *folder, const struct tlog_source *source,
		       uint64_t start, uint64_t end)
{
	uint64_t seq = start / TLOG_TILE_WIDTH * TLOG_TILE_WIDTH;
	char path[TLOG_TILE_PATH_SIZE];
	uint8_t *bundle = NULL;
	const uint8_t *entry;
	size_t size = 0, at = 0, length;
	int r;

	digest_path(start / TLOG_TILE_WIDTH, path);
	r = read_small(folder, path, DIGEST_BUNDLE_MAX, &bundle, &size);
	for (; r == 0 && seq < end; seq++) {
		r = tlog_tile_next_entry(bundle, size, &at, &entry, &length) == 1 ? 0 : -ENODATA;
		if (r == 0 && seq >= start)
			r = put_digest(body, source, seq, entry, length);
	}
	free(bundle);
	return r == -ENOENT ? -ENODATA : r;
}

static int put_package(struct body *body, const char *folder, struct journal_tree *tree,
		       uint64_t start, uint64_t end, const struct upload_head *head)
{
	struct tlog_source source = journal_tree_source(tree);
	uint64_t begin = start / TLOG_TILE_WIDTH * TLOG_TILE_WIDTH;
	struct tlog_proof proof;
	int r;

	/* The proof first: it reads lines too, and reading goes forwards. */
	r = tlog_subtree_prove(&source, begin, end, head->checkpoint.size, &proof);
	if (r == 0)
		r = check_package(&source, head, begin, end, &proof);
	if (r == 0 && head->digests)
		r = put_digests(body, folder, &source, start, end);
	else if (r == 0)
		r = put_lines(body, tree, start, end);
	if (r < 0)
		return r;
	put_number(body, proof.count, 1);
	for (uint32_t i = 0; i < proof.count; i++)
		put(body, proof.hashes[i].bytes, TLOG_HASH_SIZE);
	return body->error;
}

static int make_entries(const char *folder, const struct upload_head *head, uint64_t start,
			bool distrust, uint64_t *next, uint8_t **bytes, size_t *length)
{
	uint64_t size = head->checkpoint.size;
	struct body body = { 0 };
	struct journal_tree tree;
	int r;

	if (start > size)
		return -EINVAL;
	put_number(&body, strlen(head->log.name), 2);
	put(&body, head->log.name, strlen(head->log.name));
	put_number(&body, start, 8);
	put_number(&body, size, 8);
	put_number(&body, 0, 2);
	r = journal_tree_open(&tree, folder, size);
	tree.distrust = distrust;
	for (unsigned int i = 0; r == 0 && start < size && i < UPLOAD_PACKAGES_MAX; i++) {
		uint64_t end = (start / TLOG_TILE_WIDTH + 1) * TLOG_TILE_WIDTH;
		size_t before = body.used;

		end = end < size ? end : size;
		r = put_package(&body, folder, &tree, start, end, head);
		/* One that did not go in goes into the next request. */
		if (r == -ENOMEM && i > 0) {
			body.used = before;
			body.error = r = 0;
			break;
		}
		start = end;
		if (body.used >= BODY_GOOD)
			break;
	}
	journal_tree_close(&tree);
	if (r == 0)
		r = body.error;
	if (r < 0)
		free(body.bytes);
	*bytes = r < 0 ? NULL : body.bytes;
	*length = body.used;
	if (next)
		*next = start;
	return r;
}

int upload_entries(const char *folder, const struct upload_head *head, uint64_t start,
		   uint64_t *next, uint8_t **bytes, size_t *length)
{
	int r = make_entries(folder, head, start, false, next, bytes, length);

	return r == -EBADMSG ? make_entries(folder, head, start, true, next, bytes, length) : r;
}
