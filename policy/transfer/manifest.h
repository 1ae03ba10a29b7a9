/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manifest of a batch: what exactly is to be transferred. Its digest is what approvals name.
 *
 *	airgap-manifest 1
 *	manifest {
 *	    batch      4b0d8f3a2c5e697887a6b5c4d3e2f101
 *	    terminal   "T-00417"
 *	    direction  out
 *	    unit       "7.2.15"
 *	    level      mimi
 *	    term       "10 years"
 *	    basis      "list of 2024, item 12"
 *	    requester  "novak"
 *	    created    2026-12-01T09:30:00Z
 *	    file       "minutes/july.odt"  type odt  size 48211  digest 3f0c...
 *	}
 *
 * 'unit' is where it goes, or comes from; it, 'term' and 'basis' may be absent of what comes in. One
 * spelling, no comments; not signed. The digest is BLAKE2b-256 of the whole text.
 */
#ifndef AIRGAP_POLICY_TRANSFER_MANIFEST_H
#define AIRGAP_POLICY_TRANSFER_MANIFEST_H

#include <stddef.h>
#include <stdint.h>

#include "policy/decide/transfer.h"
#include "policy/lang/diag.h"
#include "policy/transfer/batch.h"

struct manifest_file {
	char name[TRANSFER_NAME_SIZE];
	char type[TRANSFER_TYPE_SIZE]; /* by content: "pdf"; a bare name */
	uint64_t size;
	uint8_t digest[TRANSFER_DIGEST]; /* of the content in clear */
};

/* Zeroed, it is an empty one. Texts are ended by NUL, the rest of their arrays zero. */
struct manifest {
	uint8_t batch[TRANSFER_ID_SIZE];
	uint32_t direction; /* enum transfer_direction */
	uint32_t file_count;
	int64_t created; /* UNIX time */
	char terminal[TRANSFER_TERMINAL_SIZE];
	char unit[TRANSFER_UNIT_SIZE];	 /* "": not known */
	char level[TRANSFER_LEVEL_SIZE]; /* the author's, raised by markings */
	char term[TRANSFER_TERM_SIZE];
	char basis[TRANSFER_BASIS_SIZE];
	char requester[TRANSFER_LOGIN_SIZE];
	struct manifest_file *files;	 /* owned */
	uint8_t digest[TRANSFER_DIGEST]; /* set by manifest_parse() and manifest_print() */
};

/**
 * manifest_parse - parse and check
 * @text: need not be ended by NUL
 * @diags: receives errors; may be NULL
 * @manifest: what it had is not looked at; filled when 0 is returned, and then to be freed; else zeroed
 *
 * Returns 0; -EINVAL when there were errors; -ENOMEM.
 */
int manifest_parse(const char *text, size_t length, struct diag_list *diags,
		   struct manifest *manifest);

/**
 * manifest_print - the one text of a manifest
 * @manifest: its digest is set
 * @text: the caller's, to be freed; ended by NUL
 * @length: without the NUL
 *
 * Returns 0; -EINVAL when manifest_parse() would refuse it: a name with control characters, no
 * level; -ENOMEM.
 */
int manifest_print(struct manifest *manifest, char **text, size_t *length);

/**
 * manifest_add - one more file, copied
 *
 * Returns 0; -EINVAL for a name that has a flaw (transfer_name_flaw()); -EEXIST for one that is there
 * already; -E2BIG beyond TRANSFER_FILES_MAX; -ENOMEM.
 */
int manifest_add(struct manifest *manifest, const struct manifest_file *file);

/* manifest_size - bytes of all its files */
uint64_t manifest_size(const struct manifest *manifest);

/**
 * manifest_facts - what the policy is asked of it
 * @facts: direction, files, types, size, level, unit and login are set, the rest zeroed
 *
 * Returns 0; -E2BIG when it has more different types than can be asked of.
 */
int manifest_facts(const struct manifest *manifest, struct transfer_facts *facts);

/* manifest_free - what it owns; the struct itself is zeroed */
void manifest_free(struct manifest *manifest);

#endif
