// SPDX-License-Identifier: GPL-2.0-or-later
#include "policy/decide/prefix_trie.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/decide/prefix_list.h"

/* The first @bits of @key are what all below have in common; children by the bit after them. */
struct node {
	uint8_t key[16];
	uint32_t child[2]; /* place of the node; 0: none */
	uint8_t bits;
	bool member; /* a network of the set: what lies below it adds nothing */
};

struct prefix_trie {
	struct node *nodes; /* the first one stands for "none" */
	uint32_t count;
	uint32_t room;
	uint32_t root[NET_FAMILY_COUNT];
};

struct prefix_trie *prefix_trie_new(void)
{
	struct prefix_trie *trie = calloc(1, sizeof(*trie));

	if (trie)
		trie->count = 1;
	return trie;
}

void prefix_trie_free(struct prefix_trie *trie)
{
	if (!trie)
		return;
	free(trie->nodes);
	free(trie);
}

static bool known(const struct net_prefix *prefix)
{
	return (prefix->family == NET_FAMILY_IPV4 || prefix->family == NET_FAMILY_IPV6) &&
	       prefix->bits <= prefix_bits(prefix->family);
}

static unsigned int bit_of(const uint8_t *key, unsigned int bit)
{
	return key[bit / 8] >> (7 - bit % 8) & 1;
}

/* How many of their first @most bits two keys have in common. */
static unsigned int common_bits(const uint8_t *a, const uint8_t *b, unsigned int most)
{
	unsigned int bits = 0;

	while (bits + 8 <= most && a[bits / 8] == b[bits / 8])
		bits += 8;
	while (bits < most && bit_of(a, bits) == bit_of(b, bits))
		bits++;
	return bits;
}

/* Room for the two nodes that adding one network may take, so that it cannot fail half-way. */
static int reserve(struct prefix_trie *trie)
{
	uint32_t room = trie->room ? trie->room : 8;
	struct node *nodes;

	while (room < trie->count + 2) {
		if (room > UINT32_MAX / 2)
			return -ENOMEM;
		room *= 2;
	}
	if (room == trie->room)
		return 0;
	nodes = reallocarray(trie->nodes, room, sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	trie->nodes = nodes;
	trie->room = room;
	return 0;
}

static uint32_t new_node(struct prefix_trie *trie, const uint8_t *key, unsigned int bits,
			 bool member)
{
	struct node *node = &trie->nodes[trie->count];

	*node = (struct node){ .bits = (uint8_t)bits, .member = member };
	memcpy(node->key, key, sizeof(node->key));
	return trie->count++;
}

/* Put a node where paths part: above what stands at @place, with the new network beside or below. */
static void split(struct prefix_trie *trie, uint32_t *place, const struct net_prefix *prefix,
		  unsigned int common)
{
	uint32_t old = *place;
	uint32_t above = new_node(trie, prefix->bytes, common, common == prefix->bits);

	trie->nodes[above].child[bit_of(trie->nodes[old].key, common)] = old;
	if (common < prefix->bits)
		trie->nodes[above].child[bit_of(prefix->bytes, common)] =
			new_node(trie, prefix->bytes, prefix->bits, true);
	*place = above;
}

int prefix_trie_add(struct prefix_trie *trie, const struct net_prefix *prefix)
{
	uint32_t *place;

	if (!known(prefix))
		return -EINVAL;
	if (reserve(trie))
		return -ENOMEM;
	place = &trie->root[prefix->family];
	while (*place) {
		struct node *node = &trie->nodes[*place];
		unsigned int most = node->bits < prefix->bits ? node->bits : prefix->bits;
		unsigned int common = common_bits(node->key, prefix->bytes, most);

		if (common < node->bits) {
			split(trie, place, prefix, common);
			return 0;
		}
		if (node->member)
			return 0;
		if (node->bits == prefix->bits) {
			node->member = true;
			return 0;
		}
		place = &node->child[bit_of(prefix->bytes, node->bits)];
	}
	*place = new_node(trie, prefix->bytes, prefix->bits, true);
	return 0;
}

bool prefix_trie_covers(const struct prefix_trie *trie, const struct net_prefix *prefix)
{
	uint32_t place = known(prefix) ? trie->root[prefix->family] : 0;

	while (place) {
		const struct node *node = &trie->nodes[place];

		if (node->bits > prefix->bits ||
		    !prefix_same_bits(node->key, prefix->bytes, node->bits))
			return false;
		if (node->member)
			return true;
		if (node->bits == prefix->bits)
			return false;
		place = node->child[bit_of(prefix->bytes, node->bits)];
	}
	return false;
}

bool prefix_trie_meets(const struct prefix_trie *trie, const struct net_prefix *prefix)
{
	uint32_t place = known(prefix) ? trie->root[prefix->family] : 0;

	while (place) {
		const struct node *node = &trie->nodes[place];
		unsigned int bits = node->bits < prefix->bits ? node->bits : prefix->bits;

		if (!prefix_same_bits(node->key, prefix->bytes, bits))
			return false;
		/* Each node has a network at it or below it. */
		if (node->member || node->bits >= prefix->bits)
			return true;
		place = node->child[bit_of(prefix->bytes, node->bits)];
	}
	return false;
}

size_t prefix_trie_memory(const struct prefix_trie *trie)
{
	return sizeof(*trie) + trie->room * sizeof(*trie->nodes);
}
