/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_CTL_PROBLEMS_H
#define AIRGAP_CTL_PROBLEMS_H

#include <jansson.h>
#include <stdbool.h>

/**
 * ctl_problems - what is wrong, by the status that the door told
 * @status: its member "status"; may be null
 *
 * Returns a new array of sentences: what is the matter, what it means, what to do. Empty: nothing.
 */
json_t *ctl_problems(const json_t *status);

/**
 * ctl_maintenance - the maintenance that runs, as a sentence with its order, its time and its reason
 * @network: member "network" of a status
 *
 * What others wrote is in it: print it with ctl_print_clean(). Returns false when none runs.
 */
bool ctl_maintenance(const json_t *network, char *out, size_t size);

#endif
