/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the journal's tests share: a log in a folder, and a disk that fails when it is told to. */
#ifndef AIRGAP_TESTS_JOURNAL_FIXTURE_H
#define AIRGAP_TESTS_JOURNAL_FIXTURE_H

#include "agent/journal/recover.h"
#include "tests/unit/unit.h"

#define FIXTURE_BOOT_ID "96ae4f80-662c-4617-9427-24600a84038d"

enum fault_mode {
	FAULT_NONE,
	FAULT_EIO, /* the call fails; a write has taken half */
	FAULT_ENOSPC,
	FAULT_SHORT, /* a write takes one byte and says so */
	FAULT_EINTR, /* nothing happens, this once */
	FAULT_CRASH, /* a write takes half, then nothing happens any more: the process is dead */
	FAULT_MODES,
};

/* The failing disk: passes on to the real one until call number `at`. Set and read by tests. */
struct fault {
	enum fault_mode mode;
	unsigned int at;    /* 1: the first call */
	unsigned int calls; /* made so far */
	unsigned int hits;  /* of them, failed */
	unsigned int syncs; /* calls of fdatasync */
	bool dead;
	off_t limit;	 /* 0, or the disk has no room in a file from here on */
	off_t allocated; /* but what was promised before */
	int failing;	 /* 0, or errno of every fdatasync */
};

extern struct fault fault;
extern const struct journal_io fault_io;
extern const char *const fault_mode_names[FAULT_MODES];

/* fixture_open - a spool on @folder, opened; ends the test when that fails */
void fixture_open(struct spool *spool, const struct journal_io *io, const char *folder,
		  struct recover_report *report);

/* fixture_note - a note of @kind that names @name */
struct msg_record_note fixture_note(enum record_kind kind, const char *name);

/* fixture_write - append a note alone and commit, seal and wipe; 0 or -errno */
int fixture_write(struct spool *spool, enum record_kind kind, const char *name);

/**
 * fixture_check - the log in @folder is sound from its first entry
 *
 * Ends the test if not. Returns the number of entries.
 */
uint64_t fixture_check(const char *folder);

/* fixture_find - seq of the only entry whose event is named @name; -1: none; -2: more than one */
int64_t fixture_find(const char *folder, const char *name);

/* fixture_read, fixture_put - the content of a file of the folder, of the log without the blank at its
 * end; @data is freed by the caller */
uint8_t *fixture_read(const char *folder, const char *name, size_t *length);
void fixture_put(const char *folder, const char *name, const void *data, size_t length);
bool fixture_exists(const char *folder, const char *name);

#endif
