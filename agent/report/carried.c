// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/carried.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/lib/age/age_result.h"
#include "agent/lib/age/age_stream.h"
#include "agent/lib/file.h"
#include "agent/lib/log.h"
#include "agent/report/carried_parse.h"
#include "agent/report/reporter.h"

#define ANSWER_FILE_MAX ((size_t)64 << 20)
#define AGE_HEAD	"age-encryption.org/v1\n"

void carried_done(struct carried *carried)
{
	json_decref(carried->documents);
	json_decref(carried->results);
	*carried = (struct carried){ 0 };
}

/* Who waits for the result may bring the next file as soon as it is there: this one is gone before. */
static int show_result(const struct reporter *reporter)
{
	char due[PATH_MAX], shown[PATH_MAX];

	if (snprintf(due, sizeof(due), "%s/" CARRIED_FILE_DUE, reporter->folder) >=
		    (int)sizeof(due) ||
	    snprintf(shown, sizeof(shown), "%s/" CARRIED_FILE_RESULT, reporter->folder) >=
		    (int)sizeof(shown))
		return -ENAMETOOLONG;
	return renameat(AT_FDCWD, due, AT_FDCWD, shown) < 0 ? -errno : 0;
}

void carried_settle(const struct reporter *reporter)
{
	char path[PATH_MAX];
	struct stat st;
	int r;

	/* While the file is there it is done once more, and its result is written anew. */
	if (snprintf(path, sizeof(path), "%s/" CARRIED_FILE, reporter->folder) >=
		    (int)sizeof(path) ||
	    stat(path, &st) == 0 || errno != ENOENT)
		return;
	r = show_result(reporter);
	if (r < 0 && r != -ENOENT)
		log_warning("what became of the carried answer cannot be shown: %s", strerror(-r));
}

/* All of it has an answer: that is on the disk before the file goes. */
static void finish(struct reporter *reporter)
{
	struct carried *carried = &reporter->carried;
	json_t *json = json_pack("{s:i, s:s, s:s, s:s, s:O?}", "v", 1, "digest", carried->digest,
				 "receipt", carried->receipt, "problem", carried->problem,
				 "documents", carried->results);
	char path[PATH_MAX], *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	int r = text ? 0 : -ENOMEM;

	if (r == 0)
		r = file_replace(reporter->folder, CARRIED_FILE_DUE, 0640, text, strlen(text));
	if (r == 0 && (snprintf(path, sizeof(path), "%s/" CARRIED_FILE, reporter->folder) >=
			       (int)sizeof(path) ||
		       unlink(path) < 0))
		r = -errno;
	if (r == 0)
		r = show_result(reporter);
	if (r < 0)
		log_warning("the carried answer cannot be put away: %s", strerror(-r));
	if (carried->problem[0])
		log_warning("the carried answer: %s", carried->problem);
	else
		log_notice("the carried answer was taken: %s", carried->receipt);
	free(text);
	json_decref(json);
	carried_done(carried);
	reporter_show(reporter);
}

static void refuse(struct reporter *reporter, const char *problem)
{
	snprintf(reporter->carried.problem, sizeof(reporter->carried.problem), "%s", problem);
	finish(reporter);
}

static int open_file(struct reporter *reporter, uint8_t **plain, size_t *length)
{
	char path[PATH_MAX], reason[160];
	uint8_t *file = NULL, digest[32];
	size_t size = 0;
	int r = snprintf(path, sizeof(path), "%s/" CARRIED_FILE, reporter->folder) >=
				(int)sizeof(path)
			? -ENAMETOOLONG
			: file_read(path, ANSWER_FILE_MAX, &file, &size);

	if (r < 0)
		return r;
	reporter->carried.at_work = true;
	crypto_hash_sha256(digest, file, size);
	sodium_bin2hex(reporter->carried.digest, sizeof(reporter->carried.digest), digest, 32);
	/* A terminal that registered without a recipient gets its answers open. */
	if (size < strlen(AGE_HEAD) || memcmp(file, AGE_HEAD, strlen(AGE_HEAD)) != 0) {
		*plain = file;
		*length = size;
		return 0;
	}
	r = age_decrypt_buffer(file, size, reporter->ring, plain, length);
	free(file);
	if (r < 0) {
		snprintf(reason, sizeof(reason), "%s",
			 r == AGE_NO_MATCH ? "it is encrypted to somebody else: the answer for "
					     "another terminal, or "
					     "a bundle for the office"
					   : age_result_text(r));
		refuse(reporter, reason);
	}
	return r;
}

/* The office's word on this very log, or the file is not for us. */
static const char *take_checkpoint(struct reporter *reporter, const struct section *section)
{
	struct carried *carried = &reporter->carried;
	struct tlog_checkpoint checkpoint;
	struct upload_head head;
	struct tlog_note note;
	uint64_t time;
	int r = upload_head(reporter->journal, &head);

	if (r < 0)
		return "the journal's own checkpoint cannot be read";
	r = tlog_checkpoint_open((const char *)section->data, section->length, &head.log,
				 &checkpoint, &note);
	if (r < 0)
		return "its receipt is of another terminal's log, or of a former one";
	r = tlog_note_verify(&note, &reporter->target.key, &time);
	if (r == -EKEYREJECTED)
		return "its receipt is forged: the office's signature on it is wrong";
	if (r < 0)
		return "its receipt is not of the office at which this terminal is registered";
	if (checkpoint.size < reporter->confirmed) {
		snprintf(carried->receipt, sizeof(carried->receipt),
			 "older: it confirms %" PRIu64 " entries, and %" PRIu64
			 " were confirmed before",
			 checkpoint.size, reporter->confirmed);
		return NULL;
	}
	snprintf(carried->receipt, sizeof(carried->receipt),
		 "the office confirms %" PRIu64 " entries", checkpoint.size);
	reporter_receipt(reporter, (const char *)section->data, section->length, checkpoint.size,
			 time);
	return NULL;
}

static const char *take_parts(struct reporter *reporter, const struct carried_parts *parts)
{
	const char *problem = NULL;

	if (parts->checkpoint.length)
		problem = take_checkpoint(reporter, &parts->checkpoint);
	/* journald compares it with the key that it sealed: no other log's would do. */
	if (!problem && parts->note.length)
		reporter_sealed(reporter, (const char *)parts->note.data, parts->note.length);
	if (problem)
		return problem;
	if (!parts->checkpoint.length)
		snprintf(reporter->carried.receipt, sizeof(reporter->carried.receipt),
			 "the office has no entry of this terminal yet");
	/* Judged anew, whatever came before: who carries it wants to see the result. */
	reporter->delivery.judged_count = 0;
	delivery_list(&reporter->delivery, &parts->inbox);
	reporter->carried.documents = json_incref(parts->documents);
	reporter->carried.results = json_array();
	return NULL;
}

void carried_take(struct reporter *reporter)
{
	struct carried_parts parts = { 0 };
	const char *problem;
	uint8_t *plain = NULL;
	size_t length = 0;
	int r;

	if (reporter->carried.at_work || !reporter->has_target || reporter->delivery.cookie)
		return;
	r = open_file(reporter, &plain, &length);
	if (r < 0) {
		/* Refused already, unless it could not be read at all. */
		if (r != -ENOENT && reporter->carried.at_work)
			refuse(reporter, strerror(-r));
		return;
	}
	problem = carried_parse(plain, length, &parts) < 0 ? "it is no answer of an office"
							   : take_parts(reporter, &parts);
	json_decref(parts.documents);
	free(plain);
	if (problem)
		refuse(reporter, problem);
	else
		carried_kick(reporter);
}

static void add_result(struct carried *carried, const struct answer_document *document, int error,
		       const char *text)
{
	json_array_append_new(carried->results,
			      json_pack("{s:s, s:I, s:i, s:s}", "kind", document->kind, "id",
					(json_int_t)document->id, "error", error, "text", text));
}

bool carried_kick(struct reporter *reporter)
{
	struct carried *carried = &reporter->carried;
	const struct answer_document *document;
	uint8_t *file;
	size_t length;
	int r = 0;

	if (!carried->at_work)
		return false;
	while (r == 0 && !reporter->delivery.cookie &&
	       (document = delivery_due(&reporter->delivery))) {
		if (!link_is_up(reporter->core))
			return true;
		r = answer_file(carried->documents, reporter->delivery.at, &file, &length);
		if (r == 0)
			r = delivery_hand(&reporter->delivery, reporter->core, file, length);
		else
			reporter->delivery.at++;
		free(file);
		if (r == -EBADMSG) {
			add_result(carried, document, r, "it is not what the list announced");
			r = 0;
		}
	}
	if (r < 0)
		reporter_later(reporter, 0, "a document cannot be handed to airgapd: %s",
			       strerror(-r));
	else if (!reporter->delivery.cookie && !reporter->receipt[0] && !reporter->sealed_note[0])
		finish(reporter);
	return carried->at_work;
}

void carried_judged(struct reporter *reporter, const struct msg_document_taken *taken)
{
	const struct delivery *delivery = &reporter->delivery;

	if (reporter->carried.at_work && delivery->cookie && taken->cookie == delivery->cookie)
		add_result(&reporter->carried, &delivery->inbox.documents[delivery->at],
			   taken->error, taken->text);
}

void carried_receipt(struct reporter *reporter, const struct msg_receipt_taken *taken)
{
	struct carried *carried = &reporter->carried;

	if (carried->at_work && taken->error < 0)
		snprintf(carried->problem, sizeof(carried->problem),
			 "the journal does not take the receipt: %s", strerror(-taken->error));
}
