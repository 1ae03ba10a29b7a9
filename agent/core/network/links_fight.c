// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A link that somebody keeps adding to what is taken away: a program of root, or a router that announces.
 *
 * It is put down, since what comes that fast is undone too late. But a neighbour must not be able to shut a permitted
 * link for good by a second of announcements: after a while it is judged anew, and each time that it comes to
 * blows again, the while is twice as long. After a day without it all is forgotten.
 */
#include <stdio.h>

#include "agent/core/network/links_act.h"
#include "agent/lib/daemon.h"
#include "agent/lib/log.h"

/* A mistake is made once or twice; what comes this often is done by a program. */
#define FIGHTS_MAX	 50
#define FIGHTS_WINDOW_US (10 * UINT64_C(1000000))

static uint64_t peace_at(const struct iface *iface)
{
	uint32_t doubles =
		iface->truces - 1 < LINKS_TRUCE_DOUBLES ? iface->truces - 1 : LINKS_TRUCE_DOUBLES;

	return iface->fights_us + (LINKS_TRUCE_US << doubles);
}

/* The next one that is to be judged anew; while nobody fights there is no timer. */
static void arm(struct network *network)
{
	uint64_t due_us = UINT64_MAX;

	for (const struct iface *iface = network->links->head; iface; iface = iface->next)
		if (iface->fighting && peace_at(iface) < due_us)
			due_us = peace_at(iface);
	if (due_us == UINT64_MAX) {
		sd_event_source_set_enabled(network->links->peace, SD_EVENT_OFF);
		return;
	}
	/* Without a timer it stays down, which is the safe side. */
	if (sd_event_source_set_time(network->links->peace, due_us) < 0 ||
	    sd_event_source_set_enabled(network->links->peace, SD_EVENT_ONESHOT) < 0)
		log_error("a link that was fought over stays down until another policy comes");
}

static int on_peace(sd_event_source *source, uint64_t usec, void *data)
{
	struct network *network = data;
	uint64_t now_us = clock_boottime_us();

	(void)source;
	(void)usec;
	for (struct iface *iface = network->links->head; iface; iface = iface->next) {
		if (!iface->fighting || peace_at(iface) > now_us)
			continue;
		iface->fighting = false;
		iface->fights = 0;
		iface->fights_us = now_us;
		links_judge(network, iface);
		links_carry_out(network, iface);
	}
	arm(network);
	return 0;
}

void links_make_peace(struct iface *iface)
{
	iface->fighting = false;
	iface->fights = 0;
	iface->truces = 0;
}

static void put_down(struct network *network, struct iface *iface, uint64_t now_us)
{
	char text[128];

	if (iface->truces && now_us - iface->truce_us > LINKS_TRUCE_FORGOTTEN_US)
		iface->truces = 0;
	iface->truces++;
	iface->truce_us = iface->fights_us = now_us;
	iface->fighting = true;
	links_refuse(&iface->outcome.decided.verdict, POLICY_CAUSE_UNREADY, LINKS_FIGHTING);
	snprintf(text, sizeof(text),
		 "put down for %llu s, time %u, or until another policy comes: " LINKS_FIGHTING,
		 (unsigned long long)((peace_at(iface) - now_us) / 1000000), iface->truces);
	links_report(network, iface, NET_VIOLATION_IFACE_UNKNOWN, NET_EVIDENCE_WEAK,
		     NET_REMEDY_LINK_DOWN, 0, text);
	links_carry_out(network, iface);
	arm(network);
}

bool links_fight(struct network *network, uint32_t index)
{
	struct iface *iface = links_lookup(network->links, index, -1);
	uint64_t now_us = clock_boottime_us();

	if (!iface || !iface_is_own(iface))
		return false;
	if (iface->fighting)
		return true;
	if (now_us - iface->fights_us > FIGHTS_WINDOW_US) {
		iface->fights = 0;
		iface->fights_us = now_us;
	}
	if (++iface->fights < FIGHTS_MAX)
		return false;
	put_down(network, iface, now_us);
	return true;
}

int links_fight_open(struct network *network)
{
	int r = sd_event_add_time(network->event, &network->links->peace, CLOCK_BOOTTIME, 0, 100000,
				  on_peace, network);

	return r < 0 ? r : sd_event_source_set_enabled(network->links->peace, SD_EVENT_OFF);
}
