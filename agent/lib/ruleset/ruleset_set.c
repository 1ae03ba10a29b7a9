// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/lib/ruleset/ruleset_set.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 number;

static int compare(const void *a, const void *b)
{
	const struct ruleset_range *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return 0;
}

static void merge(struct ruleset_set *set)
{
	size_t kept = 0;

	if (set->count == 0)
		return;
	qsort(set->items, set->count, sizeof(*set->items), compare);
	for (size_t i = 1; i < set->count; i++) {
		struct ruleset_range *last = &set->items[kept];
		const struct ruleset_range *next = &set->items[i];

		/* The highest number has none after it. */
		if (last->last == set->end || next->first <= last->last + 1) {
			if (next->last > last->last)
				last->last = next->last;
		} else {
			set->items[++kept] = *next;
		}
	}
	set->count = kept + 1;
}

static int set_new(struct ruleset_set *set, size_t room)
{
	set->count = 0;
	set->items = calloc(room ? room : 1, sizeof(*set->items));
	return set->items ? 0 : -ENOMEM;
}

static unsigned width_of(uint8_t family)
{
	return family == NET_FAMILY_IPV4 ? 32 : 128;
}

static number mask_of(unsigned bits)
{
	return bits >= 128 ? ~(number)0 : ((number)1 << bits) - 1;
}

static number address_of(const struct net_prefix *prefix)
{
	number value = 0;

	for (unsigned i = 0; i < width_of(prefix->family) / 8; i++)
		value = value << 8 | prefix->bytes[i];
	return value;
}

int ruleset_set_prefixes(struct ruleset_set *set, uint8_t family, const struct net_prefix *prefixes,
			 size_t count)
{
	unsigned width = width_of(family);

	*set = (struct ruleset_set){ .family = family, .end = mask_of(width) };
	if (set_new(set, count) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		number host;

		if (prefixes[i].family != family || prefixes[i].bits > width)
			continue;
		host = mask_of(width - prefixes[i].bits);
		set->items[set->count++] = (struct ruleset_range){
			.first = address_of(&prefixes[i]) & ~host,
			.last = address_of(&prefixes[i]) | host,
		};
	}
	merge(set);
	return 0;
}

int ruleset_set_ports(struct ruleset_set *set, const struct net_ports *ports, size_t count)
{
	*set = (struct ruleset_set){ .family = NET_FAMILY_NONE, .end = UINT16_MAX };
	if (set_new(set, count) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (ports[i].first <= ports[i].last)
			set->items[set->count++] =
				(struct ruleset_range){ ports[i].first, ports[i].last };
	merge(set);
	return 0;
}

void ruleset_set_clear(struct ruleset_set *set)
{
	free(set->items);
	*set = (struct ruleset_set){ 0 };
}

bool ruleset_set_has(const struct ruleset_set *set, number it)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].first <= it && it <= set->items[i].last)
			return true;
	return false;
}

int ruleset_set_join(struct ruleset_set *set, const struct ruleset_set *more)
{
	size_t room = set->count + more->count;
	struct ruleset_range *items = reallocarray(set->items, room ? room : 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	set->items = items;
	for (size_t i = 0; i < more->count; i++)
		set->items[set->count++] = more->items[i];
	merge(set);
	return 0;
}

/* Ranges that touch were merged: what lies in a set lies in one of its ranges. */
static bool meets(const struct ruleset_range *range, const struct ruleset_set *other, bool inverted)
{
	for (size_t i = 0; i < other->count; i++) {
		const struct ruleset_range *it = &other->items[i];

		if (inverted && it->first <= range->first && range->last <= it->last)
			return false;
		if (!inverted && it->first <= range->last && range->first <= it->last)
			return true;
	}
	return inverted;
}

void ruleset_set_leave_out(struct ruleset_set *set, const struct ruleset_set *other, bool inverted)
{
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++)
		if (!meets(&set->items[i], other, inverted))
			set->items[kept++] = set->items[i];
	set->count = kept;
}

enum ruleset_extent ruleset_set_extent(const struct ruleset_set *set, bool inverted)
{
	if (set->count == 0)
		return inverted ? RULESET_EVERYTHING : RULESET_NOTHING;
	if (set->items[0].first == 0 && set->items[0].last == set->end)
		return inverted ? RULESET_NOTHING : RULESET_EVERYTHING;
	return RULESET_SOME;
}

void ruleset_set_print_number(FILE *out, uint8_t family, number value)
{
	char text[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	unsigned length;

	if (family == NET_FAMILY_NONE) {
		fprintf(out, "%u", (unsigned)value);
		return;
	}
	length = width_of(family) / 8;
	for (unsigned i = 0; i < length; i++)
		bytes[i] = (uint8_t)(value >> (8 * (length - 1 - i)));
	inet_ntop(family == NET_FAMILY_IPV4 ? AF_INET : AF_INET6, bytes, text, sizeof(text));
	fputs(text, out);
}

static void print_range(FILE *out, uint8_t family, const struct ruleset_range *range)
{
	number host = range->first ^ range->last;
	unsigned bits = 0;

	ruleset_set_print_number(out, family, range->first);
	if (host == 0)
		return;
	/* A prefix is a range that differs in low bits alone, from all zeroes to all ones. */
	if (family != NET_FAMILY_NONE && (host & (host + 1)) == 0 && (range->first & host) == 0) {
		for (; host; host >>= 1)
			bits++;
		fprintf(out, "/%u", width_of(family) - bits);
		return;
	}
	fputc('-', out);
	ruleset_set_print_number(out, family, range->last);
}

void ruleset_set_print(FILE *out, const char *selector, const struct ruleset_set *set,
		       bool inverted)
{
	bool many = set->count > 1;

	fprintf(out, "%s %s%s", selector, inverted ? "!= " : "", many ? "{ " : "");
	for (size_t i = 0; i < set->count; i++) {
		if (i > 0)
			fputs(", ", out);
		print_range(out, set->family, &set->items[i]);
	}
	fputs(many ? " } " : " ", out);
}
