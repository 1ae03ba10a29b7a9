/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a policy may govern: dates, powered-on hours, the end of mode monitor, and telling
 * people in time.
 *
 * Dates need a clock that can be wrong; powered-on hours need none. The clock is held against a
 * floor, the latest time that was certainly reached. Both are kept in the state, at least every ten
 * minutes; a stop that was not in good order is charged ten minutes, so that cutting the power again
 * and again does not make time stand still.
 */
#ifndef AIRGAP_CORE_GOVERN_HOURS_H
#define AIRGAP_CORE_GOVERN_HOURS_H

#include <stdbool.h>

#include "agent/core/govern/govern.h"

/* hours_now - UNIX time, never below what was certainly reached */
int64_t hours_now(const struct govern *govern);

/* hours_powered - powered-on seconds of this terminal up to now */
uint64_t hours_powered(const struct govern *govern);

/* hours_begin, hours_end - the agent starts, and stops in good order */
void hours_begin(struct govern *govern);
void hours_end(struct govern *govern);

/* hours_charge - count the time since the last call, raise the floor, save both */
void hours_charge(struct govern *govern);

/* hours_clock_suspect, _expired, _monitoring - is it so, and in @why for people */
bool hours_clock_suspect(const struct govern *govern, char *why, size_t size);
bool hours_expired(const struct govern *govern, char *why, size_t size);
bool hours_monitoring(const struct govern *govern, char *why, size_t size);

/* hours_announce - tell 30, 14, 7 and 1 days before the policy's end, each once */
void hours_announce(struct govern *govern);

/* hours_next - seconds until govern_refresh() is to be called again; never 0 */
uint64_t hours_next(const struct govern *govern);

#endif
