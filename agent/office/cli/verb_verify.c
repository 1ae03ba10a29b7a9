// SPDX-License-Identifier: GPL-2.0-or-later
/* airgap-office verify: is what the store holds still what was signed? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "agent/lib/age/age_stream.h"
#include "agent/lib/digest.h"
#include "agent/lib/journal_file.h"
#include "agent/lib/log.h"
#include "agent/office/admin.h"
#include "agent/office/cli/verify_disk.h"
#include "agent/office/dossier.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"

struct check {
	struct admin *admin;
	const char *number; /* NULL: all */
	unsigned int good, bad;
	struct tlog_key log_key; /* of the log at hand */
	bool keyed;		 /* the log at hand came with its first key */
	struct journal_chain chain;
	enum journal_fault fault;
};

/* K_0 was sealed to the office at registration: with it the macs of all entries can be followed. */
bool verify_first_key(struct admin *admin, const struct store_terminal *log,
		      struct journal_chain *chain)
{
	uint8_t *sealed = NULL, *text = NULL;
	size_t size = 0, length = 0;
	char copy[JOURNAL_INITIAL_KEY_SIZE] = "";
	bool found = false;

	if (store_terminal_sealed(admin->store, log->id, &sealed, &size) == 0 &&
	    age_decrypt_buffer(sealed, size, admin->keys.ring, &text, &length) == 0 &&
	    length < sizeof(copy)) {
		memcpy(copy, text, length);
		found = journal_initial_key_parse(copy, length, chain) == 0;
	}
	if (text)
		sodium_memzero(text, length);
	sodium_memzero(copy, sizeof(copy));
	free(text);
	free(sealed);
	return found;
}

static void find_key(struct check *check, const struct store_terminal *log)
{
	check->fault = JOURNAL_SOUND;
	check->keyed = verify_first_key(check->admin, log, &check->chain);
}

static void follow(struct check *check, const uint8_t *entry, size_t length)
{
	struct journal_chain *chain = &check->chain;
	struct journal_head head;
	struct digest digest;

	if (!check->keyed || check->fault != JOURNAL_SOUND)
		return;
	if (digest_parse(entry, length, &digest) < 0) {
		check->fault = journal_chain_step(chain, (const char *)entry, length, &head);
		return;
	}
	/* The mac is in the entry, which the terminal keeps; the key goes on with it. */
	journal_evolve(chain->key);
	tlog_tree_append(&chain->tree, &digest.leaf);
	memcpy(chain->leaf, digest.leaf.bytes, sizeof(chain->leaf));
	chain->seq++;
}

/* The entries of one bundle into the tree; full bundles must agree with their tile. */
static int add_bundle(struct check *check, const struct store_terminal *log, struct tlog_tree *tree)
{
	struct tlog_hash leaf, stored[TLOG_TILE_WIDTH];
	uint64_t n = tree->size / STORE_BUNDLE_WIDTH;
	uint8_t *data = NULL;
	const uint8_t *entry;
	size_t size = 0, at = 0, length;
	uint32_t width = 0;
	int r = store_bundle_get(check->admin->store, log->id, n, &data, &size, &width);
	bool tile = r == 0 && width == STORE_BUNDLE_WIDTH;

	if (tile)
		r = store_tile_get(check->admin->store, log->id, 0, n, stored);
	for (uint32_t i = 0; r == 0 && i < width && tree->size < log->size; i++) {
		r = tlog_tile_next_entry(data, size, &at, &entry, &length) == 1 ? 0 : -EBADMSG;
		if (r < 0)
			break;
		digest_leaf(entry, length, &leaf);
		if ((tile && !tlog_hash_same(&leaf, &stored[i])) ||
		    digest_unsigned(entry, length, &check->log_key))
			r = -EBADMSG;
		tlog_tree_append(tree, &leaf);
		follow(check, entry, length);
	}
	if (r == 0 && width == 0)
		r = -EBADMSG;
	free(data);
	return r;
}

static const char *check_log(struct check *check, const struct store_terminal *log)
{
	struct tlog_tree tree = { 0 };
	struct tlog_checkpoint checkpoint;
	struct tlog_note note;
	struct tlog_hash root;
	char *text = NULL;
	size_t length = 0;
	const char *fault = NULL;

	check->keyed = false;
	if (log->size == 0)
		return NULL;
	if (store_head_note(check->admin->store, log->id, false, &text, &length) < 0)
		return "its checkpoint is missing";
	find_key(check, log);
	if (tlog_key_make(&check->log_key, TLOG_KEY_NOTE, log->origin, log->log_key) < 0 ||
	    tlog_checkpoint_open(text, length, &check->log_key, &checkpoint, &note) < 0)
		fault = "its checkpoint is not signed by the log's key";
	else if (tlog_note_verify(&note, &check->admin->keys.cosigner, NULL) < 0)
		fault = "the receipt is not this office's";
	while (!fault && tree.size < log->size)
		if (add_bundle(check, log, &tree) < 0)
			fault = "an entry is missing or altered";
	tlog_tree_root(&tree, &root);
	if (!fault && (checkpoint.size != log->size || !tlog_hash_same(&root, &checkpoint.root)))
		fault = "the entries are not those that were signed";
	if (!fault && check->fault != JOURNAL_SOUND)
		fault = journal_fault_text(check->fault);
	sodium_memzero(&check->chain, sizeof(check->chain));
	if (fault)
		printf("%s: after %" PRIu64 " sound entries: ", log->origin, tree.size);
	free(text);
	return fault;
}

static int check_one(void *data, const struct store_terminal *log)
{
	struct check *check = data;
	const char *fault;

	if (check->number && strcmp(check->number, log->number) != 0)
		return 0;
	fault = check_log(check, log);
	if (fault)
		printf("%s\n", fault);
	else
		printf("%s: %" PRIu64 " entries, sound%s\n", log->origin, log->size,
		       check->keyed ? ", their macs too" : "");
	check->bad += fault != NULL;
	check->good += fault == NULL;
	return 0;
}

/* A folder with one event: no store, no office is needed. */
static int verify_dossier(const char *path, const char *key)
{
	struct dossier_result result;
	int r = dossier_check(path, key, &result);

	if (r == 0)
		printf("%s: %u entries proved, %u signatures of officers hold\nreceipts by %s%s\n",
		       path, result.entries, result.signatures, result.office,
		       key ? "" : "\ncompare that key with the one that policies name");
	else if (!result.reason[0] && r == -ENOENT)
		log_error("%s is no folder that 'airgap-office incidents evidence' wrote: files of "
			  "it are missing",
			  path);
	else
		log_error("%s does not hold: %s", path,
			  result.reason[0] ? result.reason : strerror(-r));
	return r < 0;
}

int verb_verify(const struct office_call *call)
{
	struct admin admin;
	struct check check = { .admin = &admin };
	int r;

	if (call->argc > 1 && strchr(call->argv[1], '/') && call->argc <= 3)
		return verify_dossier(call->argv[1], call->argc == 3 ? call->argv[2] : NULL);
	if (call->argc > 3)
		return office_usage("verify");
	if (call->argc == 3) {
		r = admin_open(&admin, call);
		if (r == 0)
			r = verify_disk(&admin, call->argv[1], call->argv[2]);
		admin_close(&admin);
		return r < 0;
	}
	check.number = call->argc == 2 ? call->argv[1] : NULL;
	r = admin_open(&admin, call);
	if (r == 0)
		r = store_check(admin.store);
	if (r == -EBADMSG)
		log_error("the database finds itself damaged: %s", store_reason(admin.store));
	if (r == 0)
		r = store_terminal_each(admin.store, check_one, &check);
	if (r == 0 && check.good + check.bad == 0)
		log_error("there is no log of '%s'", call->argv[1]);
	admin_close(&admin);
	return r < 0 || check.bad > 0 || check.good == 0;
}
