// SPDX-License-Identifier: GPL-2.0-or-later
/* A resolv.conf. */
#include "agent/monitor/resolv.h"
#include "tests/fuzz/net_hold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct net_prefix servers[4];
	char *copy = exact_copy(data, size);
	size_t count = resolv_read(copy, size, servers, 4);

	MUST(count <= 4);
	for (size_t i = 0; i < count; i++) {
		prefix_holds(&servers[i]);
		MUST(servers[i].bits == (servers[i].family == NET_FAMILY_IPV4 ? 32 : 128));
	}
	free(copy);
	return 0;
}
