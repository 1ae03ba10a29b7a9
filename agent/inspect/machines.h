/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual machines and other systems within this one, by the files that they are. */
#ifndef AIRGAP_INSPECT_MACHINES_H
#define AIRGAP_INSPECT_MACHINES_H

#include "agent/inspect/inspect.h"

/**
 * machines_find - state each as a failure: in the folders of hypervisors, and anywhere in homes
 *
 * Names alone are looked at. That a home could not be looked through whole is stated, too.
 */
void machines_find(struct inspect *inspect);

#endif
