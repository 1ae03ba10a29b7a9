// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/ctl/ctl_entry.h"

/* No journal is older than this many seconds: a hundred years. */
#define AGO_MAX INT64_C(3155760000)

static int put(int64_t when, char bound[static CTL_SINCE_SIZE])
{
	struct tm tm;

	if (when < 0 || !gmtime_r(&(time_t){ when }, &tm) ||
	    strftime(bound, CTL_SINCE_SIZE, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		return -EINVAL;
	return 0;
}

static int ago(const char *text, int64_t now, char bound[static CTL_SINCE_SIZE])
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	char *end;
	long long count;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	count = strtoll(text, &end, 10);
	if (errno || !*end || end[1])
		return -EINVAL;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == *end && count <= AGO_MAX / units[i].seconds)
			return put(now - count * units[i].seconds, bound);
	return -EINVAL;
}

int ctl_since(const char *text, int64_t now, char bound[static CTL_SINCE_SIZE])
{
	static const char *const forms[] = { "%Y-%m-%d",	  "%Y-%m-%d %H:%M",
					     "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M",
					     "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, forms[i], &tm);

		if (end && *end == 0)
			return put(timegm(&tm), bound);
	}
	return ago(text, now, bound);
}
