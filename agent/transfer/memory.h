/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The uses of media that this terminal has seen, by the slips that it wrote or imported: file "seen" in
 * the transfer folder. Only by them a second copy of a medium, or a slip that comes again, is noticed.
 */
#ifndef AIRGAP_TRANSFER_MEMORY_H
#define AIRGAP_TRANSFER_MEMORY_H

#include "agent/transfer/import.h"
#include "agent/transfer/transferd.h"

/* The oldest go first. */
#define MEMORY_MAX 8192

/* memory_load - all of them; @memory is the caller's to free. 0, also when there are none; -errno */
int memory_load(const struct transferd *self, struct import_memory **memory, size_t *count);

/* memory_add - one more; on the disk when 0 is returned */
int memory_add(const struct transferd *self, const struct import_memory *one);

/* memory_imported - a batch was delivered: the use that it came by */
void memory_imported(const struct transferd *self, const struct batch *batch);

#endif
