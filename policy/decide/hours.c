// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/hours.h"

#define DAY    86400
#define MINUTE 60

bool hours_contain(const struct week_hours *spans, size_t count, int64_t local_s)
{
	int64_t day, minute;

	if (local_s < 0)
		return false;
	local_s %= HOURS_WEEK;
	day = local_s / DAY;
	minute = local_s % DAY / MINUTE;
	for (size_t i = 0; i < count; i++)
		if (spans[i].days >> day & 1 && minute >= spans[i].from && minute < spans[i].to)
			return true;
	return false;
}

/* Minutes of a week in which the hours hold. */
static uint64_t minutes_in_week(const struct week_hours *spans, size_t count)
{
	uint64_t minutes = 0;

	for (int64_t at = 0; at < HOURS_WEEK; at += MINUTE)
		minutes += hours_contain(spans, count, at);
	return minutes;
}

/*
 * Spans begin and end with minutes and may overlap, so minutes are counted; whole weeks are taken at
 * once, and what is left is less than one.
 */
uint64_t hours_pass(const struct week_hours *spans, size_t count, int64_t local_s, uint64_t seconds)
{
	uint64_t week = minutes_in_week(spans, count) * MINUTE, clock;
	int64_t at = local_s;

	if (count == 0 || local_s < 0 || week == 0)
		return seconds;
	clock = seconds / week * HOURS_WEEK;
	seconds %= week;
	while (seconds > 0) {
		uint64_t rest = (uint64_t)(MINUTE - at % MINUTE);

		if (hours_contain(spans, count, at)) {
			rest = rest < seconds ? rest : seconds;
			seconds -= rest;
		}
		at += (int64_t)rest;
		clock += rest;
	}
	return clock;
}
