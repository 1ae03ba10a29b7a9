// SPDX-License-Identifier: GPL-2.0-or-later
/* add-entries: packages of entries, each proved to be part of the pending checkpoint. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/digest.h"
#include "agent/lib/tlog/tlog_subtree.h"
#include "agent/office/evidence.h"
#include "agent/office/ingest_answer.h"
#include "agent/office/intake.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"

struct entry {
	const uint8_t *bytes;
	size_t length;
};

struct taking {
	const struct ingest *ingest;
	struct store_terminal terminal;
	struct store_head head;
	struct ingest_answer *answer;
	struct intake intake;
	uint32_t packages;
	/* of the bundle at hand */
	uint8_t *held; /* entries that were there before; NULL: none are needed */
	size_t held_length;
	uint32_t held_width;
	struct tlog_hash leaves[STORE_BUNDLE_WIDTH];
	struct entry entries[STORE_BUNDLE_WIDTH];
};

static int answer_info(const struct taking *taking, unsigned int status)
{
	return ingest_answer_type(taking->answer, status, INGEST_TYPE_MIRROR_INFO,
				  "%" PRIu64 "\n%" PRIu64 "\n\n", taking->head.pending_size,
				  taking->head.next);
}

static int split(const uint8_t *data, size_t size, uint32_t from, uint32_t to,
		 struct taking *taking)
{
	size_t at = 0;

	for (uint32_t i = from; i < to; i++) {
		struct entry *entry = &taking->entries[i];

		if (tlog_tile_next_entry(data, size, &at, &entry->bytes, &entry->length) != 1)
			return -EBADMSG;
		digest_leaf(entry->bytes, entry->length, &taking->leaves[i]);
	}
	return 0;
}

/* What stands for an entry is the terminal's word, or anybody's who carried it. */
static bool signed_all(const struct taking *taking, uint32_t from, uint32_t to)
{
	struct tlog_key log;

	if (tlog_key_make(&log, TLOG_KEY_NOTE, taking->terminal.origin, taking->terminal.log_key) <
	    0)
		return false;
	for (uint32_t i = from; i < to; i++)
		if (digest_unsigned(taking->entries[i].bytes, taking->entries[i].length, &log))
			return false;
	return true;
}

/* Entries of the bundle that the package leaves out because the office has them. */
static int fetch_held(struct taking *taking, const struct ingest_package *package, uint32_t from)
{
	int r;

	free(taking->held);
	taking->held = NULL;
	if (from == 0)
		return 0;
	r = store_bundle_get(taking->ingest->store, taking->terminal.id, package->bundle,
			     &taking->held, &taking->held_length, &taking->held_width);
	if (r == 0 && taking->held_width < from)
		r = -EBADMSG;
	return r < 0 ? r : split(taking->held, taking->held_length, 0, from, taking);
}

/* Does the package, after what is held of its bundle, belong to the pending checkpoint? */
static bool proved(const struct taking *taking, const struct ingest_package *package,
		   uint32_t width)
{
	struct tlog_tree tree = { 0 };
	struct tlog_hash node, root;

	for (uint32_t i = 0; i < width; i++)
		tlog_tree_append(&tree, &taking->leaves[i]);
	tlog_tree_root(&tree, &node);
	memcpy(root.bytes, taking->head.pending_root, sizeof(root.bytes));
	return tlog_subtree_check(&package->proof, package->bundle * STORE_BUNDLE_WIDTH,
				  package->end, &node, taking->head.pending_size, &root) == 0;
}

static int save_bundle(struct taking *taking, uint64_t bundle)
{
	size_t size = 0, used = 0;
	uint8_t *data;
	int r = 0;

	for (uint32_t i = 0; i < STORE_BUNDLE_WIDTH; i++)
		size += taking->entries[i].length + 2;
	data = malloc(size);
	if (!data)
		return -ENOMEM;
	for (uint32_t i = 0; r == 0 && i < STORE_BUNDLE_WIDTH; i++)
		r = tlog_tile_put_entry(data, size, &used, taking->entries[i].bytes,
					taking->entries[i].length);
	if (r == 0)
		r = mirror_full_bundle(taking->ingest->store, taking->terminal.id, bundle, data,
				       used, taking->leaves);
	free(data);
	return r;
}

static int save(struct taking *taking, const struct ingest_package *package, uint32_t width)
{
	uint64_t base = package->bundle * STORE_BUNDLE_WIDTH;
	uint32_t first = taking->head.next > base ? (uint32_t)(taking->head.next - base) : 0;
	int r = 0;

	/* All of it is there already. */
	if (package->end <= taking->head.next)
		return 0;
	if (width == STORE_BUNDLE_WIDTH)
		r = save_bundle(taking, package->bundle);
	for (uint32_t i = first; r == 0 && i < width; i++) {
		if (width < STORE_BUNDLE_WIDTH)
			r = store_entry_add(taking->ingest->store, taking->terminal.id, base + i,
					    taking->entries[i].bytes, taking->entries[i].length);
		if (r == 0)
			r = intake_entry(&taking->intake, base + i,
					 (const char *)taking->entries[i].bytes,
					 taking->entries[i].length);
	}
	taking->answer->added += package->end - taking->head.next;
	taking->head.next = package->end;
	return r;
}

/* 1: go on; 0: the answer says why not; or -errno */
static int take_package(struct taking *taking, const struct ingest_package *package)
{
	uint32_t from = (uint32_t)(package->start % STORE_BUNDLE_WIDTH);
	uint32_t width = (uint32_t)(package->end - package->bundle * STORE_BUNDLE_WIDTH);
	int r = fetch_held(taking, package, from);

	if (r == 0)
		r = split(package->entries, package->entries_length, from, width, taking);
	if (r < 0)
		return r;
	if (!proved(taking, package, width) || !signed_all(taking, from, width))
		return ingest_answer(taking->answer, 422,
				     "entries %" PRIu64 " to %" PRIu64
				     " are not those of the checkpoint\n",
				     package->start, package->end - 1);
	r = save(taking, package, width);
	return r < 0 ? r : 1;
}

static int receipt(struct taking *taking)
{
	const struct keys *keys = taking->ingest->keys;
	char line[TLOG_SIGNATURE_LINE_SIZE], *note = NULL, *signed_note = NULL;
	const char *end;
	size_t length = 0;
	int r = store_head_note(taking->ingest->store, taking->terminal.id, true, &note, &length);

	/* Entries, even none, without a checkpoint before them. */
	if (r == -ENOENT)
		return answer_info(taking, taking->ingest->online ? 409 : 202);
	if (r < 0)
		return r;
	end = strstr(note, "\n\n");
	r = end && tlog_note_sign(line, &keys->cosigner, keys->cosign_secret,
				  (uint64_t)(taking->ingest->now_us / 1000000), note,
				  (size_t)(end + 1 - note)) > 0
		    ? 0
		    : -EBADMSG;
	if (r == 0 && asprintf(&signed_note, "%s%s", note, line) < 0) {
		signed_note = NULL;
		r = -ENOMEM;
	}
	if (r == 0)
		r = store_head_receipt(taking->ingest->store, taking->terminal.id,
				       taking->head.pending_size, taking->ingest->now_us,
				       signed_note, strlen(signed_note));
	free(signed_note);
	free(note);
	return r < 0 ? r
		     : ingest_answer_type(taking->answer, 200, INGEST_TYPE_SIGNATURES, "%s", line);
}

static int take_all(struct taking *taking, struct ingest_upload *upload)
{
	struct ingest_package package;
	int r = 0;

	/* More than that is left for the next request. */
	while (taking->packages < INGEST_PACKAGES_MAX &&
	       (r = ingest_next_package(upload, &package)) == 1) {
		taking->packages++;
		r = take_package(taking, &package);
		if (r <= 0)
			return r;
	}
	/* Bytes of a package that was cut off are nothing; the next request brings it whole. */
	if (r < 0 && taking->packages == 0)
		return ingest_answer(taking->answer, 400, "the request holds no whole package\n");
	return 0;
}

/* A bundle says again what came before: passed over, up to the bundle that is not full yet. */
static void pass_over(const struct taking *taking, struct ingest_upload *upload)
{
	struct ingest_package package;

	while (!taking->ingest->online && upload->start + STORE_BUNDLE_WIDTH <= taking->head.next &&
	       ingest_next_package(upload, &package) == 1)
		;
}

static int find(struct taking *taking, const struct ingest_upload *upload)
{
	int r = store_terminal_by_origin(taking->ingest->store, upload->origin, &taking->terminal);

	if (r == -ENOENT)
		return ingest_answer(taking->answer, 404, "no log of this origin is registered\n");
	if (r < 0)
		return r;
	taking->answer->terminal = taking->terminal.id;
	r = ingest_admit(taking->ingest, &taking->terminal, taking->answer);
	if (r == 0 && taking->answer->status == 0)
		r = store_head_get(taking->ingest->store, taking->terminal.id, &taking->head);
	return r;
}

static int run(struct taking *taking, struct ingest_upload *upload)
{
	int r = find(taking, upload);

	if (r < 0 || taking->answer->status)
		return r;
	pass_over(taking, upload);
	if (upload->end != taking->head.pending_size || upload->start > taking->head.next ||
	    upload->start + STORE_BUNDLE_WIDTH <= taking->head.next)
		return answer_info(taking, taking->ingest->online ? 409 : 202);
	intake_begin(&taking->intake, taking->ingest, &taking->terminal);
	r = take_all(taking, upload);
	if (r < 0)
		return r;
	/* What was taken before a package that fails stays: it was proved. */
	if (taking->answer->status == 0 || taking->answer->added > 0)
		r = intake_end(&taking->intake);
	if (r < 0 || taking->answer->status)
		return r;
	if (taking->head.next < taking->head.pending_size)
		return answer_info(taking, 202);
	return receipt(taking);
}

int ingest_entries(const struct ingest *ingest, const void *body, size_t length,
		   struct ingest_answer *answer)
{
	struct ingest_upload upload;
	struct taking *taking;
	int r;

	*answer = (struct ingest_answer){ 0 };
	if (length > INGEST_BODY_MAX)
		return ingest_answer(answer, 413, "at most %zu bytes a request\n", INGEST_BODY_MAX);
	if (ingest_parse_upload(body, length, &upload) < 0)
		return ingest_answer(answer, 400, "the request is not in the mirror form\n");
	taking = calloc(1, sizeof(*taking));
	if (!taking)
		return -ENOMEM;
	taking->ingest = ingest;
	taking->answer = answer;
	r = run(taking, &upload);
	free(taking->held);
	free(taking);
	return r;
}
