/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept beside a batch, in files of its name. Of book*.c alone. */
#ifndef AIRGAP_TRANSFER_BOOK_FILES_H
#define AIRGAP_TRANSFER_BOOK_FILES_H

#include "agent/transfer/book.h"

/* book_remove_file - ID@suffix, if it is there */
void book_remove_file(const struct book *book, const struct batch *batch, const char *suffix);

#endif
