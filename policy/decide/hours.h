/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hours of the week: whether a time lies in them, and when so many of them have passed. */
#ifndef AIRGAP_POLICY_HOURS_H
#define AIRGAP_POLICY_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/lang/value.h"

/* Seconds of a week, for times since Monday 00:00, local time. */
#define HOURS_WEEK (7 * 86400)

/** hours_contain - whether one of @count spans holds this second of the week */
bool hours_contain(const struct week_hours *spans, size_t count, int64_t local_s);

/**
 * hours_pass - by the clock, the seconds until @seconds of these hours have passed
 *
 * Without any hours, or when @local_s is not known (below 0), that is @seconds itself. What turns a
 * clock forward or back in between is not considered.
 */
uint64_t hours_pass(const struct week_hours *spans, size_t count, int64_t local_s,
		    uint64_t seconds);

#endif
