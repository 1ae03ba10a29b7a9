/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an office below the terminal's level gets in place of an entry: a digest.
 *
 * A digest is a signed note (C2SP) by the log's own key. Its text is one line in the form of an entry,
 * journal_file.h, with the entry's own head:
 *
 *	{"v":1,"seq":7, ... "grade":"V1","event":{"type":"held","of":"usb","what":"blocked"},
 *	 "leaf":"<64 hex>"}
 *
 * without the break. `of` is the event's type and `what` its state, violation, action or name: words of
 * this program, never of a person or a device. A heartbeat keeps its event: it tells numbers alone. `leaf`
 * is the leaf of the entry that stays on the terminal, so tree, checkpoints, proofs and receipts are those
 * of the one log: the office proves of a digest that the terminal holds an entry with this leaf at this place,
 * and the signature that the terminal said this much of it. On the terminal `airgapctl log show N` shows
 * entry and leaf.
 *
 * Could somebody who has the leaf try out names until it fits? An entry holds its mac, 256 bits that
 * nobody guesses without K_0; but K_0 is sealed to that very office. So while entries are to be told as
 * digests each gets a random `salt` of 128 bits in its event. Entries from before that are held by their
 * mac alone, airgap-journal(5).
 *
 * A digest has a newline, an entry never: that tells them apart wherever both may stand.
 */
#ifndef AIRGAP_LIB_DIGEST_H
#define AIRGAP_LIB_DIGEST_H

#include "agent/lib/journal_file.h"

#define DIGEST_TEXT_MAX 4096
#define DIGEST_NOTE_MAX (DIGEST_TEXT_MAX + 1 + TLOG_SIGNATURE_LINE_SIZE)
/* A bundle of them is at most so long. */
#define DIGEST_BUNDLE_MAX ((size_t)TLOG_TILE_WIDTH * (DIGEST_NOTE_MAX + 2))

/**
 * digest_format - the text of the digest of an entry, its newline included
 * @line: the entry, without its newline
 *
 * Returns the length; -EBADMSG: no entry; -ENOMEM.
 */
int digest_format(const char *line, size_t length, char text[static DIGEST_TEXT_MAX]);

/* Points into what it was read from. */
struct digest {
	struct journal_head head; /* its mac is the leaf */
	struct tlog_hash leaf;
	const char *text; /* the line, without its newline */
	size_t text_length;
	struct tlog_note note;
};

/* digest_parse - form only, for untrusted bytes; 0; -EBADMSG: this is no digest */
int digest_parse(const void *data, size_t length, struct digest *digest);

/**
 * digest_unsigned - does it look like a digest, and is not signed by the log?
 * @log: that is said to have made it
 *
 * Also of entries, which are no digests: false.
 */
bool digest_unsigned(const void *entry, size_t length, const struct tlog_key *log);

/* digest_leaf - leaf of what stands for an entry: the one that a digest names, or that of the bytes */
void digest_leaf(const void *entry, size_t length, struct tlog_hash *leaf);

/* digest_path - in the journal's folder: the entries of a tile, as the wire's bundles have them */
void digest_path(uint64_t tile, char path[static TLOG_TILE_PATH_SIZE]);

#endif
