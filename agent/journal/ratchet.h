/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ratchet's state on the disk: which entry is due, and the one key that can sign it.
 *
 * File `key`, mode 0600, two slots of one block each. A store goes to the slot that is not the
 * current one, so a torn write leaves the other; the slot before is then wiped, so that the key of
 * entries already written is nowhere any more. The order of one commit is
 *
 *	1. lines to the log, fdatasync: the entries are durable and acknowledged
 *	2. new state to the other slot, fdatasync
 *	3. the old slot zeroed, fdatasync
 *
 * After a crash before 2 the log is ahead: the old key confirms the lines after `offset` and is
 * evolved over them. The log can never be behind the key unless someone shortened it.
 * On a disk that moves blocks when they are overwritten (flash), old keys may outlive the wipe for
 * whoever takes the disk apart.
 *
 * K_0 of an epoch also stands in the file `initial-key`, mode 0600, until an office keeps it: see sealing.h.
 * While it does, root on this machine can forge entries that no receipt covers.
 */
#ifndef AIRGAP_JOURNAL_RATCHET_H
#define AIRGAP_JOURNAL_RATCHET_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/journal/journal_io.h"
#include "agent/lib/journal_file.h"

#define RATCHET_FILE	  "key"
#define RATCHET_SLOT_SIZE 4096

struct ratchet_state {
	uint64_t epoch;
	uint64_t seq;	    /* of the entry due next */
	uint64_t offset;    /* of that entry in the log */
	uint64_t lost;	    /* entries lost since the log began */
	uint64_t told;	    /* of these, already named by an entry of kind loss */
	uint64_t cause;	    /* why this epoch began: enum recover_damage; until its first entry */
	uint64_t first;	    /* entry that the log's first line holds: those before were pruned */
	uint64_t receipted; /* entries that the office confirmed and an anchor names */
	/* A copy without the first prune_bytes may have the log's name: it begins with entry ... */
	uint64_t prune_first; /* ... of this number; 0: there is none */
	uint64_t prune_bytes;
	uint8_t key[JOURNAL_KEY_SIZE];	 /* K_seq */
	uint8_t leaf[JOURNAL_LEAF_SIZE]; /* of entry seq - 1 */
	struct tlog_tree tree;		 /* of all entries; its size is seq */
};

struct ratchet {
	int fd; /* -1: not open */
	uint64_t generation;
	unsigned int slot; /* the current one */
	bool wiped;	   /* the other one is empty */
	struct ratchet_state state;
};

/**
 * ratchet_create - put a fresh file with @state in place of what is there
 * @folder: path of the journal's folder
 *
 * Durable when it returns 0; else -errno.
 */
int ratchet_create(const char *folder, const struct ratchet_state *state);

/**
 * ratchet_open - read the newer of the valid slots
 * @folder: descriptor of the journal's folder
 *
 * The file stays locked until ratchet_close(). Returns 0; -ENOENT; -EBADMSG: no valid slot;
 * -EWOULDBLOCK: another journald holds it; another -errno.
 */
int ratchet_open(struct ratchet *ratchet, int folder);

/* ratchet_store - make ratchet->state durable; -errno: the former state stands */
int ratchet_store(struct ratchet *ratchet, const struct journal_io *io);

/* ratchet_wipe - overwrite the state before the current one, once; 0 or -errno */
int ratchet_wipe(struct ratchet *ratchet, const struct journal_io *io);

/* ratchet_close - the state in memory stays; wiping it is the caller's. */
void ratchet_close(struct ratchet *ratchet);

#endif
