/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and writing texts that have one spelling. Private to policy/transfer.
 *
 * What is signed, shown and compared must be one text: a spare blank or a comment could say something to
 * the reader that no program sees. So each text is printed again from what was read, and compared.
 */
#ifndef AIRGAP_POLICY_TRANSFER_SPELLING_H
#define AIRGAP_POLICY_TRANSFER_SPELLING_H

#include <stdbool.h>
#include <stdio.h>

#include "policy/lang/document.h"
#include "policy/transfer/batch.h"
#include "policy/transfer/manifest.h"

/* 9999-12-31T23:59:59Z: no later time can be written */
#define SPELLING_TIME_MAX INT64_C(253402300799)

/* spelling_... - "    keyword    value\n"; a text of "" prints nothing */
void spelling_word(FILE *out, const char *keyword, const char *word);
void spelling_text(FILE *out, const char *keyword, const char *text);
void spelling_bytes(FILE *out, const char *keyword, const uint8_t *bytes, size_t size);
void spelling_time(FILE *out, const char *keyword, int64_t time);

/* spelling_keyword - "    keyword    "; spelling_hex - digits alone */
void spelling_keyword(FILE *out, const char *keyword);
void spelling_hex(FILE *out, const uint8_t *bytes, size_t size);
/* spelling_file - what every text says of a file, without the end of its line */
void spelling_file(FILE *out, const struct manifest_file *file);

/* A text that is being read: its block, where findings go. */
struct spelling_reader {
	const struct block *block;
	struct diag_list *diags;
};

/* spelling_read_... - one argument of a statement; the schema has seen to their bounds */
void spelling_read_text(const struct spelling_reader *reader, const char *keyword, const char *name,
			char *out, size_t size);
void spelling_read_bytes(const struct spelling_reader *reader, const char *keyword,
			 const char *name, uint8_t *out, size_t size);
int64_t spelling_read_time(const struct spelling_reader *reader, const char *keyword);
uint32_t spelling_read_direction(const struct spelling_reader *reader);
/* spelling_read_file - reports a name or a type that is not to be */
void spelling_read_file(const struct spelling_reader *reader, const struct statement *statement,
			struct manifest_file *file);
/* spelling_read_recipient - reports what is no recipient of age */
void spelling_read_recipient(const struct spelling_reader *reader,
			     const struct statement *statement, char *out);

/* What prints itself: writes to @out. */
typedef void (*spelling_printer)(FILE *out, const void *what);

/* spelling_print - to memory that the caller frees; 0 or -ENOMEM */
int spelling_print(spelling_printer print, const void *what, char **text, size_t *length);

/**
 * spelling_check - report a text that is not what @print makes of it
 * @who: writes such texts: for the help
 *
 * Returns 0 or -ENOMEM.
 */
int spelling_check(spelling_printer print, const void *what, const char *text, size_t length,
		   const char *who, struct diag_list *diags);

#endif
