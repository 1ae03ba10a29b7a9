/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_TRANSFER_SERVE_EXPORT_H
#define AIRGAP_TRANSFER_SERVE_EXPORT_H

#include "agent/transfer/medium_list.h"
#include "agent/transfer/transferd.h"

/**
 * serve_medium_came - a medium is there: was an export to it interrupted?
 *
 * Then what is left of it is removed by a worker, and the batch says so; where its slip turns out to lie
 * there, it is an export that was completed.
 */
void serve_medium_came(struct transferd *self, const struct medium_use *use);

#endif
