/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two documents that mean the same, whatever their layout. */
#ifndef AIRGAP_TESTS_SAME_DOCUMENT_H
#define AIRGAP_TESTS_SAME_DOCUMENT_H

#include "policy/lang/document.h"

/** same_document - fails the test unless both have the same blocks, statements and values, in order */
void same_document(const struct document *a, const struct document *b);

#endif
