// SPDX-License-Identifier: GPL-2.0-or-later
/* Print CLOCK_BOOTTIME in microseconds, the clock of the journal's boottime_us. */
#include <stdio.h>
#include <time.h>

int main(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_BOOTTIME, &now) < 0)
		return 1;
	printf("%lld%06ld\n", (long long)now.tv_sec, now.tv_nsec / 1000);
	return 0;
}
