/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often one address may ask for what costs something: a bucket for each, in fixed memory. */
#ifndef AIRGAP_OFFICE_RATE_H
#define AIRGAP_OFFICE_RATE_H

#include <stdbool.h>
#include <stdint.h>

#define RATE_SLOTS 1024

struct rate {
	unsigned int burst;	     /* so many at once */
	int64_t interval_us;	     /* and one more after each of these */
	int64_t full_us[RATE_SLOTS]; /* when the bucket is full again */
};

/* rate_allow - may @who (an address, a name) do it now? Addresses that share a slot share its share. */
bool rate_allow(struct rate *rate, const char *who, int64_t now_us);

#endif
