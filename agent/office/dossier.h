/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One event with all its evidence as a folder that anybody checks without the office:
 *
 *	report.txt		the event, its reports, its handling
 *	keys			verifier keys: the office's (of receipts), its own log's, the terminal's log's
 *	officers		their SSH keys, as ssh-keygen's allowed_signers
 *	entry.json		the terminal's entry, the very bytes
 *	entry.tlog-proof	its proof (C2SP tlog-proof): index, path, checkpoint with the receipt
 *	history/N.json		an entry of the office's own log about the event
 *	history/N.tlog-proof	its proof
 *	history/N.signed	what the officer signed for it, and N.sig, where he was not signed in
 */
#ifndef AIRGAP_OFFICE_DOSSIER_H
#define AIRGAP_OFFICE_DOSSIER_H

#include "agent/office/keys.h"
#include "agent/office/store/store.h"

#define DOSSIER_REASON 320

/**
 * dossier_write - write event @id into the new folder @path
 *
 * Returns 0; -EEXIST: there is such a folder; -ENOENT: no such event; or -errno.
 */
int dossier_write(struct store *store, const struct keys *keys, int64_t id, const char *path);

struct dossier_result {
	unsigned int entries, signatures; /* that hold */
	char office[TLOG_KEY_TEXT_SIZE];  /* key of its receipts; to be compared */
	char reason[DOSSIER_REASON];
};

/**
 * dossier_check - check such a folder; needs no store and no keys of the office's
 * @key: the office's verifier key as policies name it, or NULL: the folder's own is believed, and shown
 *
 * Returns 0; -EBADMSG and the reason; or -errno.
 */
int dossier_check(const char *path, const char *key, struct dossier_result *result);

#endif
