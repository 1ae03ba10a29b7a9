/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers of the office that came on a medium: `airgapctl report import` puts one as the file `answer`
 * into our folder. What is in it goes the ways that it would have gone from the network: the receipt to
 * airgap-journald, documents to airgapd, each verified there as well. When all of it has an answer,
 * what became of it is written as `answer-result.due`, the file removed, and the former given its name
 * `answer-result`. Killed before the file is gone it is begun anew, and nothing of it does harm a second
 * time; killed after, the next start has only the name to give.
 */
#ifndef AIRGAP_REPORT_CARRIED_H
#define AIRGAP_REPORT_CARRIED_H

#include <jansson.h>

#include "agent/lib/msg.h"

#define CARRIED_FILE	    "answer"
#define CARRIED_FILE_RESULT "answer-result"
#define CARRIED_FILE_DUE    "answer-result.due"

struct reporter;

struct carried {
	bool at_work;
	char digest[65]; /* SHA-256 of the file as it came, hexadecimal */
	json_t *documents, *results;
	char receipt[160], problem[200]; /* for people; "": nothing to say */
};

/* carried_settle - at the start: a former life may have got as far as the result's name */
void carried_settle(const struct reporter *reporter);

/* carried_take - begin with the file, if one is there and nothing else is under way */
void carried_take(struct reporter *reporter);

/**
 * carried_kick - hand over the document that is due, and end when nothing is left
 *
 * Returns true while the answer occupies the way to the core.
 */
bool carried_kick(struct reporter *reporter);

/* carried_judged, carried_receipt - what the core said of a document, journald of the receipt */
void carried_judged(struct reporter *reporter, const struct msg_document_taken *taken);
void carried_receipt(struct reporter *reporter, const struct msg_receipt_taken *taken);

void carried_done(struct carried *carried);

#endif
