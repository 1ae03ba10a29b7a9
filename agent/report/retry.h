/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long to wait after a failure: full jitter, rand(0, min(600 s, 2 s * 2^n)), so that a thousand
 * terminals do not come back to a restarted office in step. Only a receipt starts it anew: an office that
 * answers and confirms nothing is no office.
 */
#ifndef AIRGAP_REPORT_RETRY_H
#define AIRGAP_REPORT_RETRY_H

#include <stdint.h>

#define RETRY_FIRST_US 2000000ULL
#define RETRY_MOST_US  600000000ULL
/* An office that asks for more is not believed: it would be a way to silence terminals. */
#define RETRY_AFTER_MOST_S 3600

struct retry {
	uint32_t failures; /* since the last receipt */
};

/* retry_limit_us - what the next wait is below, for @failures so far */
uint64_t retry_limit_us(uint32_t failures);

/**
 * retry_next_us - count a failure; how long to wait, microseconds
 * @retry_after_s: what the office asked for, seconds; 0: nothing. The wait is never shorter.
 */
uint64_t retry_next_us(struct retry *retry, uint64_t retry_after_s);

#endif
