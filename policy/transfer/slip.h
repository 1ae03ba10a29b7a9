/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transfer slip (交接单) of an export: what lies on the medium, from whom, for whom, by whose leave.
 * Signed by the terminal's log key in namespace airgap-slip@v1; without it, objects on a medium count
 * for nothing.
 *
 *	airgap-slip 1
 *	slip {
 *	    terminal   "T-00417"
 *	    batch      4b0d8f3a2c5e697887a6b5c4d3e2f101
 *	    manifest   3f0c...
 *	    from       "7.2.14"
 *	    unit       "7.2.15"
 *	    level      mimi
 *	    term       "10 years"
 *	    basis      "list of 2024, item 12"
 *	    requester  "novak"
 *	    created    2026-12-01T09:45:00Z
 *	    medium     9f3c5e00112233445566778899aabbcc  sequence 12  counter 77aa...
 *	    entry      4711
 *	    recipient  "age1..."
 *	    approval   so-7a  person "J. Kovac"  nonce 0f1e2d3c4b5a69788796a5b4c3d2e1f0
 *	    file       "minutes/july.odt"  type odt  size 48211  digest 3f0c...  object 55aa...  sealed 48643  seal 88bb...
 *	}
 *
 * 'entry' is the position in the terminal's journal at which the export was permitted; 'seal' is the
 * BLAKE2b-256 of the object as it lies on the medium, 'sealed' its size, 'digest' and 'size' those of
 * the content. 'counter' is the SHA-256 of the medium's counter at this use. The text's digest, which
 * journal entries on both sides name, is BLAKE2b-256 of the text without its signature. One spelling.
 */
#ifndef AIRGAP_POLICY_TRANSFER_SLIP_H
#define AIRGAP_POLICY_TRANSFER_SLIP_H

#include <stddef.h>
#include <stdint.h>

#include "policy/medium/record.h"
#include "policy/sign/signed.h"
#include "policy/transfer/manifest.h"

/* The text and its armoured signature. */
#define SLIP_FILE_MAX (TRANSFER_TEXT_MAX + 1024u)

struct slip_file {
	struct manifest_file file;
	uint8_t object[TRANSFER_ID_SIZE]; /* its name on the medium: objects/ID.age */
	uint64_t sealed_size;
	uint8_t sealed[TRANSFER_DIGEST];
};

struct slip_approval {
	char key[POLICY_NAME_SIZE]; /* in the signers' list */
	char person[129];
	uint8_t nonce[TRANSFER_ID_SIZE];
};

/* Zeroed, it is an empty one. Texts are ended by NUL, the rest of their arrays zero. */
struct slip {
	char terminal[TRANSFER_TERMINAL_SIZE];
	uint8_t batch[TRANSFER_ID_SIZE];
	uint8_t manifest[TRANSFER_DIGEST];
	char from[TRANSFER_UNIT_SIZE]; /* the terminal's unit */
	char unit[TRANSFER_UNIT_SIZE]; /* where it goes */
	char level[TRANSFER_LEVEL_SIZE];
	char term[TRANSFER_TERM_SIZE];
	char basis[TRANSFER_BASIS_SIZE];
	char requester[TRANSFER_LOGIN_SIZE];
	int64_t created; /* UNIX time */
	uint8_t medium[MEDIUM_ID_SIZE];
	uint64_t sequence;		     /* of the medium's counter */
	uint8_t counter[MEDIUM_DIGEST_SIZE]; /* of that counter */
	uint64_t entry;
	uint32_t recipient_count;
	uint32_t approval_count;
	uint32_t file_count;
	char recipients[TRANSFER_RECIPIENTS_MAX][TRANSFER_RECIPIENT];
	struct slip_approval approvals[TRANSFER_APPROVALS_MAX];
	struct slip_file *files;	 /* owned */
	uint8_t digest[TRANSFER_DIGEST]; /* set by slip_parse(), slip_print() */
};

/**
 * slip_parse - parse and check; like manifest_parse()
 *
 * Verify the signature first: slip_verify() does both.
 */
int slip_parse(const char *text, size_t length, struct diag_list *diags, struct slip *slip);

/* slip_print - the one text of a slip, which the terminal signs; like manifest_print() */
int slip_print(struct slip *slip, char **text, size_t *length);

/**
 * slip_from_manifest - what a slip has from its batch: files, level, term, basis, requester, ...
 * @manifest: with its digest
 * @slip: zeroed before; the caller adds the rest, of each file the object's id, size and digest
 *
 * Returns 0 or -ENOMEM.
 */
int slip_from_manifest(const struct manifest *manifest, struct slip *slip);

/**
 * slip_agrees - whether the slip's files and statements are those of the manifest it names
 *
 * 'created' of the manifest is not in the slip, so this is for whoever has the manifest.
 * Returns 0, or -EBADMSG when they differ.
 */
int slip_agrees(const struct slip *slip, const struct manifest *manifest);

/* slip_free - what it owns; the struct itself is zeroed */
void slip_free(struct slip *slip);

/**
 * slip_hash - SHA-512 of a slip's text: what struct msg_slip_sign carries to be signed
 */
void slip_hash(const char *text, size_t length, uint8_t sha512[static 64]);

/**
 * slip_signed_data - the bytes that the terminal's key signs (OpenSSH PROTOCOL.sshsig)
 * @sha512: of the slip's text
 * @out: of SLIP_SIGNED_DATA bytes
 *
 * Returns their number.
 */
#define SLIP_SIGNED_DATA 160
size_t slip_signed_data(const uint8_t sha512[static 64], uint8_t out[static SLIP_SIGNED_DATA]);

/**
 * slip_attach - the signed file: the text and the armoured signature
 * @key: Ed25519 point of the terminal
 * @signature: over slip_signed_data()
 * @file: the caller's, to be freed
 *
 * Returns 0; -EKEYREJECTED when the signature is not good; -ENOMEM.
 */
int slip_attach(const char *text, size_t text_length, const uint8_t key[static 32],
		const uint8_t signature[static 64], char **file, size_t *length);

/**
 * slip_terminal - whose slip a file claims to be, for asking after that terminal's key
 * @reason: filled on error
 *
 * Looks at nothing but the first lines, which have one spelling. Nothing is verified yet. Returns 0 or
 * -EBADMSG.
 */
int slip_terminal(const uint8_t *bytes, size_t length, char terminal[static TRANSFER_TERMINAL_SIZE],
		  char reason[static SIGNED_REASON_SIZE]);

/**
 * slip_verify - verify the one signature, by this key, then parse
 * @slip: filled when 0 is returned, and then to be freed; else zeroed
 * @reason: filled on error: what is wrong, in words
 *
 * Returns 0; -EBADMSG for what is no slip with one signature; -EFBIG; -ENOKEY without a signature;
 * -EKEYREJECTED when the signature is false or another key's; -EINVAL when it is authentic and wrong;
 * -ENOMEM.
 */
int slip_verify(const uint8_t *bytes, size_t length, const uint8_t key[static 32],
		struct slip *slip, char reason[static SIGNED_REASON_SIZE]);

/**
 * slip_key_of_log - the key in a terminal's log key, "NAME+ID+BASE64" (C2SP signed-note.md)
 *
 * For whoever has it from a signed table: that the id fits is not asked. Returns 0 or -EINVAL.
 */
int slip_key_of_log(const char *log_key, uint8_t key[static 32]);

enum slip_reason {
	SLIP_GOOD,
	SLIP_OTHER_MEDIUM,   /* was written to another one: copied from there */
	SLIP_LATER_SEQUENCE, /* the medium's counter is older than the slip: an image of it */
	SLIP_OTHER_TERMINAL, /* names another terminal than its signature */
	SLIP_OTHER_UNIT,     /* is for another unit */
	SLIP_LEVEL_UNKNOWN,  /* a level that the signers' list does not have */
	SLIP_LEVEL_ABOVE,    /* above this terminal's */
	SLIP_USED,	     /* was imported here before */
	SLIP_REASON_COUNT,
};

struct slip_case {
	const uint8_t *medium; /* MEDIUM_ID_SIZE bytes: the one that it was found on */
	uint64_t sequence;     /* of that medium's counter now */
	const char *terminal;  /* whose key verified it */
	const char *unit;      /* of this terminal */
	int level;	       /* rank of this terminal's level, from 0 */
	int slip_level;	       /* rank of the slip's level; -1: not known */
};

/* slip_judge - whether a verified slip is for this terminal and belongs to this medium */
enum slip_reason slip_judge(const struct slip *slip, const struct slip_case *slip_case);

const char *slip_reason_name(uint32_t reason);
const char *slip_reason_text(uint32_t reason);
const char *slip_reason_help(uint32_t reason);

#endif
