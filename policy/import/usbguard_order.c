// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/import/usbguard_order.h"

#include <stdlib.h>

/* More rules than this for one of theirs, and nobody can read the policy. */
#define PIECES_MAX 64

static bool meets_any(struct translation *translation, const struct regions *a,
		      const struct regions *b)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < b->count; k++)
			if (region_meets(&translation->space, &a->items[i], &b->items[k]))
				return true;
	return false;
}

/*
 * What is left of @from without all of @without; false when that is not exact, or too much of it.
 * Then @left is larger or smaller, as asked; of too much, nothing is left when smaller was asked,
 * and all when larger.
 */
static bool subtract_all(struct translation *translation, const struct regions *from,
			 const struct regions *without, enum region_rounding rounding,
			 struct regions *left)
{
	struct regions next = { 0 };
	bool exact = true;

	*left = (struct regions){ 0 };
	for (size_t i = 0; i < from->count; i++)
		translation->no_memory |= regions_add(left, &from->items[i]) != 0;
	for (size_t k = 0; k < without->count; k++) {
		for (size_t i = 0; i < left->count && next.count <= PIECES_MAX; i++)
			exact &= region_subtract(&translation->space, &left->items[i],
						 &without->items[k], rounding, &next);
		regions_free(left);
		*left = next;
		next = (struct regions){ 0 };
		if (left->count <= PIECES_MAX)
			continue;
		regions_free(left);
		for (size_t i = 0; i < from->count && rounding == REGION_LARGER; i++)
			translation->no_memory |= regions_add(left, &from->items[i]) != 0;
		return false;
	}
	return exact;
}

static bool shadows(struct translation *translation, const struct usbguard_plan *plan, size_t block,
		    size_t rule)
{
	const struct usbguard_meaning *meaning = &plan->meanings[rule];

	return meaning->allow && meaning->regions.count > 0 &&
	       meets_any(translation, &meaning->regions, &plan->meanings[block].regions);
}

static bool shadows_something(struct translation *translation, const struct usbguard_plan *plan,
			      size_t block)
{
	for (size_t i = block + 1; i < plan->count; i++)
		if (shadows(translation, plan, block, i))
			return true;
	return false;
}

/*
 * Take the block away from the allows after it, if that is exact and makes no more rules of each than
 * @most; else change nothing.
 */
static bool take_from_later(struct translation *translation, struct usbguard_plan *plan,
			    size_t block, size_t most)
{
	struct regions *left = calloc(plan->count, sizeof(*left));
	bool good = left != NULL;

	translation->no_memory |= !left;
	for (size_t i = block + 1; good && i < plan->count; i++) {
		const struct usbguard_meaning *meaning = &plan->meanings[i];

		if (!shadows(translation, plan, block, i))
			continue;
		good = subtract_all(translation, &meaning->regions, &plan->meanings[block].regions,
				    REGION_SMALLER, &left[i]) &&
		       left[i].count <= most && !(meaning->once && left[i].count > 0);
	}
	for (size_t i = block + 1; left && i < plan->count; i++) {
		if (!good || !shadows(translation, plan, block, i)) {
			regions_free(&left[i]);
			continue;
		}
		regions_free(&plan->meanings[i].regions);
		plan->meanings[i].regions = left[i];
	}
	free(left);
	return good;
}

/* The allows before a block, as one list; those that count devices permit nothing for sure. */
static void earlier_allows(struct translation *translation, const struct usbguard_plan *plan,
			   size_t block, struct regions *earlier)
{
	*earlier = (struct regions){ 0 };
	for (size_t i = 0; i < block; i++) {
		const struct usbguard_meaning *meaning = &plan->meanings[i];

		for (size_t k = 0; meaning->allow && !meaning->once && k < meaning->regions.count;
		     k++)
			translation->no_memory |=
				regions_add(earlier, &meaning->regions.items[k]) != 0;
	}
}

static void warn_narrowed(struct translation *translation, struct usbguard_plan *plan, size_t block)
{
	for (size_t i = 0; i < block; i++) {
		struct usbguard_meaning *meaning = &plan->meanings[i];

		if (!meaning->allow ||
		    !meets_any(translation, &meaning->regions, &plan->forbids[block]))
			continue;
		meaning->narrowed = true;
		finding_add(translation->findings, DIAG_WARNING, "order", meaning->rule->at,
			    "order the rules so that blocks come first, or make them speak of "
			    "different devices",
			    "the block in line %u, though it comes later, also takes from this "
			    "rule: in our language what is forbidden stays so",
			    plan->meanings[block].rule->at.line);
	}
}

static void forbid(struct translation *translation, struct usbguard_plan *plan, size_t block)
{
	struct regions earlier, *forbids = &plan->forbids[block];
	bool exact;

	earlier_allows(translation, plan, block, &earlier);
	exact = subtract_all(translation, &plan->meanings[block].regions, &earlier, REGION_LARGER,
			     forbids);
	regions_free(&earlier);
	/* Allows that count are not among the earlier ones. */
	for (size_t i = 0; i < block; i++)
		exact &= !plan->meanings[i].once ||
			 !meets_any(translation, &plan->meanings[i].regions, forbids);
	if (exact)
		return;
	if (take_from_later(translation, plan, block, PIECES_MAX))
		regions_free(forbids);
	else
		warn_narrowed(translation, plan, block);
}

void usbguard_order(struct translation *translation, struct usbguard_plan *plan)
{
	for (size_t i = 0; i < plan->count && !translation->no_memory; i++) {
		const struct usbguard_meaning *meaning = &plan->meanings[i];

		if (meaning->allow || !shadows_something(translation, plan, i))
			continue;
		if (!take_from_later(translation, plan, i, 1))
			forbid(translation, plan, i);
	}
}
