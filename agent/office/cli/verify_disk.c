// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgap-office verify NUMBER FOLDER: a journal as a disk came back with it, against what was reported and, with
 * the first key that only the office has, mac by mac.
 */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/file.h"
#include "agent/lib/journal_tree.h"
#include "agent/lib/log.h"
#include "agent/office/cli/verify_disk.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"

struct disk {
	struct admin *admin;
	const char *folder;
	struct store_terminal terminal;
	struct store_head head;
	struct tlog_checkpoint checkpoint;
	struct journal_tree tree;
	struct journal_chain chain;
};

static int read_checkpoint(struct disk *disk)
{
	char path[PATH_MAX];
	struct tlog_key key;
	uint8_t *note = NULL;
	size_t length = 0;
	int r = snprintf(path, sizeof(path), "%s/" JOURNAL_FILE_CHECKPOINT, disk->folder) >=
				(int)sizeof(path)
			? -ENAMETOOLONG
			: file_read(path, TLOG_NOTE_MAX, &note, &length);

	if (r < 0) {
		log_error("cannot read %s: %s; copy the folder so that user airgap-office may "
			  "read it",
			  path, strerror(-r));
		return r;
	}
	r = tlog_key_make(&key, TLOG_KEY_NOTE, disk->terminal.origin, disk->terminal.log_key);
	if (r == 0)
		r = tlog_checkpoint_open((char *)note, length, &key, &disk->checkpoint, NULL);
	free(note);
	return r;
}

/* The key that was due at the first line that is left, from K_0 on. */
static int begin_chain(struct disk *disk)
{
	struct journal_chain *chain = &disk->chain;

	if (!verify_first_key(disk->admin, &disk->terminal, chain)) {
		chain->keyless = true;
		chain->seq = 0;
	}
	for (; chain->seq < disk->tree.first; chain->seq++)
		journal_evolve(chain->key);
	return journal_tree_edge(&disk->tree, disk->tree.first, &chain->tree);
}

static bool same_root(struct disk *disk, uint64_t size, const uint8_t root[static 32])
{
	struct tlog_source source = journal_tree_source(&disk->tree);
	struct tlog_hash found;

	return tlog_proof_root(&source, size, &found) == 0 &&
	       memcmp(found.bytes, root, sizeof(found.bytes)) == 0;
}

static const char *check(struct disk *disk)
{
	enum journal_fault fault = JOURNAL_SOUND;

	if (disk->head.size > disk->checkpoint.size)
		return "it is shorter than what was reported: it was cut, or set back";
	if (begin_chain(disk) < 0)
		return "what was pruned has no tiles";
	if (disk->head.size > 0 && !same_root(disk, disk->head.size, disk->head.root))
		return "its entries are not those that were reported";
	if (!same_root(disk, disk->checkpoint.size, disk->checkpoint.root.bytes))
		return "its entries are not those that it was signed over";
	if (journal_chain_walk(&disk->chain, disk->tree.fd, 0, &fault) < 0)
		return "it cannot be read to its end";
	return fault == JOURNAL_SOUND || fault == JOURNAL_FAULT_TAIL ? NULL
								     : journal_fault_text(fault);
}

int verify_disk(struct admin *admin, const char *number, const char *folder)
{
	struct disk disk = { .admin = admin, .folder = folder };
	const char *fault;
	int r = store_terminal_latest(admin->store, number, &disk.terminal);

	if (r < 0)
		log_error("no terminal '%s' is registered", number);
	if (r == 0)
		r = store_head_get(admin->store, disk.terminal.id, &disk.head);
	if (r < 0)
		return r;
	r = read_checkpoint(&disk);
	if (r == -EKEYREJECTED || r == -ENOKEY || r == -EBADMSG) {
		printf("%s: its checkpoint is not signed by %s's key\n", folder, number);
		return -EBADMSG;
	}
	if (r == 0)
		r = journal_tree_open(&disk.tree, folder, disk.checkpoint.size);
	if (r < 0) {
		log_error("%s: %s", folder, strerror(-r));
		return r;
	}
	/* Whoever had the disk may have left the tiles and altered the lines. */
	disk.tree.distrust = true;
	fault = check(&disk);
	if (fault)
		printf("%s: after %" PRIu64 " sound entries: %s\n", folder, disk.chain.seq, fault);
	else
		printf("%s: entries %" PRIu64 " to %" PRIu64 " are sound%s; %" PRIu64
		       " of them were reported\n",
		       folder, disk.tree.first, disk.chain.seq,
		       disk.chain.keyless ? "" : ", their macs too", disk.head.size);
	journal_tree_close(&disk.tree);
	sodium_memzero(&disk.chain, sizeof(disk.chain));
	return fault ? -EBADMSG : 0;
}
