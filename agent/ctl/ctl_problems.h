/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRGAP_CTL_PROBLEMS_H
#define AIRGAP_CTL_PROBLEMS_H

#include <jansson.h>

/**
 * ctl_problems - what is wrong, by the status that the door told
 * @status: its member "status"; may be null
 *
 * Returns a new array of sentences: what is the matter, what it means, what to do. Empty: nothing.
 */
json_t *ctl_problems(const json_t *status);

#endif
