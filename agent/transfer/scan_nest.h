/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An archive within an archive within an archive, deeper than any scanner goes. */
#ifndef AIRGAP_TRANSFER_SCAN_NEST_H
#define AIRGAP_TRANSFER_SCAN_NEST_H

#include <stddef.h>
#include <stdint.h>

/* ClamAV takes no MaxRecursion above 100. */
#define SCAN_NEST_DEPTH 120u

/* scan_nest_new - the archive, some 12 KiB of it; the caller frees it; NULL: no memory */
uint8_t *scan_nest_new(size_t *length);

#endif
