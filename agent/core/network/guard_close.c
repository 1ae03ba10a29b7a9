// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/guard_close.h"

#include <errno.h>
#include <stdlib.h>

/* Links that are closed by name at the start; all others are once they are judged. */
#define PRESENT_MAX 256

/* The links that are there when nothing is known of them yet. */
struct present {
	struct net_link links[PRESENT_MAX];
	struct ruleset_link closed[PRESENT_MAX];
	size_t count;
};

static int add_present(void *data, const struct net_link *link)
{
	struct present *present = data;

	if (present->count == PRESENT_MAX)
		return 0;
	present->links[present->count] = *link;
	present->closed[present->count].link = &present->links[present->count];
	present->count++;
	return 0;
}

int guard_close_all(struct net_kernel *kernel, struct ruleset *ruleset)
{
	struct present *present = calloc(1, sizeof(*present));
	struct ruleset_plan plan = { 0 };
	int r;

	if (!present)
		return -ENOMEM;
	/* What cannot be read is closed above IP at least. */
	if (net_kernel_each(kernel, add_present, present) == 0) {
		plan.links = present->closed;
		plan.count = present->count;
	}
	r = ruleset_apply(ruleset, &plan);
	free(present);
	return r;
}
