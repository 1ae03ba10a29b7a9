// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/prefix_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint8_t prefix_bits(uint8_t family)
{
	return family == NET_FAMILY_IPV4 ? 32 : family == NET_FAMILY_IPV6 ? 128 : 0;
}

bool prefix_same_bits(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return bits % 8 == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8) == 0;
}

bool prefix_covers(const struct net_prefix *outer, const struct net_prefix *inner)
{
	return outer->family == inner->family && outer->bits <= inner->bits &&
	       prefix_same_bits(outer->bytes, inner->bytes, outer->bits);
}

int prefix_list_add(struct prefix_list *list, const struct net_prefix *prefix)
{
	struct net_prefix *items;

	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 8;

		items = reallocarray(list->items, room, sizeof(*items));
		if (!items)
			return -ENOMEM;
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = *prefix;
	return 0;
}

static int compare(const void *first, const void *second)
{
	const struct net_prefix *a = first, *b = second;
	int bytes;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	bytes = memcmp(a->bytes, b->bytes, sizeof(a->bytes));
	if (bytes)
		return bytes;
	return (a->bits > b->bits) - (a->bits < b->bits);
}

void prefix_list_sort(struct prefix_list *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	qsort(list->items, list->count, sizeof(*list->items), compare);
	/* What lies within a network comes right after it. */
	for (size_t i = 1; i < list->count; i++)
		if (!prefix_covers(&list->items[kept], &list->items[i]))
			list->items[++kept] = list->items[i];
	list->count = kept + 1;
}

int prefix_list_intersect(const struct prefix_list *a, const struct prefix_list *b,
			  struct prefix_list *out)
{
	size_t i = 0, k = 0;
	int ret = 0;

	*out = (struct prefix_list){ 0 };
	while (!ret && i < a->count && k < b->count) {
		const struct net_prefix *one = &a->items[i], *other = &b->items[k];

		if (prefix_covers(one, other)) {
			ret = prefix_list_add(out, other);
			k++;
		} else if (prefix_covers(other, one)) {
			ret = prefix_list_add(out, one);
			i++;
		} else if (compare(one, other) < 0) {
			i++;
		} else {
			k++;
		}
	}
	return ret;
}

/* @without: those of the subtracted list that lie within @prefix, in order. */
static int subtract_within(const struct net_prefix *prefix, const struct net_prefix *without,
			   size_t count, struct prefix_list *out)
{
	struct net_prefix half = *prefix;
	size_t lower = 0;
	int ret;

	if (count == 0)
		return prefix_list_add(out, prefix);
	if (without[0].bits == prefix->bits)
		return 0;
	half.bits++;
	while (lower < count && prefix_covers(&half, &without[lower]))
		lower++;
	ret = subtract_within(&half, without, lower, out);
	if (ret)
		return ret;
	half.bytes[prefix->bits / 8] |= (uint8_t)(0x80 >> prefix->bits % 8);
	return subtract_within(&half, without + lower, count - lower, out);
}

int prefix_list_subtract(const struct prefix_list *a, const struct prefix_list *b,
			 struct prefix_list *out)
{
	size_t k = 0;
	int ret = 0;

	*out = (struct prefix_list){ 0 };
	for (size_t i = 0; !ret && i < a->count; i++) {
		const struct net_prefix *it = &a->items[i];
		size_t end;

		while (k < b->count && compare(&b->items[k], it) < 0 &&
		       !prefix_covers(&b->items[k], it))
			k++;
		if (k < b->count && prefix_covers(&b->items[k], it))
			continue;
		for (end = k; end < b->count && prefix_covers(it, &b->items[end]);)
			end++;
		ret = subtract_within(it, b->items + k, end - k, out);
		k = end;
	}
	return ret;
}

void prefix_list_clear(struct prefix_list *list)
{
	free(list->items);
	*list = (struct prefix_list){ 0 };
}
