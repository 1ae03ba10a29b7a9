/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share. A target feeds bytes to one parser of untrusted bytes and checks what
 * the parser promises, so that a wrong answer is found as well as a crash.
 */
#ifndef AIRGAP_TESTS_FUZZ_H
#define AIRGAP_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/decide/facts.h"
#include "policy/lang/diag.h"

struct document;
struct policy;

/* Called by libFuzzer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* MUST - end the process, and so keep the input, when a promise is broken */
#define MUST(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *promise, const char *file, int line);

/* fuzz_ended - whether a text of @size bytes has its NUL among them */
bool fuzz_ended(const char *text, size_t size);
#define ENDED(array) fuzz_ended(array, sizeof(array))

/* fuzz_shown - the text is UTF-8 without control characters, as anything shown must be */
bool fuzz_shown(const char *text);

/* fuzz_facts_hold - texts ended, numbers in their ranges */
void fuzz_facts_hold(const struct usb_facts *facts);

/* fuzz_verdict_holds - a verdict over these facts is within what any policy may say */
void fuzz_verdict_holds(const struct usb_facts *facts, const struct policy_verdict *verdict);

/**
 * fuzz_diags_hold - findings are within the text and fit to be shown; prints them all
 * @result: of the parser: 0, or -EINVAL exactly when there were errors
 */
void fuzz_diags_hold(struct diag_list *diags, const char *text, size_t length, int result);

/**
 * fuzz_document_prints - what an accepted text is printed as means the same, and is printed as itself
 *
 * @kind as for document_parse(). Gives the printed text, which the caller frees; NULL when @text was
 * not accepted, or when it grew beyond what a text may have.
 */
char *fuzz_document_prints(const char *kind, const char *text, size_t length, size_t *printed);

/* fuzz_documents_same - of two documents: everything but the places where it stands */
bool fuzz_documents_same(const struct document *a, const struct document *b);

/* fuzz_policy - a policy with rules of every kind, for parsers whose facts are decided upon */
const struct policy *fuzz_policy(void);

#endif
