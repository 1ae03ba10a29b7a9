// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/ruleset.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/network/ruleset_batch.h"
#include "agent/core/network/ruleset_private.h"
#include "agent/lib/log.h"
#include "agent/lib/ruleset/ruleset_held.h"
#include "agent/lib/ruleset/ruleset_text.h"

/* How often links may change under a plan before the caller has to look anew. */
#define TRIES 8

int ruleset_new(struct ruleset **ruleset)
{
	struct ruleset *self = calloc(1, sizeof(*self));
	int r;

	*ruleset = NULL;
	if (!self)
		return -ENOMEM;
	r = nft_client_new(&self->nft);
	if (r < 0) {
		free(self);
		return r;
	}
	*ruleset = self;
	return 0;
}

void ruleset_free(struct ruleset *ruleset)
{
	if (!ruleset)
		return;
	nft_client_free(ruleset->nft);
	free(ruleset->meant);
	free(ruleset->held);
	free(ruleset->links);
	free(ruleset);
}

const char *ruleset_problem(const struct ruleset *ruleset)
{
	return ruleset->problem;
}

static int failed(struct ruleset *ruleset, int error, const char *words)
{
	snprintf(ruleset->problem, sizeof(ruleset->problem), "%s", words);
	return error;
}

static bool is_present(uint32_t index, const char *name)
{
	char now[IF_NAMESIZE];

	return if_indextoname(index, now) && strcmp(now, name) == 0;
}

/* What a plan becomes when it is held against the links that are there. */
struct kept {
	struct ruleset_plan plan;
	struct ruleset_link *links;
	struct net_link *facts; /* of links that the plan did not have */
};

static void kept_clear(struct kept *kept)
{
	free(kept->links);
	free(kept->facts);
}

static void keep_planned(struct kept *kept, const struct ruleset_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->links[i].link->nsid == -1 &&
		    is_present(plan->links[i].link->index, plan->links[i].link->name))
			kept->links[kept->plan.count++] = plan->links[i];
}

static bool is_kept(const struct kept *kept, uint32_t index)
{
	for (size_t i = 0; i < kept->plan.count; i++)
		if (kept->links[i].link->index == index)
			return true;
	return false;
}

/*
 * Those that the caller has not heard of yet, or of which nothing is known right after the start:
 * closed. A chain that an earlier run left there must not be lost for want of news.
 */
static void keep_others(struct kept *kept, const struct if_nameindex *all)
{
	size_t count = 0;

	for (; all->if_index; all++) {
		struct net_link *link = &kept->facts[count];

		if (is_kept(kept, all->if_index))
			continue;
		*link = (struct net_link){ .index = all->if_index, .nsid = -1 };
		snprintf(link->name, sizeof(link->name), "%s", all->if_name);
		kept->links[kept->plan.count++] = (struct ruleset_link){ .link = link };
		count++;
	}
}

static int keep_present(struct kept *kept, const struct ruleset_plan *plan)
{
	struct if_nameindex *all = if_nameindex();
	size_t present = 0;
	int r = 0;

	*kept = (struct kept){ .plan = *plan };
	if (!all)
		return errno ? -errno : -EIO;
	while (all[present].if_index)
		present++;
	kept->links = calloc(plan->count + present + 1, sizeof(*kept->links));
	kept->facts = calloc(present + 1, sizeof(*kept->facts));
	kept->plan.links = kept->links;
	kept->plan.count = 0;
	if (kept->links && kept->facts) {
		keep_planned(kept, plan);
		keep_others(kept, all);
	} else {
		r = -ENOMEM;
		kept_clear(kept);
	}
	if_freenameindex(all);
	return r;
}

static bool all_present(const struct ruleset_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!is_present(plan->links[i].link->index, plan->links[i].link->name))
			return false;
	return true;
}

static int read_held(struct ruleset *ruleset, char **held)
{
	int r = ruleset_held(ruleset->nft, true, held);

	return r < 0 ? failed(ruleset, r, nft_client_problem(ruleset->nft)) : 0;
}

static int remember(struct ruleset *ruleset, const struct ruleset_plan *plan, char **meant,
		    char **held)
{
	struct ruleset_known *links = calloc(plan->count ? plan->count : 1, sizeof(*links));

	if (!links)
		return -ENOMEM;
	for (size_t i = 0; i < plan->count; i++) {
		links[i].index = plan->links[i].link->index;
		snprintf(links[i].name, sizeof(links[i].name), "%s", plan->links[i].link->name);
	}
	free(ruleset->links);
	free(ruleset->meant);
	free(ruleset->held);
	ruleset->links = links;
	ruleset->count = plan->count;
	ruleset->meant = *meant;
	ruleset->held = *held;
	*meant = *held = NULL;
	return 0;
}

/* Writes, reads back, counts. @held: what is there before, and after success what is there then. */
static int write_rules(struct ruleset *ruleset, const char *meant, bool anew, char **held)
{
	char *batch = NULL;
	int r;

	if (!anew)
		r = ruleset_batch(*held, meant, &batch);
	else
		r = asprintf(&batch, "%s%s", ruleset_text_wipe(true), meant) < 0 ? -ENOMEM : 0;
	if (r < 0)
		return r;
	r = nft_client_run(ruleset->nft, batch);
	free(batch);
	if (r < 0)
		return failed(ruleset, r, nft_client_problem(ruleset->nft));
	free(*held);
	*held = NULL;
	r = read_held(ruleset, held);
	return r < 0 ? r
		     : ruleset_held_check(meant, *held, ruleset->problem, sizeof(ruleset->problem));
}

static bool is_already(const struct ruleset *ruleset, const char *meant, const char *held)
{
	return ruleset->meant && strcmp(ruleset->meant, meant) == 0 &&
	       strcmp(ruleset->held, held) == 0;
}

/* The kernel takes chains away with their devices, and lists links by the names they have. */
static bool is_altered(const struct ruleset *ruleset, const char *held)
{
	if (!ruleset->held || strcmp(ruleset->held, held) == 0)
		return false;
	for (size_t i = 0; i < ruleset->count; i++)
		if (!is_present(ruleset->links[i].index, ruleset->links[i].name))
			return false;
	return true;
}

bool ruleset_was_altered(struct ruleset *ruleset)
{
	bool altered = ruleset->altered;

	ruleset->altered = false;
	return altered;
}

static int apply_present(struct ruleset *ruleset, const struct ruleset_plan *plan, bool anew)
{
	char *meant = NULL, *held = NULL;
	int r;

	r = ruleset_text(plan, true, &meant);
	if (r == 0)
		r = read_held(ruleset, &held);
	if (r == 0 && is_altered(ruleset, held))
		ruleset->altered = true;
	if (r == 0 && !anew && is_already(ruleset, meant, held))
		goto out;
	if (r == 0)
		r = write_rules(ruleset, meant, anew, &held);
	/* Whatever stands there that does not go together with ours: begin from nothing. */
	if (r < 0 && r != -ENOMEM && !anew && all_present(plan)) {
		log_warning("the packet filter is made anew: %.*s",
			    (int)strcspn(ruleset->problem, "\n"), ruleset->problem);
		free(held);
		r = read_held(ruleset, &held);
		if (r == 0)
			r = write_rules(ruleset, meant, true, &held);
	}
	if (r == 0)
		r = remember(ruleset, plan, &meant, &held);
out:
	free(meant);
	free(held);
	return r;
}

static int apply(struct ruleset *ruleset, const struct ruleset_plan *plan, bool anew)
{
	int r = -EAGAIN;

	for (unsigned try = 0; try < TRIES; try++) {
		struct kept kept;
		bool settled;

		ruleset->problem[0] = 0;
		r = keep_present(&kept, plan);
		if (r < 0)
			return r;
		r = apply_present(ruleset, &kept.plan, anew);
		settled = all_present(&kept.plan);
		kept_clear(&kept);
		if (settled || r == -ENOMEM)
			return r;
		r = -EAGAIN;
	}
	return r;
}

int ruleset_apply(struct ruleset *ruleset, const struct ruleset_plan *plan)
{
	return apply(ruleset, plan, false);
}

int ruleset_restore(struct ruleset *ruleset, const struct ruleset_plan *plan)
{
	return apply(ruleset, plan, true);
}

int ruleset_verify(struct ruleset *ruleset)
{
	char *held = NULL;
	int r;

	ruleset->problem[0] = 0;
	if (!ruleset->meant)
		return -ENODATA;
	r = read_held(ruleset, &held);
	if (r == 0 && strcmp(held, ruleset->held) != 0)
		r = -ESTALE;
	free(held);
	/* The kernel takes chains away with their devices, and lists links by the names they have. */
	for (size_t i = 0; r == -ESTALE && i < ruleset->count; i++)
		if (!is_present(ruleset->links[i].index, ruleset->links[i].name))
			r = -EAGAIN;
	return r;
}
