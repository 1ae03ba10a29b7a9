/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regions: sets of devices, each a conjunction of constraints that one rule of our language can say.
 * They can be met, tested for emptiness, and taken from one another; what cannot be said exactly is
 * made larger or smaller, as the caller asks.
 *
 * Ids and interface types are written in lower case; '*' stands for any rest. The text "" is that of
 * a device that has none.
 */
#ifndef AIRGAP_POLICY_REGION_H
#define AIRGAP_POLICY_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

enum region_key {
	/* What tells devices apart best comes first: differences are taken in this order. */
	REGION_HASH,
	REGION_SERIAL,
	REGION_ID,
	REGION_NAME,
	REGION_PORT,
	REGION_PARENT_HASH,
	REGION_MANUFACTURER,
	REGION_CLASS,
	REGION_DEVICE, /* names of tables */
	REGION_KEY_COUNT,
};

/* A list of texts, without repetition unless it is said; owned by an arena, never changed. */
struct words {
	const char **items;
	size_t count;
};

/* Bits of enum usb_connect. */
#define REGION_CONNECT_ANY 0xf

struct region {
	bool limited[REGION_KEY_COUNT];
	struct words in[REGION_KEY_COUNT];  /* when limited: one of these */
	struct words out[REGION_KEY_COUNT]; /* none of these */
	uint8_t connect;
	bool within_given;
	bool equals_given;
	struct words equals; /* full types, repetitions count */
	struct words within;
	struct words any; /* two or more; one alone is in all */
	struct words all;
	struct words none;
	bool empty;
};

struct regions {
	struct region *items;
	size_t count;
	size_t capacity;
};

struct region_space {
	struct arena *arena; /* all that regions point to */
	bool no_memory;	     /* some region is not what was asked for; the whole work is void */
};

enum region_rounding {
	REGION_LARGER,
	REGION_SMALLER,
};

/** region_any - all devices */
struct region region_any(void);

/** pattern_covers - whether all that @inner means, @outer means too */
bool pattern_covers(const char *outer, const char *inner);
bool words_have(struct words words, const char *text);
/** words_room - an empty list with room for @count; items NULL when memory is short */
struct words words_room(struct region_space *space, size_t count);

/* region_limit, ... - take away all that the constraint does not admit */
void region_limit(struct region_space *space, struct region *region, enum region_key key,
		  struct words in);
void region_exclude(struct region_space *space, struct region *region, enum region_key key,
		    struct words out);
void region_connect(struct region *region, uint8_t connect);
void region_equals(struct region_space *space, struct region *region, struct words types);
void region_within(struct region_space *space, struct region *region, struct words types);
void region_all(struct region_space *space, struct region *region, struct words types);
void region_none(struct region_space *space, struct region *region, struct words types);
/** region_has_any - false when the region has such a constraint already: nothing is done then */
bool region_has_any(struct region_space *space, struct region *region, struct words types);
/** region_settle - find out whether nothing is left; sets and returns region->empty */
bool region_settle(struct region *region);

/** region_meets - false only when no device can be in both */
bool region_meets(struct region_space *space, const struct region *a, const struct region *b);

/** regions_add - 0 or -ENOMEM; regions_free() frees the list, not what regions point to */
int regions_add(struct regions *list, const struct region *region);
void regions_free(struct regions *list);

/**
 * region_subtract - pieces of @from that are not in @what, appended to @pieces, no two of which meet
 *
 * Returns whether that is exact; otherwise the pieces together are larger or smaller, as asked.
 */
bool region_subtract(struct region_space *space, const struct region *from,
		     const struct region *what, enum region_rounding rounding,
		     struct regions *pieces);

/**
 * region_print - the conditions of one rule, with ", " between
 *
 * In an allow one region may need several rules: @variant counts from 0, and false is returned after
 * the last one, with nothing printed.
 */
bool region_print(FILE *out, const struct region *region, bool allow, unsigned int variant);

/** words_print_text - a text between double quotes */
void words_print_text(FILE *out, const char *text);

#endif
