/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the office answers, taken apart with bounds: untrusted until a signature says otherwise.
 * Formats: airgap-wire(7).
 */
#ifndef AIRGAP_REPORT_ANSWER_H
#define AIRGAP_REPORT_ANSWER_H

#include <jansson.h>

#include "agent/lib/office_note.h"
#include "agent/lib/upload.h"

/* answer_size - text/x.tlog.size: one number and a newline; 0 or -EBADMSG */
int answer_size(const char *body, size_t length, uint64_t *size);

/* answer_mirror_info - size of the pending checkpoint, next entry, an empty line; 0 or -EBADMSG */
int answer_mirror_info(const char *body, size_t length, uint64_t *pending, uint64_t *next);

/**
 * answer_receipt - cosignature lines on @head
 * @office: whose cosignature must be among them
 * @note: set to the checkpoint with all its signatures, NUL-terminated
 * @time: the office's, UNIX seconds
 *
 * Returns 0; -EBADMSG: no such lines; -ENOKEY: none of the office's; -EKEYREJECTED: it is wrong.
 */
int answer_receipt(const struct upload_head *head, const struct tlog_key *office, const char *body,
		   size_t length, char note[static UPLOAD_NOTE_MAX], size_t *note_length,
		   uint64_t *time);

/* answer_enrol - the number under which a registration is asked after; 0 or -EBADMSG */
#define ANSWER_ID_SIZE 33
int answer_enrol(const char *body, size_t length, char id[static ANSWER_ID_SIZE]);

/**
 * answer_registered - the office's note that it keeps our first key
 * @note: set to it, NUL-terminated; "" when the answer holds none
 *
 * Whether it is the office's is not looked at. Returns 0 or -EBADMSG.
 */
int answer_registered(const char *body, size_t length, char note[static OFFICE_NOTE_MAX]);

/* A document that waits at the office. */
struct answer_document {
	uint64_t id;
	uint64_t length;
	char kind[16];
	uint8_t digest[32]; /* SHA-256 of the file */
};

#define ANSWER_DOCUMENTS_MAX 64
#define ANSWER_DOCUMENT_SIZE ((size_t)32 << 20)

struct answer_inbox {
	uint32_t count;
	struct answer_document
		documents[ANSWER_DOCUMENTS_MAX]; /* in the order to install them in */
};

/* answer_inbox - what lies beyond the first ANSWER_DOCUMENTS_MAX comes next time; 0 or -EBADMSG */
int answer_inbox(const char *body, size_t length, struct answer_inbox *inbox);

/**
 * answer_carried - the same list as it travels in a file, each document with its "file"
 * @list: set to a new reference, also on failure; may be NULL
 */
int answer_carried(const char *body, size_t length, struct answer_inbox *inbox, json_t **list);

/* answer_file - content of the document at @index, which the caller frees; 0; -EBADMSG; -ENOMEM */
int answer_file(const json_t *list, uint32_t index, uint8_t **file, size_t *length);

/* answer_words - the first line of a refusal, printable; "" when there is none */
void answer_words(const char *body, size_t length, char *words, size_t size);

#endif
