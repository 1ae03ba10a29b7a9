/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading batches from a medium. In this order, and no step is taken before the one above it held: slip
 * opened, its signature by the key of the terminal that it names, its judgement; then of every object
 * the bytes that the slip names, the content that it names, type, markings, scan. Plaintext stays in the
 * staging folder until the caller, with the core's permit, delivers it.
 *
 * An object is read once, as sticks are slow: decrypted into a file that nobody else can name while both
 * digests are computed, and discarded unless both are right. Nothing looks into it before.
 */
#ifndef AIRGAP_TRANSFER_IMPORT_H
#define AIRGAP_TRANSFER_IMPORT_H

#include <stddef.h>

#include "agent/lib/age/age_key.h"
#include "agent/transfer/object_store.h"
#include "agent/transfer/scan.h"
#include "agent/transfer/staging.h"
#include "policy/transfer/slip.h"

/* One use of a medium that this terminal saw: by a slip that it wrote or imported. */
struct import_memory {
	uint8_t medium[MEDIUM_ID_SIZE];
	uint64_t sequence;
	uint8_t counter[MEDIUM_DIGEST_SIZE];
	uint8_t batch[TRANSFER_ID_SIZE];
	uint32_t imported; /* 1: its files were delivered here */
	uint32_t reserved;
};

struct import_source {
	const struct object_store *store;
	const struct age_keyring *ring;
	const uint8_t *medium;		    /* MEDIUM_ID_SIZE bytes */
	uint64_t sequence;		    /* of its counter now */
	const char *unit;		    /* of this terminal */
	const char *level;		    /* of this terminal */
	const struct marks_labels *levels;  /* of the signers' list, lowest first */
	const struct import_memory *memory; /* @memory_count of any medium */
	size_t memory_count;
	/*
	 * The key of a terminal in table terminals: 0; -ENOENT: no such row; -EKEYREVOKED: not active.
	 * May wait.
	 */
	int (*key)(void *context, const char *terminal, uint8_t key[static 32]);
	void *context;
	const struct work *work; /* may be NULL */
};

struct import_entry {
	uint8_t batch[TRANSFER_ID_SIZE]; /* as the object is called */
	struct outcome outcome;		 /* DONE: may be imported, as far as the slip goes */
	uint32_t slip_reason;		 /* enum slip_reason, when outcome is SLIP_REFUSED */
	uint32_t verified;		 /* 1: 'slip' is what its terminal signed */
	struct slip slip;		 /* zeroed unless verified */
};

struct import_list {
	struct import_entry *entries; /* owned */
	size_t count;
	size_t others; /* slips that none of our identities opens: not listed */
};

/**
 * import_look - every slip on the medium that this terminal can open, or that is damaged
 *
 * Returns 0 with the list, which import_list_free() frees; or -errno.
 */
int import_look(const struct import_source *source, struct import_list *list,
		struct outcome *outcome);
void import_list_free(struct import_list *list);

/**
 * import_slip - the one slip of @batch, as import_look() would list it
 * @entry: filled; slip_free(&entry->slip) when done
 *
 * Returns 0 when entry->outcome is DONE, else its error.
 */
int import_slip(const struct import_source *source, const uint8_t batch[static TRANSFER_ID_SIZE],
		struct import_entry *entry);

struct import_job {
	const struct import_source *source; /* of a batch; of a foreign medium only work counts */
	const struct slip *slip;	    /* verified, from import_slip() */
	int staging;			    /* empty folder that the copies go to */
	const struct filetype *filetype;
	const struct scan_settings *scan; /* NULL: no scan is wanted */
	uint64_t keep_free;		  /* bytes that must stay free on the staging disk */
};

struct import_result {
	struct outcome outcome; /* of the first file that failed; DONE */
	uint32_t failed;	/* its number */
	uint32_t file_count;	/* that are staged, in the slip's order */
	struct staged_file *files;
	int32_t level; /* the highest marking found, as a rank; -1: none */
	char scanner[SCAN_VERSION_SIZE];
};

/**
 * import_run - decrypt, verify, type and scan all files of a slip
 *
 * Returns 0 when all are good; else -errno, and result->outcome says which was not and why. Copies that
 * decrypted well stay in the staging folder then, for quarantine_keep(); where nothing was opened, there
 * are none. import_result_free() in any case.
 */
int import_run(const struct import_job *job, struct import_result *result);

/**
 * import_foreign - the same of files from a medium that is not ours (one-way import)
 * @files: open for reading, from import_open(); @names: that they are to have
 */
int import_foreign(const struct import_job *job, const int *files, const char *const *names,
		   size_t count, struct import_result *result);

/**
 * import_open - open a file of a foreign medium that a person named
 * @root: of its read-only mount
 * @path: relative
 *
 * No symbolic link is followed, no way leads out (openat2(2)). Returns a descriptor, or -errno and
 * @outcome says why.
 */
int import_open(int root, const char *path, struct outcome *outcome);

void import_result_free(struct import_result *result);

/**
 * import_deliver - hand over all staged copies at once
 * @staging: folder in which the batch's folder @name is; @inbox: folder that it moves to, on the same
 * file system
 *
 * One rename, and fsync of both: after a power cut it is in one of them, whole. Returns 0 or -errno.
 */
int import_deliver(int staging, int inbox, const char *name);

/**
 * import_chain - what is remembered of this medium, against a slip
 *
 * Returns 0; -EEXIST: two uses of the medium have one number, so there are two copies of it; -EALREADY:
 * this batch was imported here before.
 */
int import_chain(const struct import_memory *memory, size_t count, const struct slip *slip);

#endif
