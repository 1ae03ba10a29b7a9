// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/office/dossier.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/lib/file.h"
#include "agent/office/event_life.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"
#include "agent/office/store/store_people.h"
#include "agent/office/store/store_page.h"
#include "policy/sign/sshkey.h"
#include "policy/sign/sshsig.h"

#define HISTORY_MAX 5000

struct dossier {
	struct store *store;
	const struct keys *keys;
	const char *path;
	char history[PATH_MAX];
	struct store_terminal own; /* the office's log */
};

static int put(const char *folder, const char *name, const void *data, size_t length)
{
	return file_replace(folder, name, 0644, data, length);
}

/* C2SP tlog-proof: head, index, path; an empty line; the checkpoint. */
static int write_proof(const struct dossier *d, const char *folder, const char *name,
		       const struct store_terminal *log, uint64_t seq)
{
	char path[TLOG_PROOF_TEXT_SIZE], *note = NULL, *text = NULL;
	struct tlog_source source;
	struct tlog_proof proof;
	struct mirror mirror;
	size_t length = 0, size;
	int n, r = store_head_note(d->store, log->id, false, &note, &length);

	if (r < 0)
		return r;
	mirror_init(&mirror, d->store, log->id, log->size);
	source = tlog_tile_source(&mirror.tiles);
	r = seq < log->size ? tlog_proof_inclusion(&source, seq, log->size, &proof) : -ENOENT;
	if (r == 0) {
		size = tlog_check_format(&proof, path);
		n = asprintf(&text, "c2sp.org/tlog-proof@v1\nindex %" PRIu64 "\n%.*s\n%.*s", seq,
			     (int)size, path, (int)length, note);
		r = n < 0 ? -ENOMEM : put(folder, name, text, (size_t)n);
	}
	free(text);
	free(note);
	return r;
}

static int write_entry(const struct dossier *d, const char *folder, const char *stem,
		       const struct store_terminal *log, uint64_t seq)
{
	char name[64], *line = NULL;
	size_t length = 0;
	int r = store_page_entry(d->store, log->id, seq, &line, &length);

	snprintf(name, sizeof(name), "%s.json", stem);
	if (r == 0)
		r = put(folder, name, line, length);
	free(line);
	snprintf(name, sizeof(name), "%s.tlog-proof", stem);
	return r < 0 ? r : write_proof(d, folder, name, log, seq);
}

/* As two files, for `ssh-keygen -Y verify -s N.sig < N.signed`. */
static int write_signed(const struct dossier *d, int64_t seq)
{
	uint8_t *data = NULL, *armour;
	size_t length = 0, text;
	char name[64];
	int r = store_signed_get(d->store, seq, &data, &length);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	armour = memmem(data, length, "\n" SSHSIG_BEGIN, strlen("\n" SSHSIG_BEGIN));
	text = armour ? (size_t)(armour + 1 - data) : length;
	snprintf(name, sizeof(name), "%" PRId64 ".signed", seq);
	r = put(d->history, name, data, text);
	snprintf(name, sizeof(name), "%" PRId64 ".sig", seq);
	if (r == 0)
		r = put(d->history, name, data + text, length - text);
	free(data);
	return r;
}

static int write_action(void *data, const struct store_action *action)
{
	const struct dossier *d = data;
	char stem[32];
	int r;

	snprintf(stem, sizeof(stem), "%" PRId64, action->seq);
	r = write_entry(d, d->history, stem, &d->own, (uint64_t)action->seq);
	return r < 0 ? r : write_signed(d, action->seq);
}

static int write_report(const struct dossier *d, int64_t id)
{
	char *text = NULL;
	int r = report_text(d->store, id, &text);

	if (r == 0)
		r = put(d->path, "report.txt", text, strlen(text));
	free(text);
	return r;
}

/* The store keeps the point, and the fingerprint, which is of the point and the type together. */
static void find_key(const struct store_officer *officer, struct sshkey *key)
{
	char fingerprint[SSHKEY_FINGERPRINT_SIZE];

	memcpy(key->point, officer->key, sizeof(key->point));
	for (key->type = 0; key->type < SSHKEY_TYPE_COUNT; key->type++) {
		sshkey_fingerprint(key, fingerprint);
		if (strcmp(fingerprint, officer->fingerprint) == 0)
			return;
	}
	key->type = SSHKEY_TYPE_ED25519;
}

static int write_officer(void *data, const struct store_officer *officer)
{
	FILE *out = data;
	char text[SSHKEY_TEXT_SIZE];
	struct sshkey key;

	find_key(officer, &key);
	sshkey_format(&key, text);
	fprintf(out, "\"%s\" namespaces=\"airgap-move@v1\" %s\n", officer->name, text);
	return 0;
}

static int write_officers(const struct dossier *d)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int r = out ? store_officer_each(d->store, write_officer, out) : -ENOMEM;

	if (out && fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (r == 0)
		r = put(d->path, "officers", text, length);
	free(text);
	return r;
}

static int write_keys(const struct dossier *d, const struct store_terminal *terminal)
{
	char office[TLOG_KEY_TEXT_SIZE], own[TLOG_KEY_TEXT_SIZE], log[TLOG_KEY_TEXT_SIZE] = "",
								  *text = NULL;
	struct tlog_key key;
	int n, r = 0;

	tlog_key_format(&d->keys->cosigner, office);
	tlog_key_format(&d->keys->log, own);
	if (terminal->id) {
		r = tlog_key_make(&key, TLOG_KEY_NOTE, terminal->origin, terminal->log_key);
		if (r == 0)
			tlog_key_format(&key, log);
	}
	if (r < 0)
		return r;
	n = asprintf(&text, "%s\n%s\n%s%s", office, own, log, log[0] ? "\n" : "");
	r = n < 0 ? -ENOMEM : put(d->path, "keys", text, (size_t)n);
	free(text);
	return r;
}

static int make_folders(struct dossier *d)
{
	if (snprintf(d->history, sizeof(d->history), "%s/history", d->path) >=
	    (int)sizeof(d->history))
		return -ENAMETOOLONG;
	return mkdir(d->path, 0755) < 0 || mkdir(d->history, 0755) < 0 ? -errno : 0;
}

int dossier_write(struct store *store, const struct keys *keys, int64_t id, const char *path)
{
	struct dossier d = { .store = store, .keys = keys, .path = path };
	struct store_terminal terminal = { 0 };
	struct event_copy copy;
	int r = event_copy_get(store, id, &copy);

	if (r < 0)
		return r;
	r = store_terminal_by_origin(store, keys->log.name, &d.own);
	if (r == 0 && copy.event.terminal)
		r = store_terminal_by_id(store, copy.event.terminal, &terminal);
	if (r == 0)
		r = make_folders(&d);
	if (r == 0)
		r = write_report(&d, id);
	if (r == 0)
		r = write_keys(&d, &terminal);
	if (r == 0)
		r = write_officers(&d);
	if (r == 0 && copy.event.seq >= 0)
		r = write_entry(&d, path, "entry", &terminal, (uint64_t)copy.event.seq);
	if (r == 0)
		r = store_action_each(store, id, HISTORY_MAX, write_action, &d);
	event_copy_done(&copy);
	return r;
}
