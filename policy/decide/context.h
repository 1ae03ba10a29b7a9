/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a decision may ask beyond facts and policy: the signed tables, the day, the order of levels.
 *
 * The caller keeps all of it alive and unchanged while it is in use. Everything has a harmless
 * zero: a condition that asks for what is not there counts as missing, that is, it is false in an
 * allow and true in a forbid. A NULL context is one of zeroes.
 */
#ifndef AIRGAP_POLICY_CONTEXT_H
#define AIRGAP_POLICY_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

struct policy;
struct table;

/* No signers' list declares more. */
#define POLICY_LEVELS_MAX 16

/* The levels of the signers' list, lowest first; see trust_levels() in policy/sign/trust.h. */
struct policy_levels {
	uint32_t count;
	const char *names[POLICY_LEVELS_MAX]; /* borrowed */
};

struct policy_context {
	const struct table *media;     /* NULL: none is in force */
	const struct table *terminals; /* NULL: none is in force */
	/* This terminal's number, which names its row in table terminals. NULL or "": not known. */
	const char *terminal;
	/*
	 * UNIX time of any second of the present day: the later one of the clock and the latest
	 * trusted time, so that a clock that was set back revives no row. 0: not known, and then no
	 * row that ends is good.
	 */
	int64_t today;
	/* count 0: no order is known, and only a row of the scope's very level is good. */
	struct policy_levels levels;
};

/** policy_levels_rank - place of a level, lowest 0; -1 when the levels do not have it */
int policy_levels_rank(const struct policy_levels *levels, const char *name);

/**
 * policy_office_below - is the office of block report below the level of the policy's scope?
 *
 * Entries name people and things: where it is, it gets digests of them. Returns the office's level when it is
 * below, or not one of @levels; else NULL, also where the block or its level is absent.
 */
const char *policy_office_below(const struct policy *policy, const struct policy_levels *levels);

#endif
