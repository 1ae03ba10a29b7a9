// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/undo_standing.h"

#include <sodium.h>
#include <string.h>

static bool is_same(const struct standing *a, const struct msg_net_sight_of *b)
{
	return a->sight == b->sight && a->index == b->index && a->nsid == b->nsid &&
	       a->family == b->family && a->number == b->number &&
	       memcmp(&a->prefix, &b->prefix, sizeof(a->prefix)) == 0;
}

bool undo_is_news(struct undo *undo, const struct msg_net_sight_of *sight)
{
	for (size_t i = 0; i < undo->count; i++) {
		if (!is_same(&undo->standing[i], sight))
			continue;
		undo->standing[i].stated = true;
		return false;
	}
	if (undo->count < STANDING_MAX)
		undo->standing[undo->count++] = (struct standing){
			.sight = sight->sight,
			.index = sight->index,
			.nsid = sight->nsid,
			.family = sight->family,
			.number = sight->number,
			.prefix = sight->prefix,
			.stated = true,
		};
	return true;
}

uint64_t undo_fold(const void *bytes, size_t size)
{
	static uint8_t secret[crypto_shorthash_KEYBYTES];
	static bool drawn;
	uint8_t out[crypto_shorthash_BYTES];
	uint64_t number;

	if (!drawn)
		crypto_shorthash_keygen(secret);
	drawn = true;
	crypto_shorthash(out, bytes, size, secret);
	memcpy(&number, out, sizeof(number));
	return number;
}

void undo_no_longer(struct undo *undo, const struct msg_net_sight_of *sight)
{
	for (size_t i = 0; i < undo->count; i++)
		if (is_same(&undo->standing[i], sight)) {
			undo->standing[i] = undo->standing[--undo->count];
			return;
		}
}

void undo_sweep_begin(struct undo *undo)
{
	undo->sweeping = undo->anew;
	undo->anew = false;
	for (size_t i = 0; i < undo->count; i++)
		undo->standing[i].stated = false;
}

void undo_sweep_end(struct undo *undo)
{
	size_t kept = 0;

	for (size_t i = 0; i < undo->count; i++)
		if (undo->standing[i].stated)
			undo->standing[kept++] = undo->standing[i];
	undo->count = kept;
	undo->sweeping = false;
}
