// SPDX-License-Identifier: GPL-2.0-or-later
/* Checking an event's folder; every byte of it is untrusted. */
#include "agent/office/dossier.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "agent/lib/digest.h"
#include "agent/lib/file.h"
#include "agent/lib/printable.h"
#include "policy/sign/signed.h"

#define FILE_MAX    ((size_t)1 << 20)
#define PROOF_HEAD  "c2sp.org/tlog-proof@v1\nindex "
#define HISTORY_MAX 100000

struct check {
	const char *path;
	struct tlog_key office, own, log;
	char *officers;
	struct dossier_result *result;
};

static int fail(struct check *check, const char *name, const char *what)
{
	printable_copy(check->result->reason, sizeof(check->result->reason), name);
	strncat(check->result->reason, ": ",
		sizeof(check->result->reason) - strlen(check->result->reason) - 1);
	strncat(check->result->reason, what,
		sizeof(check->result->reason) - strlen(check->result->reason) - 1);
	return -EBADMSG;
}

static int read_name(struct check *check, const char *name, uint8_t **data, size_t *length)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", check->path, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return file_read(path, FILE_MAX, data, length);
}

/* Takes the proof's text apart; the note is what is left. */
static int parse_proof(const char *text, size_t length, uint64_t *index, struct tlog_proof *proof,
		       const char **note)
{
	size_t head = strlen(PROOF_HEAD);
	const char *empty = text ? memmem(text, length, "\n\n", 2) : NULL, *newline;
	char *end;

	if (!text || length <= head || memcmp(text, PROOF_HEAD, head) != 0 || text[head] < '0' ||
	    text[head] > '9' || !empty)
		return -EBADMSG;
	errno = 0;
	*index = strtoull(text + head, &end, 10);
	newline = text + head + strcspn(text + head, "\n");
	if (errno || end != newline || *index > INT64_MAX || newline > empty)
		return -EBADMSG;
	*note = empty + 2;
	return tlog_check_parse(newline + 1, (size_t)(empty - newline), proof);
}

/* An entry, its proof, the log's signature, the office's receipt. */
static int check_entry(struct check *check, const char *stem, const struct tlog_key *key,
		       uint8_t **entry)
{
	char name[128];
	struct tlog_checkpoint checkpoint = { .size = 0 };
	struct tlog_proof proof;
	struct tlog_note signed_note;
	struct tlog_hash leaf;
	uint8_t *text = NULL;
	const char *note = NULL;
	size_t length = 0, size = 0;
	uint64_t index = 0;
	int r;

	snprintf(name, sizeof(name), "%.64s.json", stem);
	r = read_name(check, name, entry, &length);
	snprintf(name, sizeof(name), "%.64s.tlog-proof", stem);
	if (r == 0)
		r = read_name(check, name, &text, &size);
	if (r < 0)
		return r;
	if (parse_proof((const char *)text, size, &index, &proof, &note) < 0)
		r = fail(check, name, "it is no proof");
	else if (tlog_checkpoint_open(note, size - (size_t)(note - (const char *)text), key,
				      &checkpoint, &signed_note) < 0)
		r = fail(check, name, "its checkpoint is not signed by the log");
	else if (tlog_note_verify(&signed_note, &check->office, NULL) < 0)
		r = fail(check, name, "the receipt is not the office's");
	/* Of a terminal above the office's level the entry is a digest: digest.h. */
	digest_leaf(*entry, length, &leaf);
	if (r == 0 && digest_unsigned(*entry, length, key))
		r = fail(check, name, "the digest is not signed by the log");
	if (r == 0 &&
	    (index >= checkpoint.size ||
	     tlog_check_inclusion(&proof, index, checkpoint.size, &leaf, &checkpoint.root) < 0))
		r = fail(check, name, "the entry is not in the log that was signed");
	check->result->entries += r == 0;
	free(text);
	return r;
}

/* `"kovac" namespaces="airgap-move@v1" ssh-ed25519 AAAA...`, or with a hardware key's type: is that his key? */
static bool is_his(const struct check *check, const char *officer, const struct sshkey *key)
{
	const char *at = check->officers;
	char want[192];

	snprintf(want, sizeof(want), "\"%s\" namespaces=\"airgap-move@v1\" ", officer);
	for (; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
		const char *text = at + strlen(want);
		struct sshkey his;

		if (strncmp(at, want, strlen(want)) == 0 &&
		    sshkey_parse(&his, text, strcspn(text, "\n")) == SSHKEY_SOUND &&
		    his.type == key->type && sshkey_same(&his, key))
			return true;
	}
	return false;
}

/* The entry names the digest of what its officer signed; here are both, with his signature. */
static int check_signed(struct check *check, const char *stem, const json_t *entry)
{
	const char *proof = json_string_value(json_object_get(entry, "proof"));
	const char *officer = json_string_value(json_object_get(entry, "officer"));
	char name[128], words[SIGNED_REASON_SIZE], hex[65];
	uint8_t *text = NULL, *armour = NULL, *both = NULL;
	size_t length = 0, size = 0;
	struct signed_file parts;
	int r;

	if (!proof)
		return 0;
	snprintf(name, sizeof(name), "%.64s.signed", stem);
	r = read_name(check, name, &text, &length);
	snprintf(name, sizeof(name), "%.64s.sig", stem);
	if (r == 0)
		r = read_name(check, name, &armour, &size);
	both = r == 0 ? malloc(length + size + 1) : NULL;
	if (both) {
		memcpy(both, text, length);
		memcpy(both + length, armour, size);
	}
	if (r < 0)
		r = fail(check, name, "what the officer signed is missing");
	else if (!both)
		r = -ENOMEM;
	else if (signed_split(&parts, both, length + size, SIGN_NAMESPACE_MOVE, words) < 0 ||
		 signed_verify(&parts, SIGN_NAMESPACE_MOVE, words) < 0 || parts.count != 1)
		r = fail(check, name, "the signature does not hold");
	else if (strcmp(sodium_bin2hex(hex, sizeof(hex), parts.digest, 32), proof) != 0)
		r = fail(check, name, "the entry names another text");
	else if (!officer || !is_his(check, officer, &parts.blocks[0].sig.key))
		r = fail(check, name, "it is not signed by the officer whom the entry names");
	check->result->signatures += r == 0;
	free(both);
	free(armour);
	free(text);
	return r;
}

static int check_action(struct check *check, const char *number)
{
	char stem[64];
	uint8_t *entry = NULL;
	json_t *json;
	int r;

	snprintf(stem, sizeof(stem), "history/%s", number);
	r = check_entry(check, stem, &check->own, &entry);
	json = r == 0 ? json_loads((const char *)entry, JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (r == 0 && !json)
		r = fail(check, stem, "the entry is not JSON");
	if (r == 0)
		r = check_signed(check, stem, json);
	json_decref(json);
	free(entry);
	return r;
}

static int check_history(struct check *check)
{
	char path[PATH_MAX], number[32];
	struct dirent *item;
	DIR *folder;
	int r = 0;

	if (snprintf(path, sizeof(path), "%s/history", check->path) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	folder = opendir(path);
	if (!folder)
		return -errno;
	for (int i = 0; r == 0 && i < HISTORY_MAX && (item = readdir(folder)); i++) {
		size_t digits = strspn(item->d_name, "0123456789");

		if (digits == 0 || digits >= sizeof(number) ||
		    strcmp(item->d_name + digits, ".json") != 0)
			continue;
		snprintf(number, sizeof(number), "%.*s", (int)digits, item->d_name);
		r = check_action(check, number);
	}
	closedir(folder);
	return r;
}

static int take_keys(struct check *check, const char *expected)
{
	struct tlog_key *keys[] = { &check->office, &check->own, &check->log };
	uint8_t *text = NULL;
	size_t length = 0, count = 0;
	int r = read_name(check, "keys", &text, &length);
	char *at = (char *)text, *line;

	while (r == 0 && count < 3 && (line = strsep(&at, "\n")) && *line)
		if (tlog_key_parse(line, keys[count++]) < 0)
			r = fail(check, "keys", "one of them is no verifier key");
	if (r == 0 && (count < 2 || check->office.type != TLOG_KEY_COSIGNATURE))
		r = fail(check, "keys", "the office's key is missing");
	if (r == 0) {
		tlog_key_format(&check->office, check->result->office);
		if (expected && strcmp(expected, check->result->office) != 0)
			r = fail(check, "keys", "the receipts are another office's");
	}
	free(text);
	return r;
}

int dossier_check(const char *path, const char *key, struct dossier_result *result)
{
	struct check check = { .path = path, .result = result };
	uint8_t *entry = NULL, *officers = NULL;
	size_t length = 0;
	int r;

	*result = (struct dossier_result){ 0 };
	r = take_keys(&check, key);
	if (r == 0)
		r = read_name(&check, "officers", &officers, &length);
	check.officers = (char *)officers;
	if (r == 0)
		r = check_history(&check);
	/* Without an entry of a terminal the event came from the office or from a person. */
	if (r == 0 && check.log.name[0]) {
		r = check_entry(&check, "entry", &check.log, &entry);
		r = r == -ENOENT ? 0 : r;
	}
	if (r == 0 && result->entries == 0)
		r = fail(&check, "history", "there is nothing in it that could be checked");
	free(entry);
	free(officers);
	return r;
}
