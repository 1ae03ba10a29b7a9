/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file is, by its content, and which classification marking stands in it.
 *
 * libmagic and our readers of documents have a hostile file before them, so they run in a child that
 * holds the one descriptor and a pipe, under seccomp with reading, memory and the end of the process,
 * and nothing else: no open, no socket, no signal, no second process. The child's answer is a struct of
 * fixed size; it is believed only as far as its fields are sound.
 *
 * The caller is a process of one thread, as it forks. What it needs of seccomp: clone, wait4, pipe2,
 * prctl, prlimit64, close_range, seccomp, kill.
 */
#ifndef AIRGAP_TRANSFER_FILETYPE_H
#define AIRGAP_TRANSFER_FILETYPE_H

#include "agent/lib/marks/marks.h"
#include "agent/transfer/outcome.h"
#include "policy/decide/transfer.h"

#define FILETYPE_MIME_SIZE 96

struct filetype_settings {
	const char *database; /* NULL: libmagic's own; read when opened, before any file */
	const struct marks_labels *labels; /* copied; NULL: no markings are looked for */
	unsigned int seconds;		   /* of processor time for one file; 0: 60 */
};

/* What was found. Fixed size: it is also what the child writes. */
struct filetype_answer {
	char type[TRANSFER_TYPE_SIZE]; /* "pdf"; "data": none that is known */
	char mime[FILETYPE_MIME_SIZE];
	struct marks_found marks;
};

struct filetype;

/**
 * filetype_open - load libmagic's database
 * @filetype: set; filetype_close() frees it
 *
 * Returns 0; -ENOENT without a database; -ENOMEM.
 */
int filetype_open(const struct filetype_settings *settings, struct filetype **filetype);
void filetype_close(struct filetype *filetype);

/**
 * filetype_look - look at one file
 * @fd: a regular file, open for reading; where it stands is not changed
 *
 * Returns 0; else outcome says OUTCOME_UNTYPABLE (the child died, took too long, or answered nonsense)
 * or OUTCOME_SYSTEM; @answer is zeroed then.
 */
int filetype_look(const struct filetype *filetype, int fd, struct filetype_answer *answer,
		  struct outcome *outcome);

/**
 * filetype_answer_check - whether what a child wrote can be an answer
 *
 * Texts ended and printable, the type a bare name, ranks in range. Returns 0 or -EBADMSG.
 */
int filetype_answer_check(const struct filetype_answer *answer, size_t length,
			  uint32_t level_count);

/**
 * filetype_name - the name that policies know a MIME type by
 *
 * Returns "data" for one that has none.
 */
const char *filetype_name(const char *mime);

#endif
