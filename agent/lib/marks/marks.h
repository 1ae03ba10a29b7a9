/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Classification markings (密级标志) in documents: 机密★10年, 秘密, and whatever else the signers' list
 * calls its levels. What is found may only raise the level that the author stated; that nothing was
 * found says nothing.
 *
 * A marking is a label followed by ★, anywhere; or a label that stands alone on its line, spaces
 * between its characters or none, a term behind it or none (机密 10年, 绝密 长期), "密级:" before it or
 * none. A label within a sentence is no marking, or every text about secrecy would be secret.
 *
 * Seen: plain text in UTF-8, UTF-16 with a byte order mark and GB18030; OOXML and ODF, as deflated or
 * stored zip members; PDF text in streams that are plain or Flate, through ToUnicode tables. Not seen:
 * pictures, scans, encrypted documents, PDF text whose font has no such table, other formats.
 */
#ifndef AIRGAP_LIB_MARKS_H
#define AIRGAP_LIB_MARKS_H

#include <stdint.h>

#include "policy/decide/context.h"

#define MARKS_LABEL_SIZE 64
#define MARKS_TEXT_SIZE	 96

struct marks_labels {
	uint32_t count;
	char levels[POLICY_LEVELS_MAX][72];		  /* "jimi"; lowest first */
	char labels[POLICY_LEVELS_MAX][MARKS_LABEL_SIZE]; /* "机密" */
};

/* Fixed size, no pointers. */
struct marks_found {
	int32_t rank;		    /* of the highest marking, from 0; -1: none */
	uint32_t looked;	    /* 1: the content is of a kind in which markings are seen */
	uint32_t cut;		    /* 1: and it was too much, or too damaged, to be seen whole */
	uint32_t strange;	    /* 1: of plain text: bytes in it that are none */
	char text[MARKS_TEXT_SIZE]; /* the marking's line, spaces left out; "" */
};

/* marks_rank - of a level by its name; -1: no such level */
int marks_rank(const struct marks_labels *labels, const char *level);

struct marks;

/**
 * marks_new - get ready to look
 * @labels: copied; NULL: none, so that only the rest of what marks_find() says is of use
 *
 * Asks iconv(3) how the labels are written in GB18030, so that marks_find() needs no file and no
 * library. Returns NULL when there is no memory, or a label is no UTF-8.
 */
struct marks *marks_new(const struct marks_labels *labels);
void marks_free(struct marks *marks);

/**
 * marks_find - look through a file
 * @fd: regular, read by offset from 0
 * @type: "txt", "csv", "docx", "odt", "pdf", ...
 *
 * Bounded in memory, whatever the file is. Returns 0; -ENOMEM; -EIO and the like when it cannot be read.
 * What is damaged is seen as far as it can be, and 'cut' is set.
 */
int marks_find(const struct marks *marks, int fd, const char *type, struct marks_found *found);

#endif
