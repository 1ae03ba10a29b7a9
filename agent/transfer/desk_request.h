/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests at the desk: a packet each, one JSON object ended by NUL, at most DESK_REQUEST_MAX bytes.
 * Batches are named by their id or by at least four first digits of it; media by theirs.
 *
 *	request		unit level term basis	begin a batch that is to leave; then add, and seal
 *	foreign		level [term] [basis] [medium]	begin one that comes from a foreign medium
 *	add		name, a descriptor	a file of the batch that this connection has begun;
 *				for foreign without a descriptor: its path on the medium
 *	seal					that was all: what is needed now?
 *	approval	batch			the text that an approver signs
 *	approve		batch, a descriptor	that text, signed
 *	export		batch [medium]		write it, with progress
 *	import		[medium] [batch]	read what is meant for this terminal, with progress
 *	look		[medium]		what a medium holds: batches, or files of a foreign one
 *	open		batch index		a descriptor of the staged copy, for an approver
 *	fetch		batch index		a descriptor of a file that came, for the person it is for
 *	fetched		batch			all of it is taken, and may be removed here
 *	list, media, recipient			what there is; the terminal's own age recipient
 *	show		batch
 *	cancel		batch
 *
 * As at the other doors, members that are not known, members twice, and nesting are refused.
 */
#ifndef AIRGAP_TRANSFER_DESK_REQUEST_H
#define AIRGAP_TRANSFER_DESK_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/transfer.h"
#include "policy/transfer/batch.h"

#define DESK_VERSION	   1
#define DESK_REQUEST_MAX   65536
#define DESK_REQUEST_DEPTH 1

#define DESK_ID_SIZE  TRANSFER_ID_TEXT
#define DESK_ID_LEAST 4 /* digits that may stand for an id */

enum desk_verb {
	DESK_VERB_REQUEST,
	DESK_VERB_FOREIGN,
	DESK_VERB_ADD,
	DESK_VERB_SEAL,
	DESK_VERB_APPROVAL,
	DESK_VERB_APPROVE,
	DESK_VERB_EXPORT,
	DESK_VERB_IMPORT,
	DESK_VERB_LOOK,
	DESK_VERB_OPEN,
	DESK_VERB_FETCH,
	DESK_VERB_FETCHED,
	DESK_VERB_LIST,
	DESK_VERB_MEDIA,
	DESK_VERB_RECIPIENT,
	DESK_VERB_SHOW,
	DESK_VERB_CANCEL,
	DESK_VERB_COUNT,
};

/* What is not there is "" or 0. */
struct desk_request {
	enum desk_verb verb;
	uint32_t index;		  /* of a file in its batch, from 0 */
	char batch[DESK_ID_SIZE]; /* lower-case hexadecimal digits */
	char medium[DESK_ID_SIZE];
	char unit[TRANSFER_UNIT_SIZE];
	char level[TRANSFER_LEVEL_SIZE];
	char term[TRANSFER_TERM_SIZE];
	char basis[TRANSFER_BASIS_SIZE];
	char name[TRANSFER_NAME_SIZE]; /* without a flaw: transfer_name_flaw() */
};

/* Why a request was refused: a name that does not change, and words. */
struct desk_refusal {
	const char *error;
	char text[512];
};

/**
 * desk_request_parse - what a client asks
 * @bytes: without the NUL that ends it
 * @has_file: a descriptor came with it
 *
 * Returns 0, or -EINVAL and the reason in @refusal.
 */
int desk_request_parse(const char *bytes, size_t length, bool has_file,
		       struct desk_request *request, struct desk_refusal *refusal);

/* desk_verb_name - "request"; NULL for none */
const char *desk_verb_name(enum desk_verb verb);

/**
 * desk_refuse - fill @refusal in
 *
 * Returns -EINVAL, for callers to return.
 */
int desk_refuse(struct desk_refusal *refusal, const char *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
