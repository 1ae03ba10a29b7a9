/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log as it is written: entries are gathered, committed together, and only then acknowledged.
 *
 * Room is taken from the file system ahead of need. The last SPOOL_RESERVE bytes of it are kept for
 * entries that report a wrong: when the disk fills, permits are refused first.
 *
 * After a failed write or fdatasync nobody knows what the disk holds, and asking again would get a
 * false yes. The spool then takes nothing until recover_open() has read the log anew, having cut it
 * to what was acknowledged.
 */
#ifndef AIRGAP_JOURNAL_SPOOL_H
#define AIRGAP_JOURNAL_SPOOL_H

#include <limits.h>
#include <stdbool.h>

#include "agent/journal/entry.h"
#include "agent/journal/journal_io.h"
#include "agent/journal/ratchet.h"
#include "agent/journal/resent.h"

#define SPOOL_RESERVE	  (1 << 20)
#define SPOOL_CHUNK	  (1 << 20) /* taken at a time, beyond the reserve */
#define SPOOL_BUFFER_SIZE (8 * JOURNAL_LINE_MAX)
#define SPOOL_GROUP_MAX	  256 /* entries of one commit */

struct spool {
	const struct journal_io *io;
	char folder[PATH_MAX];
	char boot_id[37];
	int folder_fd;
	int fd;			/* of the log; -1: not open */
	struct ratchet ratchet; /* its state: all that is committed */
	uint32_t next_by_s;	/* what entries promise; 0: nothing */
	bool withheld;		/* the office gets digests: entries are salted, digest.h */
	bool opened;		/* the state is that of a log opened before in this process */
	int error;		/* 0, or why the spool takes nothing until it is opened anew */
	off_t limit;		/* the log is not to be longer; 0: no limit */
	off_t allocated;	/* the file system has promised room up to here */
	off_t filled;		/* and blank bytes are written up to here: see room.h */
	/* the group that the next commit writes */
	uint32_t pending;
	size_t used;
	char *buffer;
	uint8_t next_key[JOURNAL_KEY_SIZE];
	uint64_t next_told;
	uint64_t next_receipted;
	size_t unhashed; /* bytes of buffer: lines that are committed, and not in the state's tree yet */
	struct resent resent;	/* the newest entries */
	uint32_t suspect;	/* so many records to come may be among them ... */
	uint64_t suspect_below; /* ... before this entry */
	uint64_t known;		/* entry of the record that was */
};

/**
 * spool_init - open the folder; the log itself is recover_open()'s
 * @boot_id: 36 characters
 *
 * Returns 0 or -errno. spool_done() after either.
 */
int spool_init(struct spool *spool, const struct journal_io *io, const char *folder,
	       const char *boot_id);
void spool_done(struct spool *spool);

/* spool_seq - sequence number of the entry that spool_append() would make */
uint64_t spool_seq(const struct spool *spool);

/**
 * spool_append - add one entry to the group
 *
 * Returns 0; -ENOBUFS: commit the group first; -ENOSPC: no room for this kind; spool->error when
 * that is set; -EEXIST: it is on the disk already, as entry spool->known; -EINVAL or -ENOMEM as entry_format().
 */
int spool_append(struct spool *spool, enum msg_type type, const void *body);

/* spool_suspect - the peer is new: what it sends may be what the former one had sent */
void spool_suspect(struct spool *spool);

/* spool_tell_losses - the entry just appended names all losses so far */
void spool_tell_losses(struct spool *spool);

/**
 * spool_commit - write the group and make it durable
 *
 * Returns 0, and the entries may be acknowledged; -errno, and none of them is in the log: -ENOSPC
 * leaves the spool usable, all else sets spool->error. The group is empty afterwards.
 */
int spool_commit(struct spool *spool);

/**
 * spool_settle - take the lines of the last commit into the state's tree
 *
 * Hashing them takes longer than all the rest of an entry, and whoever waits for that one does not wait
 * for this. Every call that needs the tree or the buffer does it first; so must who reads them.
 */
void spool_settle(struct spool *spool);

/* spool_seal - store the ratchet's state; 0, or -errno and spool->error is set */
int spool_seal(struct spool *spool);

/* spool_wipe - let the former key go; 0, or -errno and spool->error is set */
int spool_wipe(struct spool *spool);

/* spool_fail - nothing more is taken before the log is opened anew; returns @error */
int spool_fail(struct spool *spool, int error);

/* spool_room - is there room for one more entry of any kind? 0, -ENOSPC, or spool->error */
int spool_room(struct spool *spool);

/* spool_ahead - for idle times: room_ahead(), and spool->error is set when it fails */
int spool_ahead(struct spool *spool);

/* spool_free_bytes - on the file system */
uint64_t spool_free_bytes(const struct spool *spool);

/* spool_close - files only; what is committed is remembered for opening anew */
void spool_close(struct spool *spool);

/* spool_restart - begin the next group after what is committed */
void spool_restart(struct spool *spool);

#endif
