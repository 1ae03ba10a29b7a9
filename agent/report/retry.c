// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/report/retry.h"

#include <sodium.h>

uint64_t retry_limit_us(uint32_t failures)
{
	/* 2 s * 2^9 is above ten minutes. */
	if (failures > 8)
		return RETRY_MOST_US;
	return RETRY_FIRST_US << failures;
}

uint64_t retry_next_us(struct retry *retry, uint64_t retry_after_s)
{
	uint64_t wait = randombytes_uniform((uint32_t)retry_limit_us(retry->failures));

	if (retry->failures < UINT32_MAX)
		retry->failures++;
	if (retry_after_s > RETRY_AFTER_MOST_S)
		retry_after_s = RETRY_AFTER_MOST_S;
	return retry_after_s * 1000000 + wait;
}
