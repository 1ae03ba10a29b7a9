/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the kernel holds to what is meant, as one batch for nftables. */
#ifndef AIRGAP_CORE_NETWORK_RULESET_BATCH_H
#define AIRGAP_CORE_NETWORK_RULESET_BATCH_H

/**
 * ruleset_batch - commands that turn one into the other
 * @held: nftables' listing of the tables of ours that are there
 * @meant: the text of a plan, by ruleset_text()
 * @batch: set to text that the caller frees
 *
 * Chains and sets that stay are kept: traffic that is let pass before and after sees no gap, and
 * meters and counters go on. Chains that are no longer meant are deleted, and so is one whose device
 * has another name now. Returns 0 or -ENOMEM.
 */
int ruleset_batch(const char *held, const char *meant, char **batch);

#endif
