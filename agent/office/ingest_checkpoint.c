// SPDX-License-Identifier: GPL-2.0-or-later
/* add-checkpoint: what a terminal signs now, against what it signed before. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/office/evidence.h"
#include "agent/office/ingest_answer.h"
#include "agent/office/mirror.h"
#include "agent/office/store/store_terminal.h"
#include "agent/office/store/store_log.h"

/* A checkpoint has three lines; extensions that would not fit are not taken. */
#define CLAIM_NOTE_SIZE 2048

struct claim {
	const struct ingest *ingest;
	struct ingest_request request;
	struct tlog_checkpoint checkpoint;
	struct store_terminal terminal;
	struct store_head head;
	struct ingest_answer *answer;
	char note[CLAIM_NOTE_SIZE]; /* the checkpoint with the log's signature and no other */
	size_t note_length;
};

/* The signed checkpoint is kept: it proves itself to anyone who has the terminal's public key. */
static int accuse(const struct claim *claim, const char *kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int accuse(const struct claim *claim, const char *kind, const char *format, ...)
{
	char *facts = claim->answer->accused;
	struct evidence evidence = { .terminal = claim->terminal.id,
				     .kind = kind,
				     .facts = facts,
				     .proof = claim->note,
				     .proof_length = claim->note_length,
				     .now_us = claim->ingest->now_us };
	struct ingest_parting parting = { 0 };
	va_list args;
	int r = 0;

	/* A log that goes on after it parted is one cause, however often it is exported. */
	if (!claim->ingest->online)
		r = ingest_carried(claim->ingest, &claim->terminal, &claim->head, &claim->request,
				   &claim->checkpoint, &parting);
	if (r < 0)
		return r;
	if (parting.known) {
		evidence.cause = &parting.at;
		evidence.cause_length = sizeof(parting.at);
	}
	va_start(args, format);
	vsnprintf(facts, INGEST_ACCUSED_SIZE, format, args);
	va_end(args);
	return evidence_keep(claim->ingest->store,
			     incident_book_for(claim->ingest->book, &claim->terminal), &evidence);
}

static int answer_size(const struct claim *claim)
{
	return ingest_answer_type(claim->answer, 409, INGEST_TYPE_SIZE, "%" PRIu64 "\n",
				  claim->head.pending_size);
}

/* Smaller than what the terminal itself signed and proved before. */
static int behind(struct claim *claim)
{
	uint64_t size = claim->checkpoint.size;
	struct tlog_hash root;
	bool other = false;
	int r = 0;

	if (size <= claim->head.next) {
		r = mirror_root(claim->ingest->store, claim->terminal.id, size, &root);
		other = r == 0 && !tlog_hash_same(&root, &claim->checkpoint.root);
	}
	if (r == 0 && other)
		r = accuse(claim, "fork",
			   "the terminal signed %" PRIu64 " entries that are not those it signed "
			   "before: its log was rewritten, or two "
			   "machines use its key",
			   size);
	else if (r == 0 && claim->ingest->online)
		r = accuse(claim, "rollback",
			   "the terminal is at %" PRIu64 " entries and had signed %" PRIu64
			   ": its disk was set back",
			   size, claim->head.pending_size);
	/* An older bundle once more is nobody's fault. */
	if (r == 0 && !other && !claim->ingest->online) {
		claim->answer->old = true;
		return ingest_good(claim->answer);
	}
	return r < 0 ? r : answer_size(claim);
}

static int same_size(struct claim *claim)
{
	int r;

	if (memcmp(claim->head.pending_root, claim->checkpoint.root.bytes, STORE_HASH_SIZE) == 0)
		return ingest_good(claim->answer);
	r = accuse(
		claim, "fork",
		"two different logs of %" PRIu64
		" entries, both signed by the terminal: its log was rewritten, or two machines use "
		"its key",
		claim->checkpoint.size);
	return r < 0 ? r : answer_size(claim);
}

static int set_pending(struct claim *claim)
{
	int r = store_head_pending(claim->ingest->store, claim->terminal.id,
				   claim->head.pending_size, claim->checkpoint.size,
				   claim->checkpoint.root.bytes, claim->note, claim->note_length);

	return r < 0 ? r : ingest_good(claim->answer);
}

static int not_continued(struct claim *claim)
{
	if (claim->request.old != claim->head.pending_size)
		return answer_size(claim);
	return ingest_answer(claim->answer, 422,
			     "the proof does not show that the log only grew\n");
}

static int forked(struct claim *claim)
{
	int r = accuse(claim, "fork",
		       "a log of %" PRIu64 " entries that does not continue the %" PRIu64
		       " it had signed before: its log was set back or rewritten, or two machines "
		       "use its key",
		       claim->checkpoint.size, claim->head.pending_size);

	return r < 0 ? r : not_continued(claim);
}

/* The proof does not do; from a bundle, nobody but the terminal itself may be able to accuse it. */
static int ahead_by_bundle(struct claim *claim)
{
	struct ingest_parting parting;
	int r = ingest_carried(claim->ingest, &claim->terminal, &claim->head, &claim->request,
			       &claim->checkpoint, &parting);

	if (r == INGEST_CARRIED_LEADS)
		return set_pending(claim);
	if (r == INGEST_CARRIED_CONTRADICTS)
		return forked(claim);
	return r < 0 ? r : not_continued(claim);
}

static int ahead(struct claim *claim)
{
	bool asked = claim->request.old == claim->head.pending_size;
	struct tlog_hash old;

	tlog_hash_empty(&old);
	if (claim->head.pending_size > 0)
		memcpy(old.bytes, claim->head.pending_root, sizeof(old.bytes));
	if (asked && tlog_check_consistency(&claim->request.proof, claim->request.old, &old,
					    claim->checkpoint.size, &claim->checkpoint.root) == 0)
		return set_pending(claim);
	if (!claim->ingest->online)
		return ahead_by_bundle(claim);
	/* On line it is the terminal that speaks. */
	return asked ? forked(claim) : answer_size(claim);
}

/*
 * Of the signatures only the log's own is taken over: another one, perhaps in the office's name, would
 * stand in the receipt and spoil it. 0; -ENOKEY; -EKEYREJECTED; -EMSGSIZE
 */
static int keep_signed(struct claim *claim, const struct tlog_note *note,
		       const struct tlog_key *key)
{
	int length, r = tlog_note_verify(note, key, NULL);

	for (size_t i = 0; r == 0 && i < note->count; i++) {
		const struct tlog_signature *s = &note->signatures[i];
		struct tlog_note one = { .text = note->text,
					 .text_length = note->text_length,
					 .count = 1,
					 .signatures = { *s } };

		if (tlog_note_verify(&one, key, NULL) < 0)
			continue;
		length = snprintf(claim->note, sizeof(claim->note), "%.*s\n\u2014 %.*s %.*s\n",
				  (int)note->text_length, note->text, (int)s->name_length, s->name,
				  (int)s->base64_length, s->base64);
		claim->note_length = length < 0 ? 0 : (size_t)length;
		return claim->note_length < sizeof(claim->note) ? 0 : -EMSGSIZE;
	}
	return r;
}

/* Whose log is it, and is it signed by it? 0 and a status of 0 when both are known. */
static int identify(struct claim *claim)
{
	struct tlog_note note;
	struct tlog_key key;
	int r;

	if (tlog_note_parse(claim->request.note, claim->request.note_length, &note) < 0 ||
	    tlog_checkpoint_parse(note.text, note.text_length, &claim->checkpoint) < 0)
		return ingest_answer(claim->answer, 400, "the request holds no checkpoint\n");
	r = store_terminal_by_origin(claim->ingest->store, claim->checkpoint.origin,
				     &claim->terminal);
	if (r == -ENOENT)
		return ingest_answer(claim->answer, 404, "no log of this origin is registered\n");
	if (r < 0)
		return r;
	claim->answer->terminal = claim->terminal.id;
	r = ingest_admit(claim->ingest, &claim->terminal, claim->answer);
	if (r < 0 || claim->answer->status)
		return r;
	r = tlog_key_make(&key, TLOG_KEY_NOTE, claim->terminal.origin, claim->terminal.log_key);
	if (r == 0)
		r = keep_signed(claim, &note, &key);
	if (r == -EMSGSIZE)
		return ingest_answer(claim->answer, 400,
				     "the checkpoint is longer than what is taken here\n");
	if (r < 0)
		return ingest_answer(claim->answer, 403,
				     "the checkpoint is not signed with the registered key\n");
	return 0;
}

int ingest_checkpoint(const struct ingest *ingest, const void *body, size_t length,
		      struct ingest_answer *answer)
{
	struct claim claim = { .ingest = ingest, .answer = answer };
	int r;

	*answer = (struct ingest_answer){ 0 };
	if (ingest_parse_checkpoint(body, length, &claim.request) < 0)
		return ingest_answer(answer, 400, "the request is not in the witness form\n");
	r = identify(&claim);
	if (r < 0 || answer->status)
		return r;
	if (claim.request.old > claim.checkpoint.size)
		return ingest_answer(answer, 400, "the old size is above the new one\n");
	r = store_head_get(ingest->store, claim.terminal.id, &claim.head);
	if (r < 0)
		return r;
	if (claim.checkpoint.size < claim.head.pending_size)
		return behind(&claim);
	if (claim.checkpoint.size == claim.head.pending_size && claim.head.pending_size > 0)
		return same_size(&claim);
	return ahead(&claim);
}
