/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking over what terminals report: one verifier for the wire and for offline bundles.
 *
 * Both calls verify everything before they write anything, and write inside the caller's
 * transaction; what they answer may be told only after that is committed. Formats: C2SP
 * tlog-witness (add-checkpoint) and tlog-mirror (add-entries); see airgap-wire(7).
 */
#ifndef AIRGAP_OFFICE_INGEST_H
#define AIRGAP_OFFICE_INGEST_H

#include "agent/office/extract.h"
#include "agent/office/incident_book.h"
#include "agent/office/keys.h"

#define INGEST_BODY_MAX	    ((size_t)8 << 20)
#define INGEST_PACKAGES_MAX 32
#define INGEST_ANSWER_SIZE  512
#define INGEST_ACCUSED_SIZE 256

/* A body that came with others, in a bundle. */
struct ingest_body {
	const void *data;
	size_t length;
};

struct ingest {
	struct store *store;
	const struct keys *keys;
	const struct incident_book *book; /* whose rules count */
	bool online;  /* a live terminal: whoever is behind what it signed before was rolled back */
	int64_t peer; /* terminal that the connection belongs to; 0: any, as in a bundle */
	int64_t now_us;
	/* in a bundle: the add-entries bodies that come with the checkpoint */
	const struct ingest_body *carried;
	size_t carried_count;
	/* between the bodies of a bundle: commit what is there and begin anew, so that others get in */
	int (*pause)(void *data);
	void *pause_data;
};

enum ingest_type {
	INGEST_TYPE_TEXT,	 /* words for people */
	INGEST_TYPE_SIZE,	 /* text/x.tlog.size */
	INGEST_TYPE_MIRROR_INFO, /* text/x.tlog.mirror-info */
	INGEST_TYPE_SIGNATURES,	 /* cosignature lines */
};

struct ingest_answer {
	unsigned int status; /* as HTTP has it: 200, 202, 400, 403, 404, 409, 413, 422 */
	enum ingest_type type;
	char body[INGEST_ANSWER_SIZE];
	int64_t terminal;		   /* whose log it is; 0: unknown */
	uint64_t added;			   /* entries that are new */
	bool old;			   /* the office had all of it already */
	char accused[INGEST_ACCUSED_SIZE]; /* what the terminal is convicted of; "": nothing */
};

/*
 * Both: 0 and the answer, also when it is a refusal; or -errno of the store: then the transaction
 * must be rolled back, and nothing may be said to have happened.
 */
int ingest_checkpoint(const struct ingest *ingest, const void *body, size_t length,
		      struct ingest_answer *answer);
int ingest_entries(const struct ingest *ingest, const void *body, size_t length,
		   struct ingest_answer *answer);

/* --- the bodies, taken apart; untrusted --- */

struct ingest_request {
	uint64_t old;
	struct tlog_proof proof;
	const char *note;
	size_t note_length;
};

/* ingest_parse_checkpoint - 0 or -EBADMSG */
int ingest_parse_checkpoint(const char *body, size_t length, struct ingest_request *request);

struct ingest_upload {
	char origin[TLOG_NAME_SIZE];
	uint64_t start, end;
	const uint8_t *packages;
	size_t length;
};

/* ingest_parse_upload - the head of add-entries; 0 or -EBADMSG */
int ingest_parse_upload(const uint8_t *body, size_t length, struct ingest_upload *upload);

struct ingest_package {
	uint64_t bundle;     /* rounded start / 256 */
	uint64_t start, end; /* of the entries in it */
	const uint8_t *entries;
	size_t entries_length;
	struct tlog_proof proof;
};

/**
 * ingest_next_package - the package that begins at @upload->start; the upload then stands after it
 *
 * Returns 1; 0: none is left; -EBADMSG: what is left is no whole package.
 */
int ingest_next_package(struct ingest_upload *upload, struct ingest_package *package);

#endif
