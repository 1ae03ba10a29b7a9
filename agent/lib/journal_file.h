/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal's file as a reader sees it: lines, their common head, and how they are chained.
 *
 * One entry is one line of JSON in ASCII, ended by one newline, its members in this order:
 *
 *	{"v":1,"seq":7,"time":"2026-12-01T08:00:00.000000Z","boottime_us":81,"boot_id":"<uuid>",
 *	 "epoch":0,"next_by_s":900,"lost":0,"policy":{"serial":42,"digest":"<64 hex>"},
 *	 "kind":"violation","grade":"V1","event":{...},"mac":"<64 hex>"}
 *
 * without the blanks and breaks. next_by_s, policy and grade may be null. The sequence number is the place of
 * the line in the file, from 0, and the index of its leaf in the Merkle tree of RFC 6962.
 *
 *	mac	= BLAKE2b-256, key K_seq, over the line up to and including the comma before "mac"
 *	K_n+1	= BLAKE2b-256, key K_n, over "evolve"
 *	leaf	= SHA-256(0x00, line without its newline)
 *
 * After the last line the file may be blank up to its end: bytes of JOURNAL_FILL, written ahead so that
 * a commit overwrites blocks that exist. A line is whole when its newline is there; it never contains
 * this byte. Blank is white space in JSON and text to grep. Zero bytes count as blank too, because a
 * file system may leave them where a write did not come to its end.
 *
 * K_0 is drawn anew for each epoch. Whoever holds K_n can check and forge line n and all after it,
 * but none before. See airgap-journal(5) for the event's members.
 */
#ifndef AIRGAP_LIB_JOURNAL_FILE_H
#define AIRGAP_LIB_JOURNAL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "agent/lib/tlog/tlog.h"

#define JOURNAL_FILE_LOG	 "log"
#define JOURNAL_FILE_INITIAL_KEY "initial-key"
#define JOURNAL_FILE_SEALED_KEY	 "sealed-key"	/* initial-key, age, to the office */
#define JOURNAL_FILE_CHECKPOINT	 "checkpoint"	/* C2SP tlog-checkpoint, signed by the log's key */
#define JOURNAL_FILE_KEY	 "verifier-key" /* of that key, as C2SP signed-note has it */
#define JOURNAL_FILE_OFFICE_KEY	 "office-key"	/* verifier key of the office's receipts; root writes it */
#define JOURNAL_FILE_RECEIPT	 "receipt"	/* checkpoint with the office's cosignature */
#define JOURNAL_FILE_TILES	 "tile"		/* folder: full tiles, C2SP tlog-tiles */
#define JOURNAL_FILE_DIGESTS	 "digests"	/* folder: what an office of a lower level gets */
#define JOURNAL_FILE_WITHHELD	 "digests-only" /* while it is there, nothing else is sent */

/*
 * Longest line with its newline. A device with the most interfaces and the worst strings makes one
 * of less than 24 KiB.
 */
#define JOURNAL_LINE_MAX  32768
#define JOURNAL_FILL	  '\t'
#define JOURNAL_KEY_SIZE  32
#define JOURNAL_MAC_SIZE  32
#define JOURNAL_LEAF_SIZE 32

/* The last member: its opening, 64 hexadecimal digits, and the end of the line's object. */
#define JOURNAL_MAC_OPEN  "\"mac\":\""
#define JOURNAL_MAC_CLOSE "\"}"
/* The last member of an event that is salted: its opening, and so many bytes as hexadecimal digits. */
#define JOURNAL_SALT_OPEN ",\"salt\":\""
#define JOURNAL_SALT_SIZE 16
/* What stands in its place in a digest: digest.h. */
#define JOURNAL_LEAF_OPEN "\"leaf\":\""

/* journal_evolve - K_n becomes K_n+1; K_n is gone */
void journal_evolve(uint8_t key[static JOURNAL_KEY_SIZE]);

/* journal_mac - of the @length bytes that a line's mac covers */
void journal_mac(uint8_t mac[static JOURNAL_MAC_SIZE], const uint8_t key[static JOURNAL_KEY_SIZE],
		 const void *line, size_t length);

/* journal_leaf - of a line of @length bytes, its newline not among them */
void journal_leaf(uint8_t leaf[static JOURNAL_LEAF_SIZE], const void *line, size_t length);

/* What stands at the head of every entry. */
struct journal_head {
	uint64_t seq;
	uint64_t boottime_us;
	uint64_t epoch;
	uint64_t next_by_s; /* the next entry is promised within so many seconds; 0: no promise */
	uint64_t lost;	    /* entries lost before this one since the log began */
	bool has_policy;
	uint64_t policy_serial;
	uint8_t policy_digest[32];
	char time[28];	   /* RFC 3339, UTC, microseconds */
	char boot_id[37];  /* of the kernel that ran */
	uint32_t kind;	   /* enum record_kind */
	uint32_t grade;	   /* enum record_grade */
	const char *event; /* the event's JSON object, inside the line; not terminated */
	size_t event_length;
	size_t signed_length; /* bytes that the mac covers */
	uint8_t mac[JOURNAL_MAC_SIZE]; /* of a digest: its leaf */
};

/**
 * journal_head_parse - take a line apart
 * @length: without the newline
 *
 * Only the exact form above is accepted; the event's inside is not looked at. Returns 0 or
 * -EBADMSG.
 */
int journal_head_parse(const char *line, size_t length, struct journal_head *head);

/* journal_head_parse_held - of a digest, digest.h: its leaf stands where an entry has its mac */
int journal_head_parse_held(const char *line, size_t length, struct journal_head *head);

/* Names of kinds and grades as the log has them; "unknown", or NULL for no grade. */
const char *journal_kind_name(uint32_t kind);
const char *journal_grade_name(uint32_t grade);

/* --- reading --- */

/* Two of the longest lines, so that a buffer is mostly whole lines. */
#define JOURNAL_READER_SIZE ((size_t)2 * JOURNAL_LINE_MAX)

/* Lines of one log, in order. Keeps its place, so that reading may go on when the log has grown. */
struct journal_reader {
	int fd;	      /* borrowed */
	off_t offset; /* of the line that comes next */
	size_t start; /* of that line in the buffer */
	size_t filled;
	char *buffer; /* of JOURNAL_READER_SIZE bytes */
};

/**
 * journal_reader_init - read @fd from @offset, which must be the start of a line
 *
 * Returns 0 or -ENOMEM. journal_reader_done() frees the buffer, never the descriptor.
 */
int journal_reader_init(struct journal_reader *reader, int fd, off_t offset);
void journal_reader_done(struct journal_reader *reader);

/**
 * journal_reader_next - the next whole line
 * @line: set to it; not terminated; stays until the next call
 * @length: without the newline
 *
 * Returns 1; 0: no further whole line yet; -EFBIG: JOURNAL_LINE_MAX bytes without a newline;
 * -ESTALE: the file is now shorter than what was read of it; another -errno.
 */
int journal_reader_next(struct journal_reader *reader, const char **line, size_t *length);

/**
 * journal_text_end - where the last byte that is not blank ends
 * @offset: look from here on; what stands before is not blank
 *
 * Returns @offset when all that follows is blank, or -errno.
 */
off_t journal_text_end(int fd, off_t offset);

/* --- checking --- */

enum journal_fault {
	JOURNAL_SOUND,
	JOURNAL_FAULT_TAIL,  /* text after the last whole line: a torn write, or one under way */
	JOURNAL_FAULT_FORM,  /* a line that is no entry */
	JOURNAL_FAULT_ORDER, /* an entry of another sequence number or epoch than is due */
	JOURNAL_FAULT_MAC,   /* an entry that the key due does not confirm */
	JOURNAL_FAULT_COUNT,
};

/* Where a check stands: everything before is sound. */
struct journal_chain {
	uint64_t epoch;
	uint64_t seq;			 /* of the line due next */
	off_t offset;			 /* of that line */
	bool keyless;			 /* there is no key: macs are not checked */
	uint8_t key[JOURNAL_KEY_SIZE];	 /* K_seq: secret */
	uint8_t leaf[JOURNAL_LEAF_SIZE]; /* of the line before; zero at the start */
	struct tlog_tree tree;		 /* of all lines before; its size is seq */
};

/**
 * journal_chain_step - check one line and move on
 * @head: filled when the line has the form of an entry
 *
 * Returns JOURNAL_SOUND and the chain has moved, or the fault and the chain is as it was.
 */
enum journal_fault journal_chain_step(struct journal_chain *chain, const char *line, size_t length,
				      struct journal_head *head);

/**
 * journal_chain_walk - check from where @chain stands
 * @end: stop before the line that begins there or later; 0: go to the end of the file
 * @fault: set to JOURNAL_SOUND or to the first fault; @chain then stands before that line
 *
 * Returns 0, or -errno when the file could not be read to the end.
 */
int journal_chain_walk(struct journal_chain *chain, int fd, off_t end, enum journal_fault *fault);

/* journal_fault_text - in plain words, without a full stop */
const char *journal_fault_text(enum journal_fault fault);

/**
 * journal_initial_key_read - K_0 of the current epoch
 * @path: of the file initial-key
 *
 * Starts @chain at the first line. Returns 0, -EBADMSG for a file of another form, or -errno.
 */
int journal_initial_key_read(const char *path, struct journal_chain *chain);

/* journal_initial_key_parse - the same from the file's content, which a NUL follows */
int journal_initial_key_parse(const char *text, size_t length, struct journal_chain *chain);

/* journal_initial_key_format - the file's content; returns its length */
#define JOURNAL_INITIAL_KEY_SIZE 128
size_t journal_initial_key_format(char text[static JOURNAL_INITIAL_KEY_SIZE], uint64_t epoch,
				  const uint8_t key[static JOURNAL_KEY_SIZE]);

#endif
