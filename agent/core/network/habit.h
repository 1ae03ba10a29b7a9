/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Services of the system that call out by habit: time synchronisation, connectivity checks, package
 * timers. Nobody at the terminal did anything; the administrator should silence them.
 */
#ifndef AIRGAP_CORE_NETWORK_HABIT_H
#define AIRGAP_CORE_NETWORK_HABIT_H

#include <stddef.h>

#include "policy/decide/net_facts.h"

struct habit {
	const char *name; /* "time synchronisation" */
	/* Any of them may say who it is; NULL: does not count. */
	const char *unit;    /* systemd's name without its suffix */
	const char *program; /* last part of its path */
	const char *login;   /* user that nothing else runs as */
	uint32_t protocol;   /* enum net_protocol; NET_PROTOCOL_COUNT: any */
	uint16_t ports[4];   /* destination; 0: no further one; none at all: any */
	const char *silence; /* what the administrator runs or writes */
};

/**
 * habit_find - is it one of them? NULL: no.
 *
 * Both who and where to must fit: a service that is taken over and calls elsewhere is no habit.
 * A service that has a user of its own is known by that, which is the kernel's word, whether a process
 * was found or not. Services that run as root are known by unit or program alone, which is only as good
 * as the attribution's confidence: user 0, a port and a destination would be a guess, and as a habit is
 * graded lowest, whatever root sends by port 443 could hide behind it. No finding, no habit.
 */
const struct habit *habit_find(const struct net_actor *actor, const struct net_flow *flow);

/* habit_index - its place, for counting; below HABIT_MAX */
#define HABIT_MAX 32
size_t habit_index(const struct habit *habit);

#endif
