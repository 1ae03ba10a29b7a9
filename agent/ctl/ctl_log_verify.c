// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * airgapctl log verify: a journal's folder, checked from its files and public keys alone. On this
 * machine or on another one, with the agent running or not.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/ctl/ctl_log_verify.h"
#include "agent/ctl/ctl_output.h"
#include "agent/lib/file.h"
#include "agent/lib/msg.h"
#include "agent/lib/path.h"

/* What makes the journal unsound. */
static void find(struct verify *verify, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void find(struct verify *verify, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(verify->findings, json_string(text));
}

/* Both may name a file from anywhere. */
static int load(const char *path, size_t limit, char **text, size_t *length)
{
	uint8_t *data;
	int r = file_read(path, limit, &data, length);

	if (r < 0)
		ctl_error("%s: %s", path, strerror(-r));
	else
		*text = (char *)data;
	return r;
}

static const char *path_of(const struct verify *verify, const char *option, const char *name,
			   char path[static PATH_MAX])
{
	const char *given = option ? ctl_option(verify->ctl, option) : NULL;

	if (given)
		return given;
	if (snprintf(path, PATH_MAX, "%s/%s", verify->folder, name) >= PATH_MAX)
		path[0] = 0;
	return path;
}

static int load_key(struct verify *verify)
{
	char path[PATH_MAX], *text;
	const char *name = path_of(verify, "key", JOURNAL_FILE_KEY, path);
	size_t length;
	int r = load(name, TLOG_KEY_TEXT_SIZE, &text, &length);

	if (r < 0)
		return r;
	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = 0;
	r = tlog_key_parse(text, &verify->key);
	if (r < 0 || verify->key.type != TLOG_KEY_NOTE) {
		ctl_error("%s is no verifier key of a log (NAME+ID+KEY, C2SP signed-note)", name);
		r = -EBADMSG;
	}
	free(text);
	return r;
}

static const char *explain_checkpoint(int error)
{
	switch (error) {
	case -EKEYREJECTED:
		return "its signature is wrong: it was forged or altered";
	case -ENOKEY:
		return "it is not signed with this log's key";
	default:
		return "it is no checkpoint of this log";
	}
}

/* 0, also when it is a bad one, which becomes a finding; -errno when it cannot be read. */
static int load_checkpoint(struct verify *verify, const char *path,
			   struct tlog_checkpoint *checkpoint)
{
	size_t length;
	char *text;
	int r = load(path, TLOG_NOTE_MAX, &text, &length);

	if (r < 0)
		return r;
	r = tlog_checkpoint_open(text, length, &verify->key, checkpoint, NULL);
	if (r < 0) {
		find(verify, "%s: %s", path, explain_checkpoint(r));
		checkpoint->origin[0] = 0;
	}
	free(text);
	return 0;
}

/* The epoch is the last part of the log's name. */
static uint64_t epoch_of(const char *origin)
{
	const char *slash = strrchr(origin, '/');

	return slash ? strtoull(slash + 1, NULL, 10) : 0;
}

static int begin(struct verify *verify)
{
	const char *initial = ctl_option(verify->ctl, "initial-key");
	struct journal_chain *chain = &verify->chain;
	int r;

	r = journal_tree_open(&verify->tree, verify->folder, INT64_MAX);
	if (r == -EBADMSG) {
		find(verify, "the log's first line is not a journal entry");
		return 0;
	}
	if (r < 0) {
		ctl_error("%s/" JOURNAL_FILE_LOG ": %s", verify->folder, strerror(-r));
		return r;
	}
	if (initial && verify->tree.first > 0) {
		ctl_error("entries before %" PRIu64
			  " were pruned: the initial key reaches no entry "
			  "that is left; ask without --initial-key",
			  verify->tree.first);
		return -EINVAL;
	}
	r = initial ? journal_initial_key_read(initial, chain) : 0;
	if (r < 0) {
		ctl_error("%s: %s", initial, r == -EBADMSG ? "no initial key" : strerror(-r));
		return r;
	}
	chain->keyless = !initial;
	chain->epoch = epoch_of(verify->key.name);
	chain->seq = verify->tree.first;
	r = journal_tree_edge(&verify->tree, verify->tree.first, &chain->tree);
	if (r < 0)
		find(verify, "entries before %" PRIu64 " were pruned and their tiles are not there",
		     verify->tree.first);
	return 0;
}

static void meet(struct verify *verify, const struct tlog_checkpoint *checkpoint, bool *met,
		 const char *name)
{
	struct tlog_hash root;

	if (*met || !checkpoint->origin[0] || checkpoint->size != verify->chain.seq)
		return;
	*met = true;
	tlog_tree_root(&verify->chain.tree, &root);
	if (!tlog_hash_same(&root, &checkpoint->root))
		find(verify,
		     "the first %" PRIu64 " entries are not those that %s was signed over: an "
		     "entry was altered, removed, "
		     "inserted or moved",
		     checkpoint->size, name);
}

static void meet_checkpoints(struct verify *verify)
{
	meet(verify, &verify->newest, &verify->newest_met, "the checkpoint");
	meet(verify, &verify->older, &verify->older_met, "the older checkpoint");
}

static void add_silence(struct verify *verify, const struct journal_head *head, const char *what,
			uint64_t seconds)
{
	if (verify->gaps++ < VERIFY_GAPS_LISTED)
		json_array_append_new(verify->silences,
				      json_pack("{s:I, s:s, s:s, s:s, s:I}", "seq",
						(json_int_t)head->seq, "from", verify->before.time,
						"until", head->time, "what", what, "seconds",
						(json_int_t)(seconds > INT64_MAX ? 0 : seconds)));
}

/* Was the entry before followed as it promised? */
static void check_silence(struct verify *verify, const struct journal_head *head)
{
	const struct journal_head *before = &verify->before;
	uint64_t seconds;

	if (verify->has_before && strcmp(before->boot_id, head->boot_id) != 0) {
		if (before->kind != RECORD_KIND_CLEAN_STOP)
			add_silence(verify, head, "the machine ended without a clean stop", 0);
	} else if (verify->has_before && before->next_by_s) {
		seconds = head->boottime_us > before->boottime_us
				  ? (head->boottime_us - before->boottime_us) / 1000000
				  : 0;
		if (seconds > before->next_by_s)
			add_silence(verify, head, "asleep, or silenced", seconds);
	}
	if (verify->has_before && head->lost > before->lost)
		add_silence(verify, head, "entries were lost", 0);
	verify->before = *head;
	verify->has_before = true;
}

static int walk(struct verify *verify)
{
	struct journal_head head = { 0 };
	enum journal_fault fault = JOURNAL_SOUND;
	const char *line;
	size_t length;
	off_t end;
	int r = 0;

	meet_checkpoints(verify);
	while (fault == JOURNAL_SOUND &&
	       (r = journal_reader_next(&verify->tree.reader, &line, &length)) > 0) {
		fault = journal_chain_step(&verify->chain, line, length, &head);
		if (fault == JOURNAL_SOUND) {
			check_silence(verify, &head);
			meet_checkpoints(verify);
		}
	}
	if (r == -EFBIG)
		fault = JOURNAL_FAULT_FORM;
	else if (r < 0)
		return r;
	end = journal_text_end(verify->tree.fd, verify->chain.offset);
	if (fault == JOURNAL_SOUND && end > verify->chain.offset)
		fault = JOURNAL_FAULT_TAIL;
	/* Text behind the last entry is a write under way, or one that was torn: it is no entry. */
	if (fault != JOURNAL_SOUND && fault != JOURNAL_FAULT_TAIL)
		find(verify, "entry %" PRIu64 ": %s", verify->chain.seq, journal_fault_text(fault));
	return 0;
}

static void check_ends(struct verify *verify)
{
	const struct tlog_checkpoint *newest = &verify->newest, *older = &verify->older;

	if (newest->origin[0] && !verify->newest_met)
		find(verify,
		     "the checkpoint was signed over %" PRIu64 " entries, and only %" PRIu64
		     " are sound or there: the log was cut",
		     newest->size, verify->chain.seq);
	if (newest->origin[0] && older->origin[0] && older->size > newest->size)
		find(verify,
		     "the checkpoint given covers %" PRIu64
		     " entries, more than the log's own, %" PRIu64 ": the log was rolled back",
		     older->size, newest->size);
	else if (older->origin[0] && !verify->older_met && older->size >= verify->tree.first)
		find(verify, "the older checkpoint's %" PRIu64 " entries are not all there",
		     older->size);
}

/* An older checkpoint of which the entries are pruned: by the tiles. */
static void check_pruned(struct verify *verify)
{
	const struct tlog_checkpoint *older = &verify->older;
	struct tlog_source source = journal_tree_source(&verify->tree);
	struct tlog_hash root;

	if (!older->origin[0] || older->size >= verify->tree.first)
		return;
	verify->older_met = true;
	if (tlog_proof_root(&source, older->size, &root) < 0 ||
	    !tlog_hash_same(&root, &older->root))
		find(verify,
		     "the pruned entries' tiles do not fit the older checkpoint of %" PRIu64
		     " entries",
		     older->size);
}

static int check(struct verify *verify)
{
	const char *older = ctl_option(verify->ctl, "older");
	char path[PATH_MAX];
	int r;

	r = load_key(verify);
	if (r == 0)
		r = load_checkpoint(verify, path_of(verify, NULL, JOURNAL_FILE_CHECKPOINT, path),
				    &verify->newest);
	if (r == 0 && older)
		r = load_checkpoint(verify, older, &verify->older);
	if (r == 0)
		r = begin(verify);
	if (r == 0 && json_array_size(verify->findings) == 0) {
		check_pruned(verify);
		r = walk(verify);
		check_ends(verify);
	}
	return r;
}

int ctl_log_verify(struct ctl *ctl)
{
	struct verify *verify = calloc(1, sizeof(*verify));
	int r;

	if (!verify)
		return CTL_UNREACHABLE;
	verify->ctl = ctl;
	verify->tree.folder = verify->tree.fd = -1;
	verify->findings = json_array();
	verify->silences = json_array();
	r = ctl->count ? snprintf(verify->folder, sizeof(verify->folder), "%s", ctl->operands[0])
		       : path_join(verify->folder, ctl->root, PATH_JOURNAL_DIR);
	r = r >= (int)sizeof(verify->folder) ? -ENAMETOOLONG : check(verify);
	r = r < 0 ? CTL_UNREACHABLE : ctl_log_verify_show(verify);
	journal_tree_close(&verify->tree);
	json_decref(verify->findings);
	json_decref(verify->silences);
	explicit_bzero(verify, sizeof(*verify));
	free(verify);
	return r;
}
