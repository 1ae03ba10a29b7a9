// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/core/network/packets.h"

#include <stdlib.h>
#include <string.h>

#include "agent/core/network/habit.h"

/* Users of the system and of people; what lies beyond belongs to name spaces, which any user can
 * fill with thousands of numbers: they share one place. */
#define UID_OWN_MAX 60000
#define UID_NOBODY  65534
#define UID_CROWD   (UINT32_MAX - 1)

/* One user, destination, port and link. */
struct aggregate {
	struct aggregate *next;
	struct msg_net_packet packet; /* the first */
	struct net_actor actor;
	uint64_t cookie; /* nonzero: its sender is being asked for */
	uint64_t asked_us;
	uint64_t recorded_us; /* the last entry about it; 0: none yet */
	uint64_t count;	      /* since then */
	uint64_t first_us;    /* of those */
	uint64_t last_us;
	const struct habit *habit;
};

struct user {
	bool used;
	uint32_t uid;
	struct aggregate *head;
	size_t length;
	uint64_t flooded; /* beyond the share, not yet told */
	uint64_t flooded_us;
	uint64_t flood_last_us;
	uint64_t flood_told_us;
	uint64_t last_us;
};

/* All aggregates of one service's habit together: one event a cause a day. */
struct tally {
	uint64_t told_us; /* 0: never */
	uint64_t count;	  /* since then */
	uint64_t first_us;
	uint64_t last_us;
	struct msg_net_packet packet;
	struct net_actor actor;
	const struct habit *habit;
};

struct packets {
	const struct packets_handler *handler;
	void *data;
	uint64_t cookies;
	struct user users[PACKETS_USERS + 1]; /* the last one: whoever finds no other place */
	struct tally tallies[HABIT_MAX];
};

/* The monitor merges what is alike while it waits; that it says of none at all counts as one. */
static uint64_t count_of(const struct msg_net_packet *packet)
{
	return packet->count ? packet->count : 1;
}

static bool is_same(const struct msg_net_packet *a, const struct msg_net_packet *b)
{
	return a->hook == b->hook && a->uid == b->uid && a->flow.port == b->flow.port &&
	       a->flow.index == b->flow.index && a->flow.number == b->flow.number &&
	       a->flow.ethertype == b->flow.ethertype &&
	       memcmp(&a->flow.to, &b->flow.to, sizeof(a->flow.to)) == 0;
}

static void tell_flood(struct packets *packets, struct user *user, uint64_t now_us)
{
	if (!user->flooded)
		return;
	packets->handler->flooded(packets->data, user->uid, user->flooded, user->flooded_us,
				  user->flood_last_us);
	user->flooded = 0;
	user->flood_told_us = now_us;
}

static void tell(struct packets *packets, struct aggregate *aggregate, uint64_t now_us)
{
	if (aggregate->count)
		packets->handler->refused(packets->data, &aggregate->packet, &aggregate->actor,
					  aggregate->count, aggregate->first_us, aggregate->last_us,
					  NULL);
	aggregate->count = 0;
	aggregate->recorded_us = now_us;
}

static void tell_tally(struct packets *packets, struct tally *tally, uint64_t now_us)
{
	packets->handler->refused(packets->data, &tally->packet, &tally->actor, tally->count,
				  tally->first_us, tally->last_us, tally->habit->silence);
	tally->count = 0;
	tally->told_us = now_us;
}

/* Its packets so far, and each further one, count for the service, not for the destination. */
static void add_to_tally(struct packets *packets, struct aggregate *aggregate, uint64_t now_us)
{
	struct tally *tally = &packets->tallies[habit_index(aggregate->habit)];

	if (tally->count == 0) {
		tally->packet = aggregate->packet;
		tally->actor = aggregate->actor;
		tally->habit = aggregate->habit;
		tally->first_us = aggregate->first_us;
	}
	tally->count += aggregate->count;
	tally->last_us = aggregate->last_us;
	aggregate->count = 0;
	aggregate->recorded_us = now_us;
	if (tally->told_us == 0 || now_us - tally->told_us >= PACKETS_DAY)
		tell_tally(packets, tally, now_us);
}

static void name_sender(struct packets *packets, struct aggregate *aggregate, uint64_t now_us)
{
	aggregate->cookie = 0;
	/* Not as the helper says it; and when it says nothing, a service may have a user of its own. */
	packets->handler->name(packets->data, &aggregate->actor);
	aggregate->habit = aggregate->packet.hook == MSG_NET_HOOK_FORWARD
				   ? NULL
				   : habit_find(&aggregate->actor, &aggregate->packet.flow);
	if (aggregate->habit)
		add_to_tally(packets, aggregate, now_us);
	else
		tell(packets, aggregate, now_us);
}

static uint32_t place_of(uint32_t uid)
{
	return uid == UINT32_MAX || uid <= UID_OWN_MAX || uid == UID_NOBODY ? uid : UID_CROWD;
}

/* A place is free again when its user has been quiet long enough (tick_user()). */
static struct user *find_user(struct packets *packets, uint32_t uid)
{
	struct user *rest = &packets->users[PACKETS_USERS], *place = NULL;

	for (struct user *user = packets->users; user < rest; user++) {
		if (user->used && user->uid == uid)
			return user;
		if (!place && !user->used)
			place = user;
	}
	if (!place) {
		rest->used = true;
		rest->uid = UID_CROWD;
		return rest;
	}
	*place = (struct user){ .used = true, .uid = uid };
	return place;
}

static struct aggregate *find_aggregate(struct user *user, const struct msg_net_packet *packet)
{
	for (struct aggregate *it = user->head; it; it = it->next)
		if (is_same(&it->packet, packet))
			return it;
	return NULL;
}

static void count_flood(struct packets *packets, struct user *user, uint64_t count, uint64_t now_us)
{
	if (user->flooded == 0)
		user->flooded_us = now_us;
	user->flooded += count;
	user->flood_last_us = now_us;
	/* The first beyond the share is told at once, too. */
	if (user->flood_told_us == 0)
		tell_flood(packets, user, now_us);
}

static void begin_aggregate(struct packets *packets, struct user *user,
			    const struct msg_net_packet *packet, uint64_t now_us)
{
	struct aggregate *aggregate =
		user->length < PACKETS_SHARE ? calloc(1, sizeof(*aggregate)) : NULL;

	if (!aggregate) {
		count_flood(packets, user, count_of(packet), now_us);
		return;
	}
	aggregate->packet = *packet;
	aggregate->actor = (struct net_actor){
		.uid = packet->uid,
		.gid = packet->gid,
		.confidence = packet->uid == UINT32_MAX ? NET_CONFIDENCE_NONE : NET_CONFIDENCE_UID,
	};
	aggregate->count = count_of(packet);
	aggregate->first_us = aggregate->last_us = packet->seen_us;
	aggregate->cookie = ++packets->cookies;
	aggregate->asked_us = now_us;
	aggregate->next = user->head;
	user->head = aggregate;
	user->length++;
	packets->handler->ask(packets->data, aggregate->cookie, packet);
}

void packets_take(struct packets *packets, const struct msg_net_packet *packet, uint64_t now_us)
{
	struct user *user = find_user(packets, place_of(packet->uid));
	struct aggregate *aggregate = find_aggregate(user, packet);

	user->last_us = now_us;
	if (!aggregate) {
		begin_aggregate(packets, user, packet, now_us);
		return;
	}
	if (aggregate->count == 0)
		aggregate->first_us = packet->seen_us;
	aggregate->count += count_of(packet);
	aggregate->last_us = packet->seen_us;
	if (aggregate->habit)
		add_to_tally(packets, aggregate, now_us);
}

static struct aggregate *find_cookie(struct packets *packets, uint64_t cookie)
{
	for (size_t i = 0; i <= PACKETS_USERS; i++)
		for (struct aggregate *it = packets->users[i].head; it; it = it->next)
			if (it->cookie == cookie)
				return it;
	return NULL;
}

void packets_attributed(struct packets *packets, uint64_t cookie, const struct net_actor *actor,
			uint64_t now_us)
{
	struct aggregate *aggregate = cookie ? find_cookie(packets, cookie) : NULL;

	if (!aggregate)
		return; /* it was too late: written down without */
	/* The user is the kernel's word; who contradicts it has found another process. */
	if (actor->uid == aggregate->packet.uid)
		aggregate->actor = *actor;
	name_sender(packets, aggregate, now_us);
}

static uint64_t min_of(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When it is due next; 0: it may be forgotten. */
static uint64_t tick_aggregate(struct packets *packets, struct aggregate *aggregate,
			       uint64_t now_us)
{
	if (aggregate->cookie) {
		if (now_us - aggregate->asked_us < PACKETS_PATIENCE)
			return aggregate->asked_us + PACKETS_PATIENCE;
		name_sender(packets, aggregate, now_us);
	}
	if (aggregate->count && now_us - aggregate->recorded_us >= PACKETS_SUMMARY)
		tell(packets, aggregate, now_us);
	if (aggregate->count)
		return aggregate->recorded_us + PACKETS_SUMMARY;
	return now_us - aggregate->last_us >= PACKETS_QUIET ? 0
							    : aggregate->last_us + PACKETS_QUIET;
}

static uint64_t tick_user(struct packets *packets, struct user *user, uint64_t now_us)
{
	struct aggregate **at = &user->head;
	uint64_t next = UINT64_MAX, due;

	while (*at) {
		struct aggregate *aggregate = *at;

		due = tick_aggregate(packets, aggregate, now_us);
		if (due) {
			next = min_of(next, due);
			at = &aggregate->next;
			continue;
		}
		*at = aggregate->next;
		user->length--;
		free(aggregate);
	}
	if (user->flooded && now_us - user->flood_told_us >= PACKETS_SUMMARY)
		tell_flood(packets, user, now_us);
	if (user->flooded)
		next = min_of(next, user->flood_told_us + PACKETS_SUMMARY);
	/* What was told of his flood is remembered as long, or it would be told as a first again. */
	if (!user->head && !user->flooded && now_us - user->last_us >= PACKETS_QUIET)
		user->used = false;
	else if (!user->head && !user->flooded)
		next = min_of(next, user->last_us + PACKETS_QUIET);
	return next;
}

uint64_t packets_tick(struct packets *packets, uint64_t now_us)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i <= PACKETS_USERS; i++)
		if (packets->users[i].used)
			next = min_of(next, tick_user(packets, &packets->users[i], now_us));
	for (size_t i = 0; i < HABIT_MAX; i++) {
		struct tally *tally = &packets->tallies[i];

		if (tally->count && now_us - tally->told_us >= PACKETS_DAY)
			tell_tally(packets, tally, now_us);
		if (tally->count)
			next = min_of(next, tally->told_us + PACKETS_DAY);
	}
	return next;
}

struct packets *packets_new(const struct packets_handler *handler, void *data)
{
	struct packets *packets = calloc(1, sizeof(*packets));

	if (!packets)
		return NULL;
	packets->handler = handler;
	packets->data = data;
	return packets;
}

void packets_free(struct packets *packets)
{
	if (!packets)
		return;
	for (size_t i = 0; i <= PACKETS_USERS; i++) {
		struct user *user = &packets->users[i];

		while (user->head) {
			struct aggregate *aggregate = user->head;

			if (aggregate->cookie)
				name_sender(packets, aggregate, aggregate->last_us);
			else
				tell(packets, aggregate, aggregate->last_us);
			user->head = aggregate->next;
			free(aggregate);
		}
		tell_flood(packets, user, user->flood_last_us);
	}
	for (size_t i = 0; i < HABIT_MAX; i++)
		if (packets->tallies[i].count)
			tell_tally(packets, &packets->tallies[i], packets->tallies[i].last_us);
	free(packets);
}
